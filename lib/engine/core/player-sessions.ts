/** Player sessions of a game session: reserved at the match, then joined, expired, or ended with the game. */

import { indexPlayerSession } from './indexes.ts'
import type { GameSessionState, PlayerSessionState } from './state.ts'
import type { Turn } from './turn.ts'

const RESERVATION_MS = 60_000

/** One timer per game session: its earliest reservation, or the end of its termination. */
export function sessionTimer(arn: string): string {
  return `session:${arn}`
}

/** Reserves a place for a matched player. Returns the player session id. */
export function reservePlayer(turn: Turn, session: GameSessionState, playerId: string): string {
  const { state, nowMs } = turn
  const { players, joinAfterMs } = state.options.gameSession
  const joins = players === 'join' && joinAfterMs < RESERVATION_MS
  const reserved: PlayerSessionState = {
    playerSessionId: `psess-${turn.newId()}`,
    ordinal: state.counters.playerSession++,
    playerId,
    gameSessionArn: session.arn,
    createdMs: nowMs,
    terminatedMs: null,
    status: 'RESERVED',
    dueMs: nowMs + (joins ? joinAfterMs : RESERVATION_MS),
    joins,
  }
  state.playerSessions.set(reserved.playerSessionId, reserved)
  indexPlayerSession(state, reserved)
  session.playerSessionIds.push(reserved.playerSessionId)
  session.currentPlayers++
  scheduleAt(turn, session, reserved.dueMs)
  return reserved.playerSessionId
}

function scheduleAt({ state }: Turn, session: GameSessionState, atMs: number): void {
  const key = sessionTimer(session.arn)
  const present = state.timers.get(key)
  if (present === null || atMs < present) state.timers.set(key, atMs)
}

/** Lets reservations that are due join or expire, and sets the session's timer to the next one. */
export function settleReservations(turn: Turn, session: GameSessionState): void {
  for (const player of openPlayerSessions(turn, session)) {
    if (player.status !== 'RESERVED') continue
    if (player.dueMs > turn.nowMs) scheduleAt(turn, session, player.dueMs)
    else if (player.joins) player.status = 'ACTIVE'
    else end(turn, session, player, 'TIMEDOUT')
  }
}

/** Ends the player sessions of everyone whom `stays` does not keep. */
export function endPlayerSessions(turn: Turn, session: GameSessionState, stays: (playerId: string) => boolean): void {
  for (const player of openPlayerSessions(turn, session)) {
    if (!stays(player.playerId)) end(turn, session, player, 'COMPLETED')
  }
}

function end(
  turn: Turn,
  session: GameSessionState,
  player: PlayerSessionState,
  status: 'COMPLETED' | 'TIMEDOUT',
): void {
  player.status = status
  player.terminatedMs = turn.nowMs
  session.currentPlayers--
}

function openPlayerSessions({ state }: Turn, session: GameSessionState): PlayerSessionState[] {
  return session.playerSessionIds
    .map((playerSessionId) => state.playerSessions.get(playerSessionId)!)
    .filter(({ status }) => status === 'RESERVED' || status === 'ACTIVE')
}
