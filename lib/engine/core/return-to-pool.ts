/** A ticket's way back into the pool, and its end when it has waited too long. */
import { issueAutomaticBackfill } from './automatic-backfill.ts'
import { emitEnded, emitSearching } from './events.ts'
import { activeTicketsWith } from './indexes.ts'
import { reenterPool } from './pool.ts'
import { requestDeadlineMs } from './request-timeouts.ts'
import type { TicketState } from './state.ts'
import { finishTicket, type StatusText, setStatus, supersededText, TIMED_OUT } from './tickets.ts'
import { configurationOf, type Turn } from './turn.ts'

export function timeOutTicket(turn: Turn, ticket: TicketState): void {
  finishTicket(turn, ticket, 'TIMED_OUT', TIMED_OUT)
  emitEnded(turn, ticket, 'MatchmakingTimedOut')
  const session = ticket.gameSessionArn === null ? null : turn.state.gameSessions.get(ticket.gameSessionArn)
  if (session && ticket.kind === 'auto-backfill' && turn.state.options.autoBackfill.reissueAfterTimeout) {
    issueAutomaticBackfill(turn, session)
  }
}

/** One of its players started a newer ticket while this one was PLACING and could not be cancelled. */
function isSuperseded({ state }: Turn, { players, arrival }: TicketState): boolean {
  return activeTicketsWith(state, players).some((other) => other.arrival > arrival)
}

/**
 * Back to SEARCHING with its old start time. The request time-out did not cut the ticket off while it was in a match:
 * a ticket that is too old by now goes to TIMED_OUT at once and is not announced as searching.
 */
export function returnToPool(
  turn: Turn,
  ticket: TicketState,
  text: StatusText,
  { announce }: { announce: boolean },
): void {
  const configuration = configurationOf(turn.state, ticket.configurationName)
  if (isSuperseded(turn, ticket)) {
    finishTicket(turn, ticket, 'CANCELLED', supersededText(turn.state))
    return
  }
  if (requestDeadlineMs(configuration, ticket) <= turn.nowMs) {
    timeOutTicket(turn, ticket)
    return
  }
  setStatus(ticket, 'SEARCHING', text)
  reenterPool(turn, configuration, ticket)
  if (announce) emitSearching(turn, configuration, ticket)
}
