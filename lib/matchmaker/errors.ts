/**
 * What the SDK throws, in the words of `AppError`. The error's type decides first, its text second: only
 * InvalidRequestException needs the text, because GameLift says there which status was in the way.
 */
import { AppError } from '#lib/flexmatch/result.ts'

/** What was being asked, for the message and to know whether it can have had an effect. */
export type Request =
  | { kind: 'read'; what: string }
  | { kind: 'stop' | 'accept'; ticketId: string }
  | { kind: 'start'; ticketId: string }

interface SdkError {
  name: string
  message: string
  /** Set by Node on errors of the network, for example `connect`. */
  syscall?: string
  code?: string
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean }
  $retryable?: { throttling?: boolean }
  $fault?: 'client' | 'server'
  /** Set by `credentials.ts` on what STS failed with: the request itself was never sent. */
  roleArn?: string
}

export function toAppError(thrown: unknown, request: Request): AppError {
  if (thrown instanceof AppError) return thrown
  const error = thrown as SdkError
  const cause = { cause: thrown }
  const what = spoken(request)

  if (error.roleArn !== undefined) {
    const code = error.$fault === 'client' ? 'REFUSED' : 'MATCHMAKER_UNAVAILABLE'
    return new AppError(code, `Matchdesk cannot take the role ${error.roleArn} to ${what}: ${error.message}`, cause)
  }
  if (isThrottling(error)) {
    return new AppError(
      'MATCHMAKER_UNAVAILABLE',
      `GameLift asked for fewer requests, so it did not ${what}. Nothing was changed; try again in a few seconds.`,
      cause,
    )
  }
  if (isExpired(error)) {
    return new AppError('REFUSED', `AWS does not take Matchdesk’s credentials to ${what}: ${error.message}`, cause)
  }
  switch (error.name) {
    case 'NotFoundException':
      return notFound(error, request, cause)
    case 'InvalidRequestException':
      return invalidRequest(error, request, cause)
    case 'InternalServiceException':
      return request.kind === 'read'
        ? unavailable(request, 'it had an internal error', cause)
        : unconfirmed(what, cause)
    case 'UnauthorizedException':
    case 'AccessDeniedException':
    case 'InvalidSignatureException':
      return new AppError('REFUSED', `GameLift does not let Matchdesk ${what}: ${error.message}`, cause)
  }
  if (neverSent(thrown)) return unavailable(request, 'it cannot be reached', cause)
  // A typed refusal: GameLift understood and said no.
  if (error.$fault === 'client') return new AppError('REFUSED', `GameLift refused to ${what}: ${error.message}`, cause)
  // Sent, and then silence or something unreadable: a write may have taken effect.
  return request.kind === 'read' ? unavailable(request, 'no answer came', cause) : unconfirmed(what, cause)
}

function notFound(error: SdkError, request: Request, cause: ErrorOptions): AppError {
  switch (request.kind) {
    case 'stop':
    case 'accept':
      return new AppError(
        'GONE',
        `GameLift no longer knows ${request.ticketId}. It ended a while ago, or never existed; what Matchdesk recorded of it stays.`,
        cause,
      )
    default:
      return new AppError('NOT_FOUND', `GameLift could not ${spoken(request)}: ${error.message}`, cause)
  }
}

function invalidRequest(error: SdkError, request: Request, cause: ErrorOptions): AppError {
  const status = /\b(?:is )?in (?:status )?([A-Z_]{6,})\b/.exec(error.message)?.[1]
  if (request.kind === 'stop' && status === 'PLACING') {
    return new AppError(
      'TOO_LATE',
      `Too late to cancel: ${request.ticketId} is being placed in a game session. Once the session is up, your game server can remove its players, or the session can be ended (aws gamelift terminate-game-session).`,
      cause,
    )
  }
  if (request.kind === 'stop' && status) {
    return new AppError(
      'ALREADY_FINISHED',
      `Ticket ${request.ticketId} is already ${status}; there is nothing left to cancel.`,
      cause,
    )
  }
  if (request.kind === 'accept' && (status || /REQUIRES_ACCEPTANCE|acceptance/i.test(error.message))) {
    const now = status && status !== 'REQUIRES_ACCEPTANCE' ? ` It is ${status} now.` : ''
    return new AppError(
      'NOT_WAITING',
      `Ticket ${request.ticketId} is not waiting for acceptance.${now} GameLift: ${error.message}`,
      cause,
    )
  }
  return new AppError('REFUSED', `GameLift refused to ${spoken(request)}: ${error.message}`, cause)
}

function unavailable(request: Request, why: string, cause: ErrorOptions): AppError {
  const effect = request.kind === 'read' ? '' : ' Nothing was changed.'
  return new AppError('MATCHMAKER_UNAVAILABLE', `GameLift could not ${spoken(request)}: ${why}.${effect}`, cause)
}

function unconfirmed(what: string, cause: ErrorOptions): AppError {
  return new AppError(
    'UNCONFIRMED',
    `GameLift was asked to ${what} but did not answer, so it is not known yet whether it did. The state shown updates as soon as GameLift is read again.`,
    cause,
  )
}

function spoken(request: Request): string {
  switch (request.kind) {
    case 'read':
      return request.what
    case 'stop':
      return `cancel ${request.ticketId}`
    case 'accept':
      return `take the answer for ${request.ticketId}`
    case 'start':
      return `start ${request.ticketId}`
  }
}

const EXPIRED =
  /^(ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|TokenRefreshRequired|CredentialsProviderError|TokenProviderError|InvalidIdentityToken(Exception)?)$/

/** Whether credentials that are read anew may be better. Nothing was carried out. */
export function isExpired(thrown: unknown): boolean {
  return thrown instanceof Error && EXPIRED.test(thrown.name)
}

export function isThrottling(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  const error = thrown as SdkError
  return (
    error.$retryable?.throttling === true ||
    error.$metadata?.httpStatusCode === 429 ||
    /^(Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/.test(error.name)
  )
}

/** Whether GameLift, once it was asked, said nothing that could be understood: silence, a broken line, or trouble of its own. */
export function isUnanswered(thrown: unknown): boolean {
  if (thrown instanceof AppError) return false // our own refusal to send it
  const status = (thrown as SdkError).$metadata?.httpStatusCode
  return status === undefined || status >= 500
}

/** Whether the same request may go better at once, having had no effect. A read that was met by silence would be again. */
export function maySendAgain(thrown: unknown, access: 'read' | 'write'): boolean {
  const { name, code, $metadata } = thrown as SdkError
  if (isThrottling(thrown) || $metadata?.clockSkewCorrected) return true
  // The SDK calls a connection that broke a time-out as well.
  const isBroken = code === 'ECONNRESET' || code === 'EPIPE'
  return access === 'read' && isUnanswered(thrown) && (isBroken || (name !== 'TimeoutError' && name !== 'AbortError'))
}

/** True when the request cannot have left: the name did not resolve, or no connection was made. */
function neverSent(thrown: unknown): boolean {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return thrown.errors.every(neverSent)
  const error = thrown as SdkError
  if (error.syscall === 'connect' || error.syscall === 'getaddrinfo') return true
  // The SDK's own words for a connection that was not established in time; a later time-out has other words.
  return error.name === 'TimeoutError' && /did not establish a connection/.test(error.message)
}
