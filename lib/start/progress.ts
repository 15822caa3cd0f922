/** Progress lines with the time since the command was given, which may have been in another process. */
const startedAtMs = Number(process.env.MATCHDESK_STARTED_AT_MS) || Date.now()

export function say(text: string): void {
  console.log(`[${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s] ${text}`)
}

/** A failure with a sentence for the person at the terminal; no stack is shown. */
export class StartProblem extends Error {
  override name = 'StartProblem'
}
