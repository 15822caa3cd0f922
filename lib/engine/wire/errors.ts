/** An error as a GameLift client sees it: `type` is the exception's name, `status` the HTTP status. */
export class WireError extends Error {
  readonly type: string
  readonly status: number
  constructor(type: string, message: string, status = 400) {
    super(message)
    this.name = 'WireError'
    this.type = type
    this.status = status
  }
}

/** The body or a member has the wrong form, before any rule about its value. */
export function serializationError(message: string): WireError {
  return new WireError('SerializationException', message)
}

/** Our own trouble. Clients retry it, so it is never used for a caller's mistake. */
export function internalError(message: string): WireError {
  return new WireError('InternalServiceException', message, 500)
}
