/** The days that facts are kept by: each gets its tables before its first fact comes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Leases } from './leases.ts'
import { type Db, inTransaction } from './pool.ts'

const DAYS_AHEAD = 3
const EVERY_MS = 60 * 60_000
const RETRY_MS = 60_000

/**
 * Makes what is missing of today's partitions and those of the next three days. Gives up at once where somebody is at
 * the default partition: it must be locked, and whoever writes must not wait for that.
 */
export async function keepPartitions(db: Db, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    // What waits in the default partition moves over, however much it is.
    await tx.query('set local statement_timeout = 0')
    // Less than PostgreSQL waits before it looks for deadlocks: it must be us who gives way.
    await tx.query(`set local lock_timeout = '500ms'`)
    await tx.query('select make_partitions($1, $2)', [now.toISOString().slice(0, 10), DAYS_AHEAD + 1])
  })
}

/** On one replica at a time, once an hour. `onProblem` hears why it did not succeed; it is tried again. */
export function startKeepingPartitions(
  db: Db,
  leases: Leases,
  onProblem: (error: unknown) => void,
): { stop(): Promise<void> } {
  return leases.keep('partitions', async (signal) => {
    while (!signal.aborted) {
      const made = await keepPartitions(db, new Date()).then(
        () => true,
        (error: unknown) => {
          onProblem(error)
          return false
        },
      )
      await sleep(made ? EVERY_MS : RETRY_MS, undefined, { signal, ref: false }).catch(() => {})
    }
  })
}
