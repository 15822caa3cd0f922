import type { BulkAction, BulkCounts, BulkResult, BulkRunRow, BulkRunView, BulkState } from '#lib/bulk/views.ts'

export const STATE_WORDS: Record<BulkState, string> = {
  previewed: 'Previewed',
  running: 'Running',
  paused: 'Paused',
  aborted: 'Aborted',
  finished: 'Finished',
}

/** A result, as what was asked for makes it. */
export function resultWords(action: BulkAction, result: BulkResult): string {
  switch (result) {
    case 'waiting':
      return 'Not asked yet'
    case 'asking':
      return action === 'cancel' ? 'Stopping' : 'Answering'
    case 'done':
      return action === 'cancel' ? 'Stopped' : action === 'accept' ? 'Accepted' : 'Rejected'
    case 'too-late':
      return action === 'cancel' ? 'Too late' : 'Not waiting'
    case 'gone':
      return 'Gone'
    case 'already-finished':
      return 'Already finished'
    case 'unknown':
      return 'Unknown'
    case 'failed':
      return 'Failed'
    default:
      return result satisfies never
  }
}

/** What a result means for the ticket, for who hovers it. */
export const RESULT_LINES: Record<BulkResult, string> = {
  waiting: 'GameLift has not been asked.',
  asking: 'GameLift is being asked.',
  done: 'GameLift took it. An event or a describe confirms it on the ticket.',
  'too-late': 'The ticket had moved on and could not be acted upon.',
  gone: 'GameLift no longer knows the ticket.',
  'already-finished': 'The ticket was over before.',
  unknown: 'Asked, and no answer came. A describe tells within a minute.',
  failed: 'GameLift refused; the reason stands beside it.',
}

const VERBS: Record<BulkAction, string> = { cancel: 'Cancel', accept: 'Accept', reject: 'Reject' }
export const verbOf = (action: BulkAction): string => VERBS[action]

/** Verb and object: "Cancel 60 tickets", "Accept for 4 tickets". */
export function bulkTitle(action: BulkAction, count: number): string {
  const tickets = count === 1 ? '1 ticket' : `${count} tickets`
  return action === 'cancel' ? `Cancel ${tickets}` : `${VERBS[action]} for ${tickets}`
}

/** What happens to the players. */
export function whatHappens(action: BulkAction): string {
  switch (action) {
    case 'cancel':
      return 'Their players stop searching. Proposed matches they are in are dropped; the other tickets of those search again.'
    case 'accept':
      return 'Every missing answer in the matches of these tickets is given for the player: accepted.'
    case 'reject':
      return 'Every missing answer in the matches of these tickets is given for the player: rejected. The matches are dropped.'
    default:
      return action satisfies never
  }
}

export function settledOf(counts: BulkCounts): number {
  return counts.done + counts['too-late'] + counts.gone + counts['already-finished'] + counts.failed
}
/** What a run that is over has not done, and another can try. */
export function leftOf({ state, counts }: Pick<BulkRunRow, 'state' | 'counts'>): number {
  return counts.failed + counts.unknown + (state === 'aborted' ? counts.waiting : 0)
}

/** Where the run stands and what to press next, in one or two sentences. */
export function nextSentence(run: BulkRunView): string {
  const { state, counts, total } = run
  const left = leftOf(run)
  const rest = `${counts.waiting} of ${total} have not been asked`
  switch (state) {
    case 'previewed':
      return 'Nobody has confirmed it.'
    case 'running':
      if (run.problem) return `It waits and goes on by itself: ${run.problem.text}`
      if (counts.waiting > 0) return `${rest}. Pause to look, or abort to leave them as they are.`
      return 'Everybody has been asked; what is still unknown is looked at now.'
    case 'paused':
      return run.problem
        ? `Paused: ${run.problem.text} ${rest}. Look into that, then resume, or abort.`
        : `${rest}. Resume to go on, or abort to leave them as they are.`
    case 'aborted':
      if (run.retriedBy) return 'What it left is tried again by a newer run.'
      return left > 0
        ? `${rest} and stay as they are. To go on with those, try again what is left.`
        : `Aborted; nothing is left.`
    case 'finished':
      if (left === 0) return 'Nothing is left to do.'
      if (run.retriedBy) return 'What failed is tried again by a newer run.'
      return `${left} failed. Look at the first reasons below, then try again what failed.`
    default:
      return state satisfies never
  }
}
