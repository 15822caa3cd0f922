import { guardedRoute } from '#lib/access/guard.ts'
import { search as searchFor } from '#lib/tickets/search.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, ({ runtime, environment, may, search }) =>
  searchFor(runtime.db, environment.name, search.get('q') ?? '', {
    players: may('player.search'),
    lookUp: runtime.lookUpOf(environment),
  }),
)
