/** Turns whatever was thrown into what a caller may know. The one place where an unknown error is logged and hidden. */
import { type ActionFailure, AppError, type ErrorCode } from '#lib/flexmatch/result.ts'
import { logLine } from './log.ts'

const INTERNAL_SENTENCE = 'Something went wrong inside Matchdesk. The log has the details under this request id.'
const DATABASE_SENTENCE = 'Matchdesk cannot reach its database right now. Try again in a moment.'

/** `at` names the action or route, for the log. Expected failures keep their words and are not logged. */
export function toFailure(error: unknown, requestId: string, at: string): ActionFailure {
  if (error instanceof AppError) return { code: error.code, message: error.message, requestId }
  if (isDatabaseUnavailable(error)) {
    logLine({ level: 'error', message: 'The database is unavailable', requestId, in: at, error })
    return { code: 'DATABASE_UNAVAILABLE', message: DATABASE_SENTENCE, requestId }
  }
  logLine({ level: 'error', message: 'Unexpected error', requestId, in: at, error })
  return { code: 'INTERNAL', message: INTERNAL_SENTENCE, requestId }
}

const HTTP_STATUS: Record<ErrorCode, number> = {
  INVALID_INPUT: 400,
  NOT_SIGNED_IN: 401,
  FORBIDDEN: 403,
  CROSS_SITE: 421, // a GET is refused for its Host only: this server does not answer for that name
  NOT_FOUND: 404,
  GONE: 410,
  TOO_LATE: 409,
  ALREADY_FINISHED: 409,
  NOT_WAITING: 409,
  REFUSED: 409,
  IN_PROGRESS: 409,
  UNCONFIRMED: 504,
  MATCHMAKER_UNAVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
  INTERNAL: 500,
}

export function statusOf(code: ErrorCode): number {
  return HTTP_STATUS[code]
}

/** No connection, a server that is starting or stopping, or a pool that could not get a connection in time. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, syscall } = error as { code?: string; syscall?: string }
  if (code && /^(08|57P|53)/.test(code) && /^[0-9A-Z]{5}$/.test(code)) return true
  if (syscall === 'connect' || code === 'ECONNRESET' || code === 'EPIPE') return true
  return /timeout exceeded when trying to connect|Connection terminated/.test(error.message)
}
