/** Who an event is about: its tickets, and all of their players. */
import type { EventPlayer, EventTicket, GameSessionInfo } from '#lib/flexmatch/events.ts'
import { isoTime } from './iso-time.ts'
import type { PlayerState } from './player-state.ts'
import type { TicketState } from './state.ts'

/** Every player is one object in both lists. Events share all of it, so nothing of it is ever changed. */
export interface Parties {
  readonly tickets: EventTicket[]
  readonly gameSessionInfo: GameSessionInfo
}

/** How a player is told. `index`: the player's in the ticket; `place`: the ticket's in the match. */
export type PlayerFacts = (ticket: TicketState, index: number, place: number) => EventPlayer

/** Backfill players have a team from the start, others only in a match. */
export const teamBeforeMatch: PlayerFacts = (ticket, index) => withTeam(ticket.players[index]!)
export const teamInMatch: PlayerFacts = (ticket, index) => withTeam(ticket.players[index]!, ticket.teams?.[index])

function withTeam({ playerId, team: own }: PlayerState, team = own): EventPlayer {
  return team === null ? { playerId } : { playerId, team }
}

export function partiesOf(tickets: readonly TicketState[], facts: PlayerFacts): Parties {
  // Loops, and no lists of lists: this is what most of an event costs.
  const listed: EventTicket[] = []
  const all: EventPlayer[] = []
  for (let place = 0; place < tickets.length; place++) {
    const ticket = tickets[place]!
    const players = playersOf(ticket, place, facts)
    for (let index = 0; index < players.length; index++) all.push(players[index]!)
    listed.push({ ticketId: ticket.ticketId, startTime: isoTime(ticket.startTimeMs), players })
  }
  return { tickets: listed, gameSessionInfo: { players: all } }
}

export function partiesOfOne(ticket: TicketState, facts: PlayerFacts): Parties {
  const players = playersOf(ticket, 0, facts)
  return {
    tickets: [{ ticketId: ticket.ticketId, startTime: isoTime(ticket.startTimeMs), players }],
    gameSessionInfo: { players },
  }
}

/** The same parties with the players of one ticket told anew; the others are shared. */
export function partiesWith(before: Parties, ticket: TicketState, place: number, facts: PlayerFacts): Parties {
  const tickets = before.tickets.slice()
  const all = before.gameSessionInfo.players.slice()
  const players = playersOf(ticket, place, facts)
  const { ticketId, startTime } = tickets[place]!
  tickets[place] = { ticketId, startTime, players }
  let first = 0
  for (let other = 0; other < place; other++) first += tickets[other]!.players.length
  for (let index = 0; index < players.length; index++) all[first + index] = players[index]!
  return { tickets, gameSessionInfo: { players: all } }
}

function playersOf(ticket: TicketState, place: number, facts: PlayerFacts): EventPlayer[] {
  const { length } = ticket.players
  // Nearly all tickets are of one player, and a list that grows takes room for many.
  if (length === 1) return [facts(ticket, 0, place)]
  const players: EventPlayer[] = []
  for (let index = 0; index < length; index++) players.push(facts(ticket, index, place))
  return players
}
