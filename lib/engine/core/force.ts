/** The lab's force commands: an outcome now, by the very steps that bring it about in time. */
import { type ForceCommand, type MatchReference, Refusal } from './contract.ts'
import { forceMatch } from './force-match.ts'
import { outcomeOf } from './force-outcome.ts'
import { dropUnaccepted } from './matches.ts'
import { failPlacement, timeOutPlacement } from './placement.ts'
import { timeOutTicket } from './return-to-pool.ts'
import type { MatchState, State } from './state.ts'
import { findTicket } from './ticket-operations.ts'
import type { Turn } from './turn.ts'

/** Throws Refusal before anything has changed; otherwise says what became of the tickets. */
export function force(turn: Turn, command: ForceCommand): Record<string, unknown> {
  switch (command.operation) {
    case 'ForceMatch':
      return forceMatch(turn, command.input)
    case 'ForceAcceptanceTimeout':
      return settle(turn, proposedMatch(turn.state, command.input), (match) => dropUnaccepted(turn, match, 'TimedOut'))
    case 'ForcePlacementFailure':
      return settle(turn, placedMatch(turn.state, command.input), (match) => failPlacement(turn, match))
    case 'ForcePlacementTimeout':
      return settle(turn, queuedMatch(turn.state, command.input), (match) => timeOutPlacement(turn, match))
    case 'ForceTicketTimeout':
      return forceTicketTimeout(turn, command.input.ticketId)
  }
}

function settle(turn: Turn, match: MatchState, outcome: (match: MatchState) => void): Record<string, unknown> {
  const tickets = match.ticketIds.map((ticketId) => turn.state.tickets.get(ticketId)!)
  outcome(match)
  return { matchId: match.matchId, tickets: outcomeOf(tickets) }
}

function forceTicketTimeout(turn: Turn, ticketId: string): Record<string, unknown> {
  const ticket = findTicket(turn.state, ticketId)
  if (ticket.status !== 'QUEUED' && ticket.status !== 'SEARCHING') {
    throw invalid(
      `Matchmaking ticket ${ticketId} is in ${ticket.status} status; only a ticket in QUEUED or SEARCHING can time out.`,
    )
  }
  timeOutTicket(turn, ticket)
  return { tickets: outcomeOf([ticket]) }
}

function proposedMatch(state: State, reference: MatchReference): MatchState {
  const match = findMatch(state, reference)
  if (match.placement) throw wrongStatus(match, 'PLACING', 'only a match in REQUIRES_ACCEPTANCE waits for answers')
  return match
}

function placedMatch(state: State, reference: MatchReference): MatchState {
  const match = findMatch(state, reference)
  if (!match.placement) throw wrongStatus(match, 'REQUIRES_ACCEPTANCE', 'only a match in PLACING has a placement')
  return match
}

function queuedMatch(state: State, reference: MatchReference): MatchState {
  const match = placedMatch(state, reference)
  if (match.placement?.queueName == null) {
    throw invalid(`Match ${match.matchId} fills a running game session; no queue places it, so none can time out.`)
  }
  return match
}

function findMatch(state: State, reference: MatchReference): MatchState {
  if ('matchId' in reference) {
    const match = state.matches.get(reference.matchId)
    if (!match) throw new Refusal('NotFoundException', `No match ${reference.matchId} is under way.`)
    return match
  }
  const { ticketId, matchId, status } = findTicket(state, reference.ticketId)
  const match = status === 'REQUIRES_ACCEPTANCE' || status === 'PLACING' ? state.matches.get(matchId!) : undefined
  if (!match) throw invalid(`Matchmaking ticket ${ticketId} is in ${status} status and in no match that is under way.`)
  return match
}

function wrongStatus({ matchId, ticketIds }: MatchState, status: string, why: string): Refusal {
  return invalid(`Match ${matchId} (${ticketIds.join(', ')}) is in ${status} status; ${why}.`)
}

const invalid = (message: string) => new Refusal('InvalidRequestException', message)
