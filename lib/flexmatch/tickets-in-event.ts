/**
 * What is asked of an event once for each of the up to 200 tickets it names. Looking through all of them each time makes
 * the projection of a big match cubic, so the answers are kept for as long as the event itself.
 */
import type { EventTicket, MatchmakingDetail } from './events.ts'

interface Known {
  byId: Map<string, EventTicket>
  rejected: boolean
}
const known = new WeakMap<MatchmakingDetail, Known>()

function knownOf(detail: MatchmakingDetail): Known {
  let found = known.get(detail)
  if (!found) {
    const byId = new Map<string, EventTicket>()
    for (const ticket of detail.tickets) if (!byId.has(ticket.ticketId)) byId.set(ticket.ticketId, ticket)
    const rejected = detail.tickets.some(({ players }) => players.some(({ accepted }) => accepted === false))
    found = { byId, rejected }
    known.set(detail, found)
  }
  return found
}

/** What the event says of one ticket; undefined when it does not name it. */
export function ticketIn(detail: MatchmakingDetail, ticketId: string): EventTicket | undefined {
  return knownOf(detail).byId.get(ticketId)
}

/** Whether any player, of whichever ticket, has rejected. */
export function holdsRejection(detail: MatchmakingDetail): boolean {
  return knownOf(detail).rejected
}
