import type { TicketState } from './state.ts'

/** Status and reason of each ticket as they are after a force command. */
export function outcomeOf(tickets: readonly TicketState[]) {
  return tickets.map(({ ticketId, status, statusReason }) => ({ ticketId, status, statusReason }))
}
