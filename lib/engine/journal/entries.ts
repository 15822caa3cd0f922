import pg from 'pg'
import type { Db, Queryable } from '#lib/db/pool.ts'
import { inTransaction } from '#lib/db/pool.ts'
import type { JournalEntry } from '#lib/engine/core/contract.ts'

const PAGE_ENTRIES = 2_000
const KEPT_SNAPSHOTS = 2

/** An entry with its command as it stands in the journal. */
export interface WrittenEntry extends JournalEntry {
  text: string
}

/** Appends all entries in one statement: either every one is committed when this resolves, or none. */
export async function appendEntries(db: Queryable, entries: readonly WrittenEntry[]): Promise<void> {
  await db.query({
    name: 'append',
    text: `insert into engine.journal (position, time_ms, command)
           select * from unnest($1::bigint[], $2::bigint[], $3::text[])`,
    values: [
      entries.map((entry) => entry.position),
      entries.map((entry) => entry.timeMs),
      entries.map((entry) => entry.text),
    ],
  })
}

/**
 * Whether a failed append left nothing behind for certain: PostgreSQL itself refused the statement. Anything else (a lost
 * connection, no answer, a server shutting down) may have happened after the commit.
 */
export function wasTakenBack(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? '08')
}

/** Entries after `position`, in order, read page by page. */
export async function* readEntries(db: Queryable, position: number): AsyncGenerator<WrittenEntry> {
  let last = position
  for (;;) {
    const { rows } = await db.query<{ position: number; time_ms: number; command: string }>(
      'select position, time_ms, command from engine.journal where position > $1 order by position limit $2',
      [last, PAGE_ENTRIES],
    )
    for (const row of rows) {
      if (row.position !== last + 1) {
        throw new Error(`The journal has a gap: entry ${last + 1} is missing before ${row.position}.`)
      }
      last = row.position
      yield { position: row.position, timeMs: row.time_ms, command: JSON.parse(row.command), text: row.command }
    }
    if (rows.length < PAGE_ENTRIES) return
  }
}

export interface Snapshot {
  position: number
  timeMs: number
  state: string
}

export async function newestSnapshot(db: Queryable): Promise<Snapshot | null> {
  const { rows } = await db.query<{ position: number; time_ms: number; state: string }>(
    'select position, time_ms, state from engine.snapshots order by position desc limit 1',
  )
  const row = rows[0]
  return row ? { position: row.position, timeMs: row.time_ms, state: row.state } : null
}

/** Call only once the outbox holds every event up to `position`: a recovery from here never sees them again. */
export async function saveSnapshot(db: Db, { position, timeMs, state }: Snapshot): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.query("set local statement_timeout = '120s'") // a large state takes longer than any other statement
    await tx.query(
      'insert into engine.snapshots (position, time_ms, state) values ($1, $2, $3) on conflict (position) do nothing',
      [position, timeMs, state],
    )
    await tx.query(
      'delete from engine.snapshots where position not in (select position from engine.snapshots order by position desc limit $1)',
      [KEPT_SNAPSHOTS],
    )
  })
}
