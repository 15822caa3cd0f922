import { setTimeout as sleep } from 'node:timers/promises'
import type { Queryable } from '#lib/db/pool.ts'
import type { EngineEvent } from '#lib/engine/core/contract.ts'

const BATCH_EVENTS = 1_000
const RETRY_MS = 500

/** Place of an event in the one order of all events. */
export interface EventPlace {
  position: number
  index: number
}

/** Writing an event again changes nothing: the same replay gives the same event at the same place. */
export async function insertEvents(db: Queryable, events: readonly EngineEvent[]): Promise<void> {
  await db.query({
    name: 'insert events',
    text: `insert into engine.events (position, index, event_id, time_ms, resource_arn, detail)
           select * from unnest($1::bigint[], $2::int[], $3::text[], $4::bigint[], $5::text[], $6::text[])
           on conflict do nothing`,
    values: [
      events.map((event) => event.position),
      events.map((event) => event.index),
      events.map((event) => event.eventId),
      events.map((event) => event.timeMs),
      events.map((event) => event.resourceArn),
      events.map((event) => JSON.stringify(event.detail)),
    ],
  })
}

export async function readEvents(db: Queryable, after: EventPlace, limit: number): Promise<EngineEvent[]> {
  const { rows } = await db.query<{
    position: number
    index: number
    event_id: string
    time_ms: number
    resource_arn: string
    detail: string
  }>({
    name: 'read events',
    text: `select position, index, event_id, time_ms, resource_arn, detail from engine.events
           where (position, index) > ($1, $2) order by position, index limit $3`,
    values: [after.position, after.index, limit],
  })
  return rows.map((row) => ({
    position: row.position,
    index: row.index,
    eventId: row.event_id,
    timeMs: row.time_ms,
    resourceArn: row.resource_arn,
    detail: JSON.parse(row.detail),
  }))
}

/** Deletes one bounded step of the events at or before `through` that are older than `beforeMs`. Says how many it was. */
export async function pruneEvents(
  db: Queryable,
  through: EventPlace,
  beforeMs: number,
  limit: number,
): Promise<number> {
  const { rowCount } = await db.query(
    `delete from engine.events where (position, index) in (
       select position, index from engine.events
       where (position, index) <= ($1, $2) and time_ms < $3 order by position, index limit $4)`,
    [through.position, through.index, beforeMs, limit],
  )
  return rowCount ?? 0
}

/**
 * Writes events behind the answers, in order, trying again for ever: they are in the journal already, so waiting costs
 * nothing but time. `onWritten` wakes the publisher.
 */
export class OutboxWriter {
  readonly #db: Queryable
  readonly #onWritten: () => void
  #pending: EngineEvent[] = []
  #writing: Promise<void> | null = null
  #closed = false

  constructor(db: Queryable, onWritten: () => void) {
    this.#db = db
    this.#onWritten = onWritten
  }

  /** Events in journal order, after all that were added before. */
  add(events: readonly EngineEvent[]): void {
    if (events.length === 0) return
    this.#pending.push(...events)
    this.#writing ??= this.#write()
  }

  /** Resolves when everything added so far is committed. False when the writer was closed before. */
  async written(): Promise<boolean> {
    while (this.#writing) await this.#writing
    return this.#pending.length === 0
  }

  /** Stops trying again. What is still pending comes back with the next replay. */
  close(): void {
    this.#closed = true
  }

  async #write(): Promise<void> {
    // Let the rest of this turn's events join: one statement instead of many.
    await Promise.resolve()
    while (this.#pending.length > 0 && !this.#closed) {
      const batch = this.#pending.slice(0, BATCH_EVENTS)
      try {
        await insertEvents(this.#db, batch)
        this.#pending.splice(0, batch.length)
        this.#onWritten()
      } catch (error) {
        console.error(`Events could not be stored, trying again: ${(error as Error).message}`)
        await sleep(RETRY_MS)
      }
    }
    this.#writing = null
  }
}
