/** The state's indexes: which tickets and player sessions a player has, how many tickets a configuration has open. */
import type { PlayerSessionState, State, TicketState } from './state.ts'

export function indexActiveTicket(state: State, ticket: TicketState): void {
  const { activeTicketsByPlayer } = state
  for (const { playerId } of ticket.players) {
    const others = activeTicketsByPlayer.get(playerId)
    activeTicketsByPlayer.set(playerId, others === undefined ? ticket : [others, ticket].flat())
  }
  const { configurationName } = ticket
  state.activeTickets.set(configurationName, (state.activeTickets.get(configurationName) ?? 0) + 1)
}

export function unindexActiveTicket(state: State, ticket: TicketState): void {
  const { activeTicketsByPlayer } = state
  for (const { playerId } of ticket.players) {
    const all = activeTicketsByPlayer.get(playerId)
    if (all === ticket) activeTicketsByPlayer.delete(playerId)
    else if (Array.isArray(all)) activeTicketsByPlayer.set(playerId, oneOrMore(all.filter((other) => other !== ticket)))
  }
  const { configurationName } = ticket
  const left = (state.activeTickets.get(configurationName) ?? 0) - 1
  if (left > 0) state.activeTickets.set(configurationName, left)
  else state.activeTickets.delete(configurationName)
}

function oneOrMore(tickets: TicketState[]): TicketState | TicketState[] {
  return tickets.length === 1 ? tickets[0]! : tickets
}

/** The active tickets that any of these players is in, the oldest first. */
export function activeTicketsWith(state: State, players: readonly { playerId: string }[]): TicketState[] {
  let found: TicketState[] = []
  for (const { playerId } of players) {
    const tickets = state.activeTicketsByPlayer.get(playerId)
    if (tickets !== undefined) found = found.concat(tickets)
  }
  return found.length > 1 ? [...new Set(found)].sort((a, b) => a.arrival - b.arrival) : found
}

export function indexPlayerSession(state: State, session: PlayerSessionState): void {
  addTo(state.playerSessionsByPlayer, session.playerId, session.playerSessionId)
}

export function unindexPlayerSession(state: State, session: PlayerSessionState): void {
  removeFrom(state.playerSessionsByPlayer, session.playerId, session.playerSessionId)
}

function addTo(index: Map<string, string[]>, key: string, id: string): void {
  const ids = index.get(key)
  if (ids) ids.push(id)
  else index.set(key, [id])
}

function removeFrom(index: Map<string, string[]>, key: string, id: string): void {
  const left = index.get(key)?.filter((other) => other !== id)
  if (left?.length) index.set(key, left)
  else index.delete(key)
}
