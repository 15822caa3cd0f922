import { BodyRefused } from '#lib/tickets/bounded-json.ts'
import { Unavailable } from '#lib/tickets/receive.ts'
import { type Answer, STATUS } from './answers.ts'

/** EventBridge waits 5 s for an answer. */
export const ANSWER_WITHIN_MS = 3_800
/** For the bodies of channels: senders of AWS stay below 256 KiB. */
export const BODY_LIMITS = { maxBytes: 1024 * 1024, maxDepth: 32, maxReadMs: 3_000 }

/**
 * Does the work of one delivery, with an answer in time whatever happens. `onTrouble` hears what a 503 stands for. What
 * was begun goes on when the time is over: the same delivery will come again, and is then known.
 */
export async function answerDelivery(
  work: () => Promise<Answer>,
  onTrouble: (error: unknown) => void,
  withinMs = ANSWER_WITHIN_MS,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve({ is: 'out-of-time', reason: 'It took too long. Deliver it again.' }), withinMs)
  })
  try {
    const answer = await Promise.race([work(), late])
    if (STATUS[answer.is] === 503) onTrouble(new Error(answer.reason))
    return answer
  } catch (error) {
    const answer = answerTo(error)
    if (STATUS[answer.is] === 503) onTrouble(error)
    return answer
  } finally {
    clearTimeout(timer)
  }
}

/** What whatever was thrown comes to. Only what says itself that it is the sender's fault is below 500. */
export function answerTo(error: unknown): Answer {
  if (error instanceof BodyRefused) {
    if (error.again) return { is: 'cut-off', reason: error.message }
    return { is: error.status === 413 ? 'too-large' : 'unreadable', reason: error.message }
  }
  if (error instanceof Unavailable) {
    return { is: 'store-unavailable', reason: 'The event could not be stored. Deliver it again.' }
  }
  return { is: 'unexpected', reason: 'The event could not be received. Deliver it again.' }
}
