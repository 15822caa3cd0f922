/** What GameLift's answer to one call means for an item of a run. */
import type { Outcome } from '#lib/access/audit.ts'
import { toFailure } from '#lib/access/failure.ts'
import { AppError, type ErrorCode } from '#lib/flexmatch/result.ts'
import type { Settled } from './items.ts'
import type { BulkResult } from './views.ts'

export const TAKEN: Settled = {
  result: 'done',
  reason: null,
  outcome: { outcome: 'done', code: null, message: null, data: null },
}

const RESULTS: Partial<Record<ErrorCode, BulkResult>> = {
  TOO_LATE: 'too-late',
  NOT_WAITING: 'too-late',
  GONE: 'gone',
  NOT_FOUND: 'gone',
  ALREADY_FINISHED: 'already-finished',
  UNCONFIRMED: 'unknown',
  // Nothing was sent, or GameLift said that it did nothing: it is asked again.
  MATCHMAKER_UNAVAILABLE: 'waiting',
  DATABASE_UNAVAILABLE: 'waiting',
  REFUSED: 'failed',
}

/** `doubted`: an earlier try may have had its effect, so "already over" can be its own doing, and is looked at. */
export function settledBy(error: unknown, requestId: string, doubted: boolean): Settled {
  if (!(error instanceof AppError)) {
    // Not of GameLift, and not known to have been before it was asked.
    const { code, message } = toFailure(error, requestId, 'bulk')
    return { result: 'unknown', reason: message, outcome: { outcome: 'unknown', code, message, data: undefined } }
  }
  const { code, message } = error
  const result = RESULTS[code] ?? 'failed'
  const outcome = { outcome: outcomeOf(result), code, message, data: undefined }
  if (doubted && (result === 'already-finished' || result === 'too-late'))
    return { result: 'unknown', reason: message, outcome }
  return { result, reason: message, outcome }
}

function outcomeOf(result: BulkResult): Outcome['outcome'] {
  if (result === 'unknown') return 'unknown'
  return result === 'waiting' ? 'failed' : 'refused'
}
