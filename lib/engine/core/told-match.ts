/** What events tell of a match, made once and kept as long as the match lasts: its tickets and teams never change. */
import { type Parties, type PlayerFacts, partiesOf, partiesWith, teamInMatch } from './parties.ts'
import type { MatchState, State, TicketState } from './state.ts'

export interface ToldMatch {
  readonly tickets: readonly TicketState[]
  /** Made when they are told of for the first time. */
  parties: Parties | null
  /** The same with the answers so far. */
  answered: Parties | null
}

export function toldOf(tickets: readonly TicketState[]): ToldMatch {
  return { tickets, parties: null, answered: null }
}

function tell(state: State, match: MatchState): ToldMatch {
  match.told ??= toldOf(match.ticketIds.map((ticketId) => state.tickets.get(ticketId)!))
  return match.told
}

export function matchTickets(state: State, match: MatchState): readonly TicketState[] {
  return tell(state, match).tickets
}

export function matchParties(state: State, match: MatchState): Parties {
  const told = tell(state, match)
  told.parties ??= partiesOf(told.tickets, teamInMatch)
  return told.parties
}

/** Everybody's standing answer, after an answer to the ticket in that place of the match. */
export function answeredParties(state: State, match: MatchState, place: number): Parties {
  const told = tell(state, match)
  const facts: PlayerFacts = (ticket, index, at) => {
    const player = teamInMatch(ticket, index, at)
    const answer = match.answers[at]?.[index] ?? null
    if (answer !== null) player.accepted = answer
    return player
  }
  told.answered =
    told.answered === null
      ? partiesOf(told.tickets, facts)
      : partiesWith(told.answered, told.tickets[place]!, place, facts)
  return told.answered
}
