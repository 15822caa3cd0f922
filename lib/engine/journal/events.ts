import type { Queryable } from '#lib/db/pool.ts'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { type EventPlace, isAfter } from './event-place.ts'

/** Of one row, give or take one event. */
const ROW = { events: 256, characters: 128 * 1024 }
/** Of one answer to a reader, give or take one row: parsing it must not keep requests waiting. */
const PAGE = { rows: 16, characters: 256 * 1024 }
const PRUNED_ROWS = 1_000

export async function lastEvent(db: Queryable): Promise<EventPlace | null> {
  const { rows } = await db.query<EventPlace>(
    'select position, index from engine.events order by position desc, index desc limit 1',
  )
  return rows[0] ?? null
}

/** Stores the first of the events as one row. How many those are. */
export async function insertEvents(db: Queryable, events: readonly EngineEvent[]): Promise<number> {
  let lines = ''
  let count = 0
  for (const event of events) {
    if (count === ROW.events || lines.length >= ROW.characters) break
    lines += (count > 0 ? '\n' : '') + JSON.stringify(event)
    count++
  }
  const last = events[count - 1]
  if (!last) return 0
  await db.query({
    name: 'insert events',
    text: 'insert into engine.events (position, index, time_ms, events) values ($1, $2, $3, $4) on conflict do nothing',
    values: [last.position, last.index, last.timeMs, lines],
  })
  return count
}

export async function readEvents(db: Queryable, after: EventPlace): Promise<EngineEvent[]> {
  const { rows } = await db.query<{ events: string }>({
    name: 'read events',
    text: 'select events from engine.events where (position, index) > ($1, $2) order by position, index limit $3',
    values: [after.position, after.index, PAGE.rows],
  })
  const events: EngineEvent[] = []
  let characters = 0
  let last = after
  for (const row of rows) {
    if (characters >= PAGE.characters) break
    characters += row.events.length
    for (const line of row.events.split('\n')) {
      const event: EngineEvent = JSON.parse(line)
      // Rows may overlap after a crash: the last write of a killed engine can land beside the first of the next one.
      if (isAfter(event, last)) events.push(event)
    }
    last = events.at(-1) ?? last
  }
  return events
}

/** The newest row stays: it is how `lastEvent` knows what has been told, when a replay brings it again. */
export async function pruneEvents(db: Queryable, through: EventPlace, beforeMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `delete from engine.events where (position, index) in (
       select position, index from engine.events
       where (position, index) <= ($1, $2) and time_ms < $3
         and (position, index) < (select position, index from engine.events order by position desc, index desc limit 1)
       order by position, index limit $4)`,
    [through.position, through.index, beforeMs, PRUNED_ROWS],
  )
  return rowCount === PRUNED_ROWS
}
