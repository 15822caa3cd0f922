/** A ticket index as it is after a month of use, made by the database itself: what the bench asks its questions of. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Db } from '#lib/db/pool.ts'

/** The environment that holds the seeded tickets. */
export const SEEDED = 'bench'
/** How far back the tickets go. Within the retention of an environment that nobody has set another for. */
export const SEEDED_DAYS = 29
const ROWS_PER_SLICE = 100_000
/** Facts take 20 times the room of what they are about, and are looked up by key only: a part of them does. */
const TICKETS_WITH_FACTS = 200_000

/**
 * Fills the migrated, empty database `db` with `rows` tickets and all that follows from them: facts in the partitions
 * of their days, players, matches, game sessions, counters, rollups. `endsAt`, epoch ms, is the time at which the open
 * ones wait.
 */
export async function seedIndex(db: Db, rows: number, endsAt: number): Promise<void> {
  const client = await db.connect()
  const run = (sql: string, values?: unknown[]) => client.query(sql, values)
  try {
    await run('set statement_timeout = 0')
    await run(`set maintenance_work_mem = '512MB'`)
    await run('set synchronous_commit = off')
    await run('set jit = off')
    const firstDay = new Date(endsAt - SEEDED_DAYS * 86_400_000).toISOString().slice(0, 10)
    await run('select make_partitions($1, $2)', [firstDay, SEEDED_DAYS + 2])
    await run(await readFile(path.resolve('bench/db/seed-index.sql'), 'utf8'))
    const every = Math.max(1, Math.floor(rows / TICKETS_WITH_FACTS))
    for (let first = 1; first <= rows; first += ROWS_PER_SLICE) {
      const last = Math.min(rows, first + ROWS_PER_SLICE - 1)
      await run('select seed.draft($1, $2, $3, $4, $5, $6)', [first, last, rows, endsAt, SEEDED_DAYS, every])
      await run('analyze seed.drafts')
      await run('select seed.save_tickets($1)', [SEEDED])
      await run(`select seed.save_rollups($1, '1 minute', 'rollups')`, [SEEDED])
      await run(`select seed.save_rollups($1, '15 minutes', 'rollups_15')`, [SEEDED])
      await run('select seed.save_facts($1)', [SEEDED])
    }
    const { rows: written } = await run('select make from seed.written_last')
    for (const { make } of written) await run(make)
    await run('insert into ingest_progress (environment, last_event_at, last_received_at) values ($1, $2, $2)', [
      SEEDED,
      new Date(endsAt),
    ])
    await run('drop schema seed cascade')
    await run('vacuum (analyze)')
  } finally {
    client.release(true) // what was set for it holds for nobody else
  }
}
