import { ActionError } from '#lib/flexmatch/result.ts'

/** A session that ended in the middle of work: the page that explains it, and the way back to here afterwards. */
export function leaveWhenSignedOut(error: unknown): void {
  if (error instanceof ActionError && error.code === 'NOT_SIGNED_IN') window.location.reload()
}
