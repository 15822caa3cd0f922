/** Sessions: an opaque id in the browser's cookie, its hash and the person in the database, read on every request. */
import type { Queryable } from '#lib/db/pool.ts'
import type { Role } from './roles.ts'
import { hashOf, newSecret } from './secret.ts'

export const IDLE_HOURS = 12
export const ABSOLUTE_DAYS = 7
/** A visit is noted at most this often, so that reads stay reads. */
const NOTE_VISIT_EVERY_SECONDS = 60

export interface Person {
  personId: string
  name: string
  role: Role
}

/** A new session for a person. `sessionId` goes into the cookie and is never seen again. */
export async function openSession(db: Queryable, personId: string, now: Date): Promise<{ sessionId: string }> {
  const sessionId = newSecret()
  await db.query(
    `insert into sessions (id_hash, person_id, created_at, last_seen_at, expires_at)
     values ($1, $2, $3, $3, $3::timestamptz + make_interval(days => $4))`,
    [hashOf(sessionId), personId, now, ABSOLUTE_DAYS],
  )
  // Whoever signs in cleans up: nothing else has to, and the table stays as small as its use.
  await db.query(
    `delete from sessions where expires_at < $1 or last_seen_at < $1::timestamptz - make_interval(hours => $2)`,
    [now, IDLE_HOURS],
  )
  return { sessionId }
}

/**
 * The person behind a cookie, with the role they have now; null when the session is unknown, idle for too long, too old,
 * ended, or its person disabled. `visit: false` checks without counting as activity (a stream left open).
 */
export async function findPerson(
  db: Queryable,
  sessionId: string | undefined,
  now: Date,
  options: { visit: boolean } = { visit: true },
): Promise<Person | null> {
  if (!sessionId || sessionId.length > 100) return null
  const { rows } = await db.query<Person & { seen_seconds_ago: number }>(
    `select p.person_id as "personId", p.name, p.role,
            extract(epoch from $2::timestamptz - s.last_seen_at)::float8 as seen_seconds_ago
     from sessions s join people p using (person_id)
     where s.id_hash = $1 and p.disabled_at is null and s.expires_at > $2
       and s.last_seen_at > $2::timestamptz - make_interval(hours => $3)`,
    [hashOf(sessionId), now, IDLE_HOURS],
  )
  const found = rows[0]
  if (!found) return null
  if (options.visit && found.seen_seconds_ago > NOTE_VISIT_EVERY_SECONDS) {
    await db.query('update sessions set last_seen_at = greatest(last_seen_at, $2) where id_hash = $1', [
      hashOf(sessionId),
      now,
    ])
  }
  return { personId: found.personId, name: found.name, role: found.role }
}

export async function endSession(db: Queryable, sessionId: string): Promise<void> {
  await db.query('delete from sessions where id_hash = $1', [hashOf(sessionId)])
}
