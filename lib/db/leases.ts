/**
 * Who does what when many replicas could: a lease is a row with an end, by the clock of the database. A holder that
 * freezes or dies loses it and no connection is held meanwhile. What is done under a lease must be safe to do twice; the
 * lease only saves doing it twice.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from './pool.ts'

export interface Leases {
  /**
   * Runs `work` here whenever this process holds the lease, again and again until stopped; the signal ends it when the
   * lease is lost. Never runs it twice at once in this process.
   */
  keep(name: string, work: (signal: AbortSignal) => Promise<void>): { stop(): Promise<void> }
  /** Whether this process holds it. */
  holds(name: string): boolean
}

export interface LeaseTimes {
  /** After this long without a word of its holder, anybody may take it. */
  lastsMs: number
  /** The holder renews it, and the others ask for it, this often. */
  askEveryMs: number
}
const TIMES: LeaseTimes = { lastsMs: 10_000, askEveryMs: 3_000 }
/** Work that failed here may succeed elsewhere: it is given up, and asked for again only after a while. */
const FIRST_REST_MS = 1_000
const LAST_REST_MS = 30_000

/** `holder` is a uuid of this process. `onProblem` hears what work failed with, and why a lease could not be asked for. */
export function createLeases(
  db: Db,
  holder: string,
  onProblem: (name: string, error: unknown) => void,
  times: LeaseTimes = TIMES,
): Leases {
  const kept = new Set<string>()
  const held = new Set<string>()

  /** An answer that takes longer than a lease lasts is worth nothing. */
  async function query(sql: string, values: unknown[]): Promise<{ rowCount: number | null }> {
    const over = new AbortController()
    const late = sleep(times.lastsMs, undefined, { signal: over.signal, ref: false }).then(
      () => Promise.reject(new Error(`The database said nothing for ${times.lastsMs} ms.`)),
      () => new Promise<never>(() => {}),
    )
    try {
      return await Promise.race([db.query(sql, values), late])
    } finally {
      over.abort()
    }
  }

  /** The moment (by `performance.now`) until which the lease is ours; null when somebody else has it. */
  async function take(name: string): Promise<number | null> {
    const asked = performance.now()
    const { rowCount } = await query(
      `insert into leases (name, holder, until, epoch)
       values ($1, $2, clock_timestamp() + make_interval(secs => $3), 1)
       on conflict (name) do update set holder = excluded.holder, until = excluded.until,
         epoch = leases.epoch + (leases.holder <> excluded.holder)::int
       where leases.holder = excluded.holder or leases.until < clock_timestamp()`,
      [name, holder, times.lastsMs / 1000],
    )
    return rowCount === 1 ? asked + times.lastsMs : null
  }

  async function giveUp(name: string): Promise<void> {
    await query('update leases set until = clock_timestamp() where name = $1 and holder = $2', [name, holder])
  }

  /** Resolves once the lease is lost, or `over` says that it is not needed any more. */
  async function renewUntil(name: string, until: number, over: AbortSignal): Promise<void> {
    let end = until
    while (!over.aborted) {
      await sleep(times.askEveryMs, undefined, { signal: over, ref: false }).catch(() => {})
      // A process that was frozen finds its lease run out: another may have it already.
      if (over.aborted || performance.now() >= end) return
      const renewed = await Promise.race([
        take(name).catch((error: unknown) => {
          onProblem(name, error)
          return end
        }),
        sleep(end - performance.now(), null, { ref: false }),
      ])
      if (renewed === null) return
      end = renewed
    }
  }

  return {
    holds: (name) => held.has(name),
    keep(name, work) {
      if (kept.has(name)) throw new Error(`The lease ${JSON.stringify(name)} is kept by this process already.`)
      kept.add(name)
      const stopped = new AbortController()
      const rest = (ms: number) => sleep(ms, undefined, { signal: stopped.signal, ref: false }).catch(() => {})
      let failures = 0

      const once = async () => {
        const until = await take(name)
        if (until === null) return rest(times.askEveryMs)
        const lost = new AbortController()
        const done = new AbortController()
        held.add(name)
        const end = () => {
          held.delete(name)
          lost.abort()
        }
        stopped.signal.addEventListener('abort', end)
        const renewing = renewUntil(name, until, AbortSignal.any([stopped.signal, done.signal])).then(end)
        let failed = false
        const begun = performance.now()
        try {
          await work(lost.signal)
          failures = 0
        } catch (error) {
          failed = !lost.signal.aborted
          if (performance.now() - begun > LAST_REST_MS) failures = 0 // it had gone well for a while
          if (failed) onProblem(name, error)
        }
        done.abort()
        await renewing
        stopped.signal.removeEventListener('abort', end)
        await giveUp(name)
        if (!stopped.signal.aborted) await rest(Math.min(LAST_REST_MS, FIRST_REST_MS * 2 ** (failed ? failures++ : 0)))
      }
      const going = (async () => {
        while (!stopped.signal.aborted) {
          await once().catch((error: unknown) => {
            onProblem(name, error)
            return rest(times.askEveryMs)
          })
        }
      })()
      return {
        async stop() {
          stopped.abort()
          await going
          kept.delete(name)
        },
      }
    },
  }
}
