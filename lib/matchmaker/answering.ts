/**
 * Whether a GameLift answers at all. Every describe tells; a question of its own is asked only while none does, by
 * whichever replica is the first to miss an answer. What one replica finds, all of them show.
 */
import type { Queryable } from '#lib/db/pool.ts'
import type { OutageView } from '#lib/tickets/views.ts'
import { readHealth, type SharedHealth } from './environment-health.ts'
import { isThrottling } from './errors.ts'
import type { Matchmaker } from './matchmaker.ts'
import { wasAsked } from './not-asked.ts'

/** Without a successful answer for this long, it is asked. */
const SILENCE_MS = 7_500
/** While it does not answer, it is asked this often. */
const ASK_AGAIN_MS = 5_000
/** While nothing changes, the others are told this often that it is still so. */
const TELL_AGAIN_MS = 4_000
/** Longer ago than this nobody looks after what was found then. */
const STALE_MS = 15_000
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
  /** What the replicas know together, read at `readAt` (epoch ms). */
  hear(shared: SharedHealth, readAt: number): void
}

/** Tells the other replicas; `error` is what an outage is known by. */
export type Tell = (outage: OutageView | null, error: unknown) => Promise<void>

/** `now` tells epoch ms. */
export function createAnswering(
  matchmaker: Matchmaker,
  { now = Date.now, tell = async () => {} }: { now?: () => number; tell?: Tell } = {},
): Answering {
  const listeners = new Set<() => void>()
  let outage: OutageView | null = null
  let answeredAt = now()
  let askedAt = Number.NEGATIVE_INFINITY
  let asking = false
  /** Of what is shown: when it was found, here or by another replica. */
  let foundAt = Number.NEGATIVE_INFINITY
  let toldAt = Number.NEGATIVE_INFINITY
  let telling = Promise.resolve()

  function set(next: OutageView | null) {
    const told = outage?.since === next?.since
    outage = next
    if (!told) for (const listener of [...listeners]) listener()
  }

  function found(next: OutageView | null, error: unknown) {
    const changes = (outage === null) !== (next === null)
    foundAt = now()
    set(next)
    if (!changes && foundAt - toldAt < TELL_AGAIN_MS) return
    toldAt = foundAt
    // One after the other, so that the last word is the newest. Without the database there is nobody to tell.
    telling = telling.then(() => tell(next, error)).catch(() => {})
  }

  async function noted<T>(question: () => Promise<T>): Promise<T> {
    const begun = now()
    try {
      const answer = await question()
      answeredAt = Math.max(answeredAt, now())
      found(null, null)
      return answer
    } catch (error) {
      if (!wasAsked(error)) throw error
      // To be asked for fewer requests is an answer.
      if (isThrottling((error as Error).cause)) {
        answeredAt = Math.max(answeredAt, now())
        found(null, null)
        throw error
      }
      // What was asked before the last good answer says nothing of now.
      if (begun >= answeredAt || outage) {
        const message = error instanceof Error ? error.message : String(error)
        // A longer wait may have begun before the question that failed first.
        const since = Math.min(begun, outage ? Date.parse(outage.since) : begun)
        found({ since: new Date(since).toISOString(), message }, error)
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
    hear(shared, readAt) {
      const at = readAt - shared.ageMs
      if (at <= foundAt || shared.ageMs > STALE_MS) return
      foundAt = at
      if (shared.outage === null) answeredAt = Math.max(answeredAt, at)
      else askedAt = Math.max(askedAt, at)
      set(shared.outage)
    },
  }
}

/** Looks after these, by environment, until the process ends. They are asked for at every look. */
export function startProbes(
  db: Queryable,
  all: () => Promise<ReadonlyMap<string, Pick<Answering, 'probe' | 'hear'>>>,
): { stop(): void } {
  async function look() {
    const readAt = Date.now()
    // What the others have found is unknown without the database; what is found here is not.
    const shared = await readHealth(db).catch(() => null)
    for (const [environment, answering] of await all()) {
      const known = shared?.get(environment)
      if (known) answering.hear(known, readAt)
      void answering.probe()
    }
  }
  // Without its list of environments there is nothing to probe; the next look asks again.
  const timer = setInterval(() => look().catch(() => {}), LOOK_EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
