/** Time does its work: everything that is due by now, and then the matching passes. */
import { completeTermination, RETRY_PLACEMENTS } from './game-sessions.ts'
import { dropUnaccepted } from './matches.ts'
import { runPass } from './pass.ts'
import { retryPlacements, settlePlacement } from './placement.ts'
import { settleReservations } from './player-sessions.ts'
import { timeOutTicket } from './return-to-pool.ts'
import { configurationOf, type Turn } from './turn.ts'

/** Evaluations that one Tick does at most, a millisecond or so. What is due and left over is due at the next Tick. */
const TICK_WORK = 12_000
/** What a timer costs: it may end a whole match. */
const TIMER_WORK = 500

/**
 * Timers go before passes, so that no pass matches a ticket whose time is over; a pass can set timers that are due at
 * once (a placement without delay), so both are asked until neither has anything left, or the Tick has done its work.
 */
export function tick(turn: Turn): void {
  const { passes } = turn.state
  for (let left = TICK_WORK; left > 0; ) {
    if (strikeNext(turn)) {
      left -= TIMER_WORK
      continue
    }
    const pass = passes.takeDue(turn.nowMs)
    if (pass === null) return
    left -= runPass(turn, configurationOf(turn.state, pass), left)
  }
}

/** Whatever is due first: a request time-out or a timer. False when neither is. */
export function strikeNext(turn: Turn): boolean {
  const { requestTimeouts, timers } = turn.state
  const requestMs = requestTimeouts.nextMs() ?? Number.POSITIVE_INFINITY
  if (requestMs <= turn.nowMs && requestMs <= (timers.nextMs() ?? Number.POSITIVE_INFINITY)) {
    timeOutTicket(turn, requestTimeouts.next()!)
    return true
  }
  const timer = timers.takeDue(turn.nowMs)
  if (timer !== null) strike(turn, timer)
  return timer !== null
}

function strike(turn: Turn, timer: string): void {
  const { state } = turn
  if (timer === RETRY_PLACEMENTS) {
    retryPlacements(turn)
    return
  }
  const colon = timer.indexOf(':')
  const kind = timer.slice(0, colon)
  const id = timer.slice(colon + 1)
  if (kind === 'ticket') {
    timeOutTicket(turn, state.tickets.get(id)!)
  } else if (kind === 'match') {
    const match = state.matches.get(id)!
    if (match.placement) settlePlacement(turn, match)
    else dropUnaccepted(turn, match, 'TimedOut')
  } else {
    const session = state.gameSessions.get(id)!
    if (session.terminateAtMs === null) settleReservations(turn, session)
    else completeTermination(turn, session)
  }
}
