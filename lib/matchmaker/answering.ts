/** Whether a GameLift answers at all. Every describe tells; a question of its own is asked only while none does. */
import type { OutageView } from '#lib/tickets/views.ts'
import type { Matchmaker } from './matchmaker.ts'

/** Without a successful answer for this long, it is asked. */
const SILENCE_MS = 10_000
/** While it does not answer, it is asked this often. */
const ASK_AGAIN_MS = 5_000
const LOOK_EVERY_MS = 1_000

export interface Answering {
  /** null while it answers. */
  outage(): OutageView | null
  /** Hears of the beginning and the end of an outage. Returns how to stop hearing. */
  watch(listener: () => void): () => void
  /** Same as given, with every describe of tickets noted. */
  matchmaker: Matchmaker
  /** Asks when it is time to; resolves when there is an answer or none. Never throws. */
  probe(): Promise<void>
}

/** `now` tells epoch ms. */
export function createAnswering(matchmaker: Matchmaker, now: () => number = Date.now): Answering {
  const listeners = new Set<() => void>()
  let outage: OutageView | null = null
  let answeredAt = now()
  let askedAt = Number.NEGATIVE_INFINITY
  let asking = false

  function set(next: OutageView | null) {
    const told = outage?.since === next?.since
    outage = next
    if (!told) for (const listener of [...listeners]) listener()
  }

  async function noted<T>(question: () => Promise<T>): Promise<T> {
    const begun = now()
    try {
      const answer = await question()
      answeredAt = Math.max(answeredAt, now())
      set(null)
      return answer
    } catch (error) {
      // What was asked before the last good answer says nothing of now.
      if (begun >= answeredAt || outage) {
        const message = error instanceof Error ? error.message : String(error)
        // A longer wait may have begun before the question that failed first.
        const since = Math.min(begun, outage ? Date.parse(outage.since) : begun)
        set({ since: new Date(since).toISOString(), message })
      }
      throw error
    }
  }

  return {
    outage: () => outage,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    matchmaker: {
      ...matchmaker,
      describeTickets: (ticketIds) =>
        ticketIds.length === 0 ? Promise.resolve([]) : noted(() => matchmaker.describeTickets(ticketIds)),
    },
    async probe() {
      const at = now()
      if (asking || at - answeredAt < SILENCE_MS || at - askedAt < ASK_AGAIN_MS) return
      asking = true
      askedAt = at
      await noted(() => matchmaker.probe()).catch(() => {
        // Kept as the outage; whoever needed an answer for something else has logged it.
      })
      asking = false
    },
  }
}

/** Looks after these until the process ends. Environments are asked for at every look. */
export function startProbes(all: () => Promise<readonly Pick<Answering, 'probe'>[]>): { stop(): void } {
  const timer = setInterval(() => {
    // Without its list of environments there is nothing to probe; the next look asks again.
    all().then(
      (each) => each.map((answering) => answering.probe()),
      () => {},
    )
  }, LOOK_EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
