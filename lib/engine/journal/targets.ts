import type { Queryable } from '#lib/db/pool.ts'
import type { EventPlace } from './event-place.ts'
import type { RefusedEvent } from './store.ts'

export async function registerTarget(db: Queryable, name: string, url: string): Promise<EventPlace> {
  const { rows } = await db.query<EventPlace>(
    `insert into engine.targets (name, url) values ($1, $2)
     on conflict (name) do update set url = excluded.url
     returning position, index`,
    [name, url],
  )
  return rows[0] ?? { position: 0, index: 0 }
}

export async function advanceTarget(db: Queryable, name: string, { position, index }: EventPlace): Promise<void> {
  await db.query(
    `update engine.targets set position = $2, index = $3, updated_at = now()
     where name = $1 and (position, index) < ($2, $3)`,
    [name, position, index],
  )
}

export async function setAside(db: Queryable, refused: RefusedEvent): Promise<void> {
  await db.query(
    `insert into engine.set_aside (target, position, index, event_id, reason, envelope)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [refused.target, refused.position, refused.index, refused.eventId, refused.reason, refused.envelope],
  )
}
