import { Problem } from '#components/ui/problem.tsx'
import type { ActionError, ErrorCode } from '#lib/flexmatch/result.ts'

/** What to do about each refusal; what happened, and to which thing, is in the server's own sentence. */
const NEXT: Record<ErrorCode, string> = {
  INVALID_INPUT: 'Nothing was sent to GameLift. Correct it and try again.',
  NOT_SIGNED_IN: 'Sign in again; this page is where you come back to.',
  FORBIDDEN: 'Nothing was sent to GameLift.',
  CROSS_SITE: 'Nothing was sent to GameLift. Open Matchdesk at its own address.',
  NOT_FOUND: 'Nothing was changed. Check the id.',
  GONE: 'What was recorded of it stays here.',
  TOO_LATE: 'Wait for the game session; its players can be removed there once it is up.',
  ALREADY_FINISHED: 'Nothing was changed; the page shows how it ended.',
  NOT_WAITING: 'Nothing was changed; the page shows where it is now.',
  REFUSED: 'Nothing was changed.',
  IN_PROGRESS: 'The page shows the outcome as soon as there is one.',
  UNCONFIRMED: 'The page shows the outcome once GameLift has told it.',
  MATCHMAKER_UNAVAILABLE: 'Nothing was changed. Check that GameLift can be reached, then try again.',
  DATABASE_UNAVAILABLE: 'Try again in a moment.',
  INTERNAL: 'Try again; if it stays, look up the request id in the log.',
}

export function ActionProblem({ error, className }: { error: ActionError; className?: string }) {
  return (
    <Problem
      title={error.message}
      requestId={error.requestId || null}
      tone={error.code === 'UNCONFIRMED' || error.code === 'TOO_LATE' ? 'warning' : 'bad'}
      className={className}
    >
      {NEXT[error.code]}
    </Problem>
  )
}
