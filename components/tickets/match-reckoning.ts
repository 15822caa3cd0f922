/** What follows for a ticket from the events of its match. Heavy for a browser, so pages load it by `useMatchReckoning`. */
import { type DroppedMatch, droppedMatch, newestMatch } from '#lib/flexmatch/dropped-match.ts'
import { type RejectOutcome, rejectOutcome } from '#lib/flexmatch/reject-outcome.ts'
import type { TicketView } from '#lib/tickets/views.ts'
import { eventFacts } from './raw-events.ts'

/** Who brought its newest match down; null when nobody did. */
export function droppedMatchOf({ ticketId, facts }: TicketView): DroppedMatch | null {
  return droppedMatch(ticketId, eventFacts(facts))
}

/** From the answers of the whole match, which every event about them repeats; undefined until one has come. */
export function outcomeOfRejecting(ticket: TicketView): ((ticketId: string) => RejectOutcome) | undefined {
  const match = newestMatch(eventFacts(ticket.facts))
  if (match === null || match.matchId !== ticket.matchId) return undefined
  const backfill = [ticket, ...ticket.matchTickets].filter(({ kind }) => kind !== 'new').map((row) => row.ticketId)
  return (ticketId) => rejectOutcome(match.players, ticketId, backfill)
}
