import { parseTicketFilter } from '#components/tickets/ticket-filter.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { ticketCounts } from '#lib/tickets/ticket-counts.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, environment, search }) => {
  return ticketCounts(runtime.db, environment.name, parseTicketFilter(search))
})
