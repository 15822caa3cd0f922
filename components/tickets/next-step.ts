import type { ErrorCode } from '#lib/flexmatch/result.ts'

/** What to do about each refusal; what happened, and to which thing, is in the server's own sentence. */
const NEXT: Record<ErrorCode, string> = {
  INVALID_INPUT: 'Nothing was sent to GameLift. Correct it and try again.',
  NOT_SIGNED_IN: 'Sign in again; this page is where you come back to.',
  FORBIDDEN: 'Nothing was sent to GameLift.',
  CROSS_SITE: 'Nothing was sent to GameLift. Open Matchdesk at its own address.',
  NOT_FOUND: 'Nothing was changed. Check the id.',
  GONE: 'What was recorded of it stays here.',
  TOO_LATE: 'The page shows where it is now.',
  ALREADY_FINISHED: 'Nothing was changed; the page shows how it ended.',
  NOT_WAITING: 'Nothing was changed; the page shows where it is now.',
  REFUSED: 'Nothing was changed.',
  IN_PROGRESS: 'The page shows the outcome as soon as there is one.',
  UNCONFIRMED: 'The page shows the outcome once GameLift has told it.',
  MATCHMAKER_UNAVAILABLE: 'Nothing was changed. Check that GameLift can be reached, then try again.',
  DATABASE_UNAVAILABLE: 'Try again in a moment.',
  INTERNAL: 'Try again; if it stays, look up the request id in the log.',
}

/** The line under the server's sentence; what that says already is not said twice. */
export function nextStep({ code, message }: { code: ErrorCode; message: string }): string {
  const next = NEXT[code]
  return message.includes('Nothing was changed') ? next.replace(/^Nothing was changed[.;] ?/, '') : next
}
