import { type Db, inTransaction } from '#lib/db/pool.ts'
import type { Snapshot } from './store.ts'

const KEPT = 2
/** A large state takes longer than any other statement. */
const TIMEOUT = "set local statement_timeout = '120s'"

export async function* readSnapshots(db: Db): AsyncGenerator<Snapshot> {
  let before = Number.MAX_SAFE_INTEGER
  for (;;) {
    const { rows } = await inTransaction(db, async (tx) => {
      await tx.query(TIMEOUT)
      return tx.query<{ position: number; time_ms: number; state: string }>(
        'select position, time_ms, state from engine.snapshots where position < $1 order by position desc limit 1',
        [before],
      )
    })
    const [row] = rows
    if (!row) return
    before = row.position
    yield { position: row.position, timeMs: row.time_ms, state: row.state }
  }
}

/**
 * Stores it for the engine that took the journal as `run`, and only while no other has taken it since: that one may be of
 * a version that does not read it, and its journal need not be this one. Throws when nothing was stored.
 */
export async function saveSnapshot(db: Db, run: string, { position, timeMs, state }: Snapshot): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.query(TIMEOUT)
    const { rowCount } = await tx.query(
      `insert into engine.snapshots (position, time_ms, state) select $1::bigint, $2::bigint, $3::text
       where exists (select from engine.holder where run = $4)
         and (select position + entries - 1 from engine.journal order by position desc limit 1) >= $1::bigint
       on conflict (position) do update set time_ms = excluded.time_ms, state = excluded.state, taken_at = now()`,
      [position, timeMs, state, run],
    )
    if (rowCount === 0) throw new Error('the journal is that of another engine by now.')
    await tx.query(
      'delete from engine.snapshots where position not in (select position from engine.snapshots order by position desc limit $1)',
      [KEPT],
    )
  })
}
