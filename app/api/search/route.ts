import { guardedRoute } from '#lib/access/guard.ts'
import { searchEverywhere } from '#lib/tickets/search.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, may, search }) =>
  searchEverywhere(runtime.db, may, await runtime.environments.list(), search.get('q') ?? ''),
)
