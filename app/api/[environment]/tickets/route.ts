import { parseTicketFilter } from '#components/tickets/ticket-filter.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { listTickets } from '#lib/tickets/list-tickets.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, environment, search, require }) => {
  const filter = parseTicketFilter(search)
  if (filter.playerId !== null) require('player.search')
  return listTickets(runtime.db, environment.name, filter)
})
