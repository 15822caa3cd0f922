/** The state's indexes: which tickets and player sessions a player has, how many tickets a configuration has active. */
import type { PartedMap } from './parted-map.ts'
import type { ConfigurationState, PlayerSessionState, State, TicketState } from './state.ts'

/** `alone`: none of its players is known to be in another active ticket, which saves looking. */
export function indexActiveTicket(
  state: State,
  configuration: ConfigurationState,
  ticket: TicketState,
  alone: boolean,
): void {
  const { activeTicketsByPlayer } = state
  configuration.active++
  for (const { playerId } of ticket.players) {
    const others = alone ? undefined : activeTicketsByPlayer.get(playerId)
    if (others !== undefined && !Array.isArray(others)) state.playersWithSeveral++
    activeTicketsByPlayer.set(playerId, others === undefined ? ticket : [others, ticket].flat())
  }
}

export function unindexActiveTicket(state: State, configuration: ConfigurationState, ticket: TicketState): void {
  configuration.active--
  for (const { playerId } of ticket.players) {
    const all = state.playersWithSeveral === 0 ? ticket : state.activeTicketsByPlayer.get(playerId)
    if (Array.isArray(all)) leaveOthers(state, playerId, all, ticket)
    else state.activeTicketsByPlayer.delete(playerId)
  }
}

function leaveOthers(state: State, playerId: string, all: readonly TicketState[], ticket: TicketState): void {
  const others = all.filter((other) => other !== ticket)
  if (others.length === 1) state.playersWithSeveral--
  state.activeTicketsByPlayer.set(playerId, others.length === 1 ? others[0]! : others)
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

function addTo(index: PartedMap<string[]>, key: string, id: string): void {
  const ids = index.get(key)
  if (ids) ids.push(id)
  else index.set(key, [id])
}

function removeFrom(index: PartedMap<string[]>, key: string, id: string): void {
  const left = index.get(key)?.filter((other) => other !== id)
  if (left?.length) index.set(key, left)
  else index.delete(key)
}
