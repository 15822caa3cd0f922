/** The state's indexes: which tickets and player sessions a player has, how many tickets a configuration has open. */
import type { PlayerSessionState, State, TicketState } from './state.ts'

export function indexActiveTicket(state: State, ticket: TicketState): void {
  for (const { playerId } of ticket.players) addTo(state.activeTicketsByPlayer, playerId, ticket.ticketId)
  const { configurationName } = ticket
  state.activeTickets.set(configurationName, (state.activeTickets.get(configurationName) ?? 0) + 1)
}

export function unindexActiveTicket(state: State, ticket: TicketState): void {
  for (const { playerId } of ticket.players) removeFrom(state.activeTicketsByPlayer, playerId, ticket.ticketId)
  const { configurationName } = ticket
  const left = (state.activeTickets.get(configurationName) ?? 0) - 1
  if (left > 0) state.activeTickets.set(configurationName, left)
  else state.activeTickets.delete(configurationName)
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
