/** The one reducer: a ticket is what its own history says, whatever order, number or path the facts came in. */
import { applyEvent } from './apply-event.ts'
import { applyDescribed, applyGone, applyOverdue } from './apply-observation.ts'
import { causeOfCancel, causeOfFailure } from './ending-cause.ts'
import type { EventFact, TicketFact } from './events.ts'
import { walkHistory } from './order-history.ts'
import type { Cause, TicketKind } from './status.ts'
import type { Ticket } from './ticket.ts'
import { blankTicket } from './ticket-life.ts'
import { ticketIn } from './tickets-in-event.ts'

/** Total: whatever the service reports has happened, so no fact is refused here. Never changes its arguments. */
export function applyFact(ticket: Ticket, fact: TicketFact): Ticket {
  switch (fact.source) {
    case 'event':
      return applyEvent(ticket, fact)
    case 'describe':
      return applyDescribed(ticket, fact)
    case 'gone':
      return applyGone(ticket, fact)
    case 'overdue':
      return applyOverdue(ticket, fact)
    default:
      return fact satisfies never
  }
}

/** The facts about one ticket, each once, in the order they happened to it. */
export function orderHistory(ticketId: string, facts: readonly TicketFact[]): TicketFact[] {
  return walkHistory(startOf(ticketId, facts), facts, applyFact).ordered
}

/** The ticket at the end of its history. */
export function projectTicket(ticketId: string, facts: readonly TicketFact[]): Ticket {
  return walkHistory(startOf(ticketId, facts), facts, applyFact).ticket
}

/** A ticket of which nothing but its kind is known yet. */
export function startOf(ticketId: string, facts: readonly TicketFact[]): Ticket {
  // Known before the first event is read: a dropped match sends a backfill ticket back to search, always.
  return blankTicket(ticketId, kindIn(ticketId, facts))
}

/** What the facts alone say of the kind. Events do not name it; a describe does, and once said it stays: a later describe can only have seen less. */
export function kindIn(ticketId: string, facts: readonly TicketFact[]): TicketKind {
  let kind: TicketKind = 'new'
  for (const fact of facts) {
    if (fact.source === 'describe' && fact.observation.ticketId === ticketId) {
      if (fact.observation.kind === 'auto-backfill') return 'auto-backfill'
      if (fact.observation.kind === 'backfill') kind = 'backfill'
    }
    if (fact.source === 'event' && (completesBackfill(ticketId, fact) || endsBackfill(ticketId, fact)))
      kind = 'backfill'
  }
  return kind
}

/** Ends that only a ticket with a game session can come to. */
const BACKFILL_ENDS: Cause[] = ['backfill-replaced', 'session-ended', 'session-unavailable']

function endsBackfill(ticketId: string, { detail }: EventFact): boolean {
  if (detail.tickets[0]?.ticketId !== ticketId) return false
  if (detail.type === 'MatchmakingFailed') return BACKFILL_ENDS.includes(causeOfFailure(detail.reason, detail.message))
  return (
    detail.type === 'MatchmakingCancelled' && BACKFILL_ENDS.includes(causeOfCancel(null, detail.reason, detail.message))
  )
}

/** On success a backfill ticket's players have no new player session, those of the tickets that joined it do. */
function completesBackfill(ticketId: string, fact: EventFact): boolean {
  if (fact.detail.type !== 'MatchmakingSucceeded' || !fact.detail.gameSessionInfo.gameSessionArn) return false
  const own = ticketIn(fact.detail, ticketId)
  const hasSession = (player: { playerSessionId?: string }) => player.playerSessionId !== undefined
  return (
    own !== undefined &&
    own.players.length > 0 &&
    !own.players.some(hasSession) &&
    fact.detail.tickets.some((ticket) => ticket !== own && ticket.players.some(hasSession))
  )
}
