/**
 * A ticket that was started a moment ago is known to GameLift before its first event comes here: an id the index does
 * not know is worth one question. Bounded, because addresses and searches can name any id at all.
 */

/** What a ticket id can be, in GameLift's own words. */
const POSSIBLE_ID = /^[a-zA-Z0-9-.]{1,128}$/
/** How long one id is not asked about again. */
const SAME_ID_AFTER_MS = 2_000
/** Questions that may be asked at once, and how fast they come back. */
const BURST = 20
const EVERY_MS = 500
/** A page waits no longer than this; what GameLift says later is in the index all the same. */
const PATIENCE_MS = 2_500

export interface TicketLookUpOptions {
  /** Reads the ticket from GameLift into the index. */
  describe: (ticketId: string) => Promise<unknown>
  /** Hears what it failed with. */
  onProblem: (ticketId: string, error: unknown) => void
  /** Epoch ms. */
  now?: () => number
  patienceMs?: number
}

/** Resolves when it is worth looking into the index again; false when nobody was asked. Never throws. */
export type TicketLookUp = (ticketId: string) => Promise<boolean>

/** One per environment. Beside the budget that all replicas share: made-up ids must not use that up. */
export function createTicketLookUp(options: TicketLookUpOptions): TicketLookUp {
  const { describe, onProblem, now = Date.now, patienceMs = PATIENCE_MS } = options
  const asked = new Map<string, { at: number; answer: Promise<unknown> }>()
  let tokens = BURST
  let filledAt = now()

  function mayAsk(at: number): boolean {
    tokens = Math.min(BURST, tokens + Math.max(0, at - filledAt) / EVERY_MS)
    filledAt = at
    if (tokens < 1) return false
    tokens--
    return true
  }

  return async (ticketId) => {
    if (!POSSIBLE_ID.test(ticketId)) return false
    const at = now()
    for (const [id, question] of asked) if (at - question.at >= SAME_ID_AFTER_MS) asked.delete(id)
    let question = asked.get(ticketId)
    if (!question) {
      if (!mayAsk(at)) return false
      question = { at, answer: describe(ticketId).catch((error: unknown) => onProblem(ticketId, error)) }
      asked.set(ticketId, question)
    }
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, patienceMs)
    })
    await Promise.race([question.answer, patience])
    clearTimeout(timer)
    return true
  }
}
