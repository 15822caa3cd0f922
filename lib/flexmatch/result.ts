/** Every way an operation can be refused or fail, in the words screens and callers switch on. */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'NOT_SIGNED_IN'
  | 'FORBIDDEN'
  | 'CROSS_SITE'
  | 'NOT_FOUND'
  | 'GONE' // GameLift no longer knows the ticket
  | 'TOO_LATE' // the ticket is PLACING and cannot be stopped
  | 'ALREADY_FINISHED'
  | 'NOT_WAITING' // an answer for a ticket that is not in REQUIRES_ACCEPTANCE
  | 'REFUSED' // GameLift refused for another reason; the message says which
  | 'IN_PROGRESS' // the same click is being carried out already
  | 'UNCONFIRMED' // sent, but no answer came: the effect is unknown until the next describe
  | 'MATCHMAKER_UNAVAILABLE'
  | 'DATABASE_UNAVAILABLE'
  | 'INTERNAL'

const APP_ERROR = Symbol.for('matchdesk.AppError')

/** An expected failure. Inside `lib` it is thrown; `runAction` and `guardedRoute` turn it into a value or a status. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly [APP_ERROR] = true
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
  }

  /** Pages, actions and the process itself are bundled apart, each with a copy of this class: one is as good as another. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && APP_ERROR in value
  }
}

export interface ActionFailure {
  code: ErrorCode
  message: string
  requestId: string
}
export type ActionResult<T> = { success: true; data: T } | { success: false; error: ActionFailure }

/** For React Query mutations, which know success and throw only. */
export class ActionError extends Error {
  readonly code: ErrorCode
  readonly requestId: string
  constructor(error: ActionFailure) {
    super(error.message)
    this.name = 'ActionError'
    this.code = error.code
    this.requestId = error.requestId
  }
}
export function unwrap<T>(result: ActionResult<T>): T {
  if (result.success) return result.data
  throw new ActionError(result.error)
}
