/** The days that facts are kept by: each gets its tables before its first fact comes, and loses them after its last. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Leases } from './leases.ts'
import { type Db, inTransaction, type Transaction } from './pool.ts'

const TABLES = ['facts', 'fact_tickets', 'placements'] as const
const DAYS_AHEAD = 3
const EVERY_MS = 60 * 60_000
const RETRY_MS = 60_000
const DAY_MS = 24 * 60 * 60_000

/**
 * Makes what is missing of today's partitions and those of the next three days. Each must lock its table's default
 * partition for a moment: where somebody keeps that for long, it is left out and the first such reason is thrown.
 */
export async function keepPartitions(db: Db, now: Date): Promise<void> {
  const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => dayOf(new Date(now.getTime() + ahead * DAY_MS)))
  const { rows } = await db.query<{ parent: string; day: string }>(
    `select parent, day from unnest($1::text[]) as day, unnest($2::text[]) as parent
     where to_regclass(parent || '_' || replace(day, '-', '')) is null order by day, parent`,
    [days, TABLES],
  )
  const { refused } = await eachBriefly(db, rows, async (tx, { parent, day }) => {
    await tx.query('select make_partition($1, $2)', [parent, day])
  })
  if (refused) throw refused
}

/**
 * Drops the tables of all days before that of `before`, also what an earlier try has left of a day. `refused` is why
 * the first of them could not be dropped now.
 */
export async function dropDays(db: Db, before: Date): Promise<{ dropped: number; refused: Error | null }> {
  const { rows } = await db.query<{ name: string; day: string }>(
    `select relname as name, right(relname, 8) as day from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname ~ $1 and right(relname, 8) < $2 order by 2, 1`,
    [`^(${TABLES.join('|')})_\\d{8}$`, dayOf(before).replaceAll('-', '')],
  )
  const { done, refused } = await eachBriefly(db, rows, async (tx, { name }) => {
    await tx.query(`drop table ${name}`)
  })
  return { dropped: new Set(done.map(({ day }) => day)).size, refused }
}

/**
 * Does each in a transaction that locks the tables of one parent only, so nobody waits for us whom we wait for: it ends
 * with the transactions that are at that table now, and whoever comes later waits behind us. So it gives up only where one
 * of them lasts longer than anybody should have to wait, as while a backup is written; the others are done.
 */
async function eachBriefly<T>(
  db: Db,
  all: readonly T[],
  work: (tx: Transaction, one: T) => Promise<void>,
): Promise<{ done: T[]; refused: Error | null }> {
  const done: T[] = []
  let refused: Error | null = null
  for (const one of all) {
    try {
      await inTransaction(db, async (tx) => {
        // What waits in the default partition moves over, however much it is.
        await tx.query('set local statement_timeout = 0')
        // Less than PostgreSQL waits before it looks for deadlocks: it must be us who gives way.
        await tx.query(`set local lock_timeout = '500ms'`)
        await work(tx, one)
      })
      done.push(one)
    } catch (error) {
      refused ??= error as Error
    }
  }
  return { done, refused }
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
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
