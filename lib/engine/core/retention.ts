/** What is finished is kept for 30 days and up to a number; the oldest goes first. */
import { unindexPlayerSession } from './indexes.ts'
import type { State } from './state.ts'

const KEEP_MS = 30 * 86_400_000
/** No new ticket has more. A backfill lists everyone in its session, and one session can go through many of them. */
const PLAYERS_PER_TICKET = 10

export function evictOld(state: State, nowMs: number): void {
  const { finishedTickets, endedGameSessions, options } = state
  while (finishedTickets.size > 0) {
    const { ticketId, endTimeMs, players } = finishedTickets.first()!
    const most = options.limits.finishedTickets
    const fit = finishedTickets.size <= most && state.finishedPlayers <= most * PLAYERS_PER_TICKET
    if (fit && endTimeMs! >= nowMs - KEEP_MS) break
    finishedTickets.take()
    state.finishedPlayers -= players.length
    state.tickets.delete(ticketId)
  }
  while (endedGameSessions.size > 0) {
    const arn = endedGameSessions.first()!
    const session = state.gameSessions.get(arn)!
    if (endedGameSessions.size <= options.limits.endedGameSessions && session.terminatedMs! >= nowMs - KEEP_MS) break
    // A match may still be filling it: it finds the session closed and fails, which needs the record.
    if (session.backfillTicketIds.length > 0) break
    endedGameSessions.take()
    state.gameSessions.delete(arn)
    for (const playerSessionId of session.playerSessionIds) {
      const player = state.playerSessions.get(playerSessionId)!
      state.playerSessions.delete(playerSessionId)
      unindexPlayerSession(state, player)
    }
  }
}
