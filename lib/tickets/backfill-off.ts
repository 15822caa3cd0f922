/**
 * Turns automatic backfill off for one game session. FlexMatch does that when the newest automatic backfill ticket is
 * stopped, and it renews the ticket whenever one ends, so the id is read from the session itself, stopped, and read
 * again until none is live. A stored id would be stale.
 */

import { AppError } from '#lib/flexmatch/result.ts'
import { isFinal, type TicketStatus } from '#lib/flexmatch/status.ts'
import type { Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import { type MatchmakerData, parseMatchmakerData } from '#lib/matchmaker/matchmaker-data.ts'
import type { BackfillOffOutcome } from './inputs.ts'

export interface BackfillOffDeps {
  matchmaker: Pick<Matchmaker, 'describeGameSession' | 'describeTickets'>
  /** Stops one ticket, audited before it happens. Throws what `Matchmaker.stop` throws. */
  stop(ticketId: string): Promise<void>
  sleep: (ms: number) => Promise<void>
  /** Monotonic ms. */
  now: () => number
}

const MAX_STOPS = 10
/** A ticket renewed at the very moment of the stop shows up within this time. */
const SETTLE_MS = 700
const POLL_MS = 300
/** How long one ticket may stay in PLACING, or open after it was stopped, before the operator is told to come back. */
const PATIENCE_MS = 8_000

interface Look {
  data: MatchmakerData
  /** The automatic backfill ticket that still occupies the session; null when none does. */
  live: { ticketId: string; status: TicketStatus | 'UNKNOWN' } | null
}

/** Resolves only when no automatic backfill ticket is live, twice in a row. */
export async function turnOffBackfill(gameSessionArn: string, deps: BackfillOffDeps): Promise<BackfillOffOutcome> {
  const { matchmaker, sleep, now } = deps
  const stopped: string[] = []
  const fates = new Map<string, 'stopped' | 'ended' | 'unknown'>()
  let checks = 0
  let deadline = now() + PATIENCE_MS

  async function look(): Promise<Look> {
    checks++
    const session = await matchmaker.describeGameSession(gameSessionArn)
    if (!session) throw new AppError('NOT_FOUND', `GameLift does not know the game session ${gameSessionArn}.`)
    const data = parseMatchmakerData(session.matchmakerData, gameSessionArn)
    const ticketId = data.autoBackfillTicketId
    if (!ticketId || fates.get(ticketId) === 'ended') return { data, live: null }
    const [ticket] = await matchmaker.describeTickets([ticketId])
    // An id that describe does not know yet is not proof of anything: only the stop's own answer is.
    const status = ticket?.observation.status ?? 'UNKNOWN'
    return { data, live: status !== 'UNKNOWN' && isFinal(status) ? null : { ticketId, status } }
  }

  for (;;) {
    let { data, live } = await look()
    if (!live) {
      await sleep(SETTLE_MS)
      ;({ data, live } = await look())
    }
    if (!live) {
      await addThoseThatDidStop(matchmaker, fates, stopped)
      const { autoBackfillMode, autoBackfillTicketId } = data
      return { stoppedTicketIds: stopped, checks, autoBackfillMode, autoBackfillTicketId }
    }
    const { ticketId, status } = live
    if (status === 'PLACING' || fates.has(ticketId)) {
      if (now() > deadline) throw stillThere(ticketId, status, stopped)
      await sleep(POLL_MS)
      continue
    }
    if (stopped.length >= MAX_STOPS) throw keepsComing(stopped)
    const fate = await stopOne(ticketId, deps)
    if (fate === 'placing') continue // it got there first; the next look says so
    fates.set(ticketId, fate)
    if (fate === 'stopped') stopped.push(ticketId)
    deadline = now() + PATIENCE_MS
  }
}

async function stopOne(ticketId: string, deps: BackfillOffDeps): Promise<'stopped' | 'placing' | 'ended' | 'unknown'> {
  try {
    await deps.stop(ticketId)
    return 'stopped'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    switch (error.code) {
      case 'TOO_LATE':
        return 'placing'
      case 'ALREADY_FINISHED':
      case 'GONE':
        return 'ended'
      case 'UNCONFIRMED':
        return 'unknown'
      default:
        throw error
    }
  }
}

/** A stop whose answer was lost counts once the ticket is seen CANCELLED. */
async function addThoseThatDidStop(
  matchmaker: Pick<Matchmaker, 'describeTickets'>,
  fates: ReadonlyMap<string, string>,
  stopped: string[],
): Promise<void> {
  const unknown = [...fates].filter(([, fate]) => fate === 'unknown').map(([ticketId]) => ticketId)
  for (const { observation } of await matchmaker.describeTickets(unknown.slice(0, 10))) {
    if (observation.status === 'CANCELLED') stopped.push(observation.ticketId)
  }
}

function keepsComing(stopped: string[]): AppError {
  return new AppError(
    'REFUSED',
    `Automatic backfill is still on: ${stopped.length} tickets were stopped and a new one appeared each time (${stopped.join(', ')}). Something else starts them; look at the session's game server.`,
  )
}

function stillThere(ticketId: string, status: string, stopped: string[]): AppError {
  const before = stopped.length > 0 ? ` Stopped before it: ${stopped.join(', ')}.` : ''
  if (status === 'PLACING') {
    return new AppError(
      'TOO_LATE',
      `Automatic backfill is still on: its ticket ${ticketId} is being placed and cannot be stopped now. Try again in a few seconds, when it has completed or been renewed.${before}`,
    )
  }
  return new AppError(
    'UNCONFIRMED',
    `It is not known yet whether automatic backfill is off: ticket ${ticketId} was asked to stop and still shows as open. Try again in a few seconds.${before}`,
  )
}
