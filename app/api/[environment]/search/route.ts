import { guardedRoute } from '#lib/access/guard.ts'
import { search as searchFor } from '#lib/tickets/search.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, environment, search, require }) => {
  const result = await searchFor(runtime.db, environment.name, search.get('q') ?? '')
  if (result.found && result.kind === 'player') require('player.search')
  return result
})
