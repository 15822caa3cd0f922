/** From the service's own reason and message to our closed list of causes. The texts are matched loosely: they vary. */
import type { Cause } from './status.ts'
import type { Ticket } from './ticket.ts'

/** Why a ticket is CANCELLED. A ticket whose match was dropped just before keeps the cause found then. */
export function causeOfCancel(
  before: Pick<Ticket, 'status' | 'presumed' | 'cause'> | null,
  reason: string | null | undefined,
  message: string | null | undefined,
): Cause {
  const said = `${reason ?? ''} ${message ?? ''}`
  if (/duplicate player/i.test(said)) return 'superseded'
  if (/newer backfill/i.test(said)) return 'backfill-replaced'
  if (/session (has |was )?(ended|terminated)/i.test(said)) return 'session-ended'
  if (/accept.{0,12}timed ?out|not accepted in time/i.test(said)) return 'not-answered'
  if (/\brejected\b/i.test(said)) return before?.cause === 'not-answered' ? 'not-answered' : 'rejected'
  if (
    before?.status === 'CANCELLED' &&
    before.presumed &&
    (before.cause === 'rejected' || before.cause === 'not-answered')
  )
    return before.cause
  return /cancel/i.test(said) ? 'stopped' : 'unknown'
}

/** Why a ticket FAILED. */
export function causeOfFailure(reason: string | null | undefined, message: string | null | undefined): Cause {
  const said = `${reason ?? ''} ${message ?? ''}`
  if (/game session .*not found|accept new player sessions/i.test(said)) return 'session-unavailable'
  return said.trim() === '' ? 'unknown' : 'placement-failed'
}

/** Why a describe finds a ticket in search that we knew in a match. */
export function causeOfReturn(from: Ticket['status'], reason: string | null, message: string | null): Cause {
  const said = `${reason ?? ''} ${message ?? ''}`
  if (/accept/i.test(said)) return 'returned-not-accepted'
  if (/placement|placing/i.test(said)) return 'returned-placement'
  return from === 'PLACING' ? 'returned-placement' : 'returned-not-accepted'
}
