/** Cancelling active tickets from outside a match: stopped, superseded, replaced, or their session ended. */
import { emitEnded } from './events.ts'
import { activeTicketsWith } from './indexes.ts'
import { dropWithout } from './matches.ts'
import type { PlayerState } from './player-state.ts'
import type { GameSessionState, TicketState } from './state.ts'
import { BACKFILL_REPLACED, finishTicket, SESSION_ENDED, type StatusText, supersededText } from './tickets.ts'
import type { Turn } from './turn.ts'

/**
 * Cancels active tickets and drops the matches they wait in; tickets that are PLACING are left alone. All are cancelled
 * before any match is dropped, so that none of them is sent back to the pool for a moment.
 */
export function cancelTickets(
  turn: Turn,
  tickets: TicketState[],
  text: StatusText,
  { announce }: { announce: boolean },
): void {
  const proposed = new Set<string>()
  for (const ticket of tickets) {
    if (ticket.status === 'PLACING') continue
    if (ticket.status === 'REQUIRES_ACCEPTANCE') proposed.add(ticket.matchId!)
    finishTicket(turn, ticket, 'CANCELLED', text)
    if (announce) emitEnded(turn, ticket, 'MatchmakingCancelled')
  }
  for (const matchId of proposed) dropWithout(turn, turn.state.matches.get(matchId)!)
}

/** A player can be in one active ticket: the newest one. Silent, as the service is. Returns whether there was none. */
export function cancelSuperseded(turn: Turn, players: PlayerState[]): boolean {
  const older = activeTicketsWith(turn.state, players)
  if (older.length === 0) return true
  cancelTickets(turn, older, supersededText(turn.state), { announce: false })
  return false
}

/** A session has one backfill ticket in force: the newest. */
export function cancelReplacedBackfill(turn: Turn, session: GameSessionState): void {
  cancelTickets(turn, backfillTickets(turn, session), BACKFILL_REPLACED, { announce: false })
}

export function cancelBackfillOfEndedSession(turn: Turn, session: GameSessionState): void {
  cancelTickets(turn, backfillTickets(turn, session), SESSION_ENDED, { announce: true })
}

function backfillTickets(turn: Turn, session: GameSessionState): TicketState[] {
  return session.backfillTicketIds.map((ticketId) => turn.state.tickets.get(ticketId)!)
}
