/**
 * Whether facts are the expected next steps of a ticket, so that nothing can be missing before them. Quick and wary: where
 * it says no, the whole history tells (`missingEvents`).
 */
import { isSettled } from './apply-event.ts'
import type { MatchmakingDetail, TicketFact } from './events.ts'
import { walkHistory } from './order-history.ts'
import { applyFact } from './project-ticket.ts'
import { isFinal } from './status.ts'
import type { Ticket } from './ticket.ts'
import { blankTicket } from './ticket-life.ts'
import { ticketIn } from './tickets-in-event.ts'

/** `before`: the ticket as it was, null when these are its first facts. */
export function followsOn(ticketId: string, before: Ticket | null, fresh: readonly TicketFact[]): boolean {
  let ticket = before ?? blankTicket(ticketId, 'new')
  const ordered = fresh.length === 1 ? fresh : walkHistory(ticket, fresh, applyFact).ordered
  for (const fact of ordered) {
    if (!isExpected(ticket, fact)) return false
    ticket = applyFact(ticket, fact)
  }
  return true
}

function isExpected(ticket: Ticket, fact: TicketFact): boolean {
  if (fact.source === 'describe') return !isFinal(fact.observation.status) || isSettled(ticket)
  if (fact.source !== 'event') return true
  const { detail } = fact
  const inMatch = 'matchId' in detail && ticket.proposal?.matchId === detail.matchId && !ticket.proposal?.dropped
  const waitsForAnswers = inMatch && ticket.status === 'REQUIRES_ACCEPTANCE'
  const searches = ticket.status === 'SEARCHING' && !ticket.presumed
  switch (detail.type) {
    case 'MatchmakingSearching':
      return ticket.status !== 'REQUIRES_ACCEPTANCE'
    case 'PotentialMatchCreated':
      return searches
    case 'AcceptMatch':
      return waitsForAnswers
    case 'AcceptMatchCompleted':
      return waitsForAnswers && (detail.acceptance !== 'Accepted' || hasAnswered(ticket, detail))
    case 'MatchmakingSucceeded':
      return inMatch && ticket.status === 'PLACING'
    case 'MatchmakingFailed':
      return inMatch ? ticket.status === 'PLACING' : !namesMatch(detail) && searches
    case 'MatchmakingTimedOut':
    case 'MatchmakingCancelled':
      return searches
    default:
      return detail satisfies never
  }
}

/** Players of a backfill ticket need not. */
function hasAnswered(ticket: Ticket, detail: MatchmakingDetail): boolean {
  if (ticket.kind !== 'new') return true
  const own = ticketIn(detail, ticket.ticketId)?.players ?? []
  return own.every(({ playerId }) =>
    ticket.players.some((player) => player.playerId === playerId && player.answer !== null),
  )
}

function namesMatch(detail: MatchmakingDetail): boolean {
  return 'matchId' in detail && Boolean(detail.matchId)
}
