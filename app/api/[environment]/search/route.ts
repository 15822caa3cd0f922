import { guardedRoute } from '#lib/access/guard.ts'
import { can } from '#lib/access/roles.ts'
import { search as searchFor } from '#lib/tickets/search.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, ({ runtime, environment, person, search }) => {
  const players = can(person.role, 'player.search', environment.protection)
  return searchFor(runtime.db, environment.name, search.get('q') ?? '', {
    players,
    lookUp: runtime.lookUpOf(environment),
  })
})
