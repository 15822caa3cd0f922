/** Failures before anything was sent: they say nothing of GameLift, and nothing can have had an effect. */
import { AppError, type ErrorCode } from '#lib/flexmatch/result.ts'

/** By a symbol of the process: pages, actions and the process itself are bundled apart. */
const NOT_ASKED = Symbol.for('matchdesk.notAsked')

export function notAsked(code: ErrorCode, message: string, cause?: unknown): AppError {
  return Object.assign(new AppError(code, message, { cause }), { [NOT_ASKED]: true })
}

/** Whether GameLift can have heard of what failed with this. */
export function wasAsked(error: unknown): boolean {
  return !(typeof error === 'object' && error !== null && NOT_ASKED in error)
}
