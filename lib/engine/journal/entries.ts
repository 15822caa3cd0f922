import pg from 'pg'
import type { Queryable } from '#lib/db/pool.ts'
import { type EntryGroup, NotStored, type WrittenEntry } from './store.ts'

/** A group is a megabyte at most, give or take one command. */
const PAGE_GROUPS = 64

/** One row and one round trip, however many commands. Throws NotStored when PostgreSQL itself refused the statement. */
export async function appendGroup(db: Queryable, { position, timeMs, commands }: EntryGroup): Promise<void> {
  try {
    await db.query({
      name: 'append',
      text: 'insert into engine.journal (position, entries, time_ms, commands) values ($1, $2, $3, $4)',
      values: [position, commands.length, timeMs, commands.join('\n')],
    })
  } catch (error) {
    throw wasTakenBack(error) ? new NotStored((error as Error).message, { cause: error }) : error
  }
}

/** In one transaction. Throws what the groups or PostgreSQL throw, and then nothing is stored. */
export async function appendAllGroups(db: Queryable, groups: AsyncIterable<EntryGroup>): Promise<void> {
  await db.query('begin')
  try {
    for await (const group of groups) await appendGroup(db, group)
    await db.query('commit')
  } catch (error) {
    await db.query('rollback').catch(() => {})
    throw error
  }
}

/** Anything else (a lost connection, no answer, a server shutting down) may have happened after the commit. */
function wasTakenBack(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? '08')
}

/** Entries after `position`, in order, read page by page. */
export async function* readEntries(db: Queryable, position: number): AsyncGenerator<WrittenEntry> {
  let last = position
  for (;;) {
    const { rows } = await db.query<{ position: number; entries: number; time_ms: number; commands: string }>(
      `select position, entries, time_ms, commands from engine.journal
       where position >= coalesce((select max(position) from engine.journal where position <= $1), 0)
         and position + entries - 1 > $1
       order by position limit $2`,
      [last, PAGE_GROUPS],
    )
    for (const row of rows) {
      if (row.position > last + 1) {
        throw new Error(`The journal has a gap: entry ${last + 1} is missing before ${row.position}.`)
      }
      for (const [offset, text] of row.commands.split('\n').entries()) {
        if (row.position + offset <= last) continue
        last = row.position + offset
        yield { position: last, timeMs: row.time_ms, command: JSON.parse(text), text }
      }
      if (last !== row.position + row.entries - 1) {
        throw new Error(`The journal has a gap: group ${row.position} does not hold its ${row.entries} entries.`)
      }
    }
    if (rows.length < PAGE_GROUPS) return
  }
}
