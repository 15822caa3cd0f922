import { guardedRoute } from '#lib/access/guard.ts'
import { listMatches } from '#lib/tickets/list-matches.ts'

export const GET = guardedRoute({ action: 'match.view' }, ({ runtime, environment, search }) =>
  listMatches(runtime.db, environment.name, search.get('cursor')),
)
