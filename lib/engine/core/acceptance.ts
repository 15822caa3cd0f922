/** AcceptMatch: a player's answer to a proposed match. */
import { Refusal } from './contract.ts'
import { emitAcceptMatch } from './events.ts'
import { answersDueMs, completeAcceptance, dropUnaccepted, isAccepted } from './matches.ts'
import { findTicket } from './ticket-operations.ts'
import { matchTickets } from './told-match.ts'
import type { Turn } from './turn.ts'

interface AcceptInput {
  TicketId: string
  PlayerIds: string[]
  AcceptanceType: 'ACCEPT' | 'REJECT'
}

/** Records the answer of some players of one ticket; the last missing one, or the first rejection, decides the match. */
export function acceptMatch(turn: Turn, { TicketId, PlayerIds, AcceptanceType }: AcceptInput) {
  const ticket = findTicket(turn.state, TicketId)
  if (ticket.status !== 'REQUIRES_ACCEPTANCE') {
    throw invalid(`Matchmaking ticket is in ${ticket.status} status and cannot be accepted or rejected.`)
  }
  if (ticket.kind !== 'new') {
    throw invalid(`Matchmaking ticket ${TicketId} is a backfill request; its players do not have to accept.`)
  }
  if (PlayerIds.length === 0) throw invalid('PlayerIds must name at least one player.')
  const indexes = PlayerIds.map((playerId) => {
    const index = ticket.players.findIndex((player) => player.playerId === playerId)
    if (index < 0) throw invalid(`Player ${playerId} is not in matchmaking ticket ${TicketId}.`)
    return index
  })

  const match = turn.state.matches.get(ticket.matchId!)!
  // Nothing may have struck yet, but an answer that is late does not count because a Tick is late too.
  if (turn.nowMs >= answersDueMs(turn.state, match)) {
    throw invalid(`The time to accept the proposed match of matchmaking ticket ${TicketId} is over.`)
  }
  const place = matchTickets(turn.state, match).indexOf(ticket)
  const answers = match.answers[place]!
  for (const index of indexes) answers[index] = AcceptanceType === 'ACCEPT'
  emitAcceptMatch(turn, match, place)
  if (AcceptanceType === 'REJECT') dropUnaccepted(turn, match, 'Rejected')
  else if (isAccepted(turn, match)) completeAcceptance(turn, match)
  return {}
}

function invalid(message: string): Refusal {
  return new Refusal('InvalidRequestException', message)
}
