/** Whether each GameLift answers, as whichever replica asked last has found: a row that all of them write and read. */
import type { Queryable } from '#lib/db/pool.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { OutageView } from '#lib/tickets/views.ts'

export interface SharedHealth {
  /** null while it answers. */
  outage: OutageView | null
  /** How long ago somebody asked, by the clock of the database. */
  ageMs: number
}

/** `error` is what the outage is known by. An outage that another replica noticed earlier began then. */
export async function noteHealth(
  db: Queryable,
  environment: string,
  outage: OutageView | null,
  error: unknown,
): Promise<void> {
  await db.query(
    `insert into environment_health as h (environment, outage_since, message, kind, checked_at)
     values ($1, $2, $3, $4, clock_timestamp())
     on conflict (environment) do update set message = excluded.message, kind = excluded.kind,
       checked_at = excluded.checked_at,
       outage_since = case when excluded.outage_since is not null
         then least(h.outage_since, excluded.outage_since) end`,
    [environment, outage?.since ?? null, outage?.message ?? null, outage === null ? null : kindOf(error)],
  )
}

/** By environment; none for those nobody has asked yet. */
export async function readHealth(db: Queryable): Promise<Map<string, SharedHealth>> {
  const { rows } = await db.query<{ environment: string; since: Date | null; message: string | null; age_ms: number }>(
    `select environment, outage_since as since, message,
       extract(epoch from clock_timestamp() - checked_at)::float8 * 1000 as age_ms
     from environment_health`,
  )
  return new Map(
    rows.map(({ environment, since, message, age_ms }) => [
      environment,
      { outage: since && { since: since.toISOString(), message: message ?? '' }, ageMs: age_ms },
    ]),
  )
}

/** Refused is who we are there; everything else is whether there is anybody. */
function kindOf(error: unknown): 'refused' | 'silence' {
  return error instanceof AppError && error.code === 'REFUSED' ? 'refused' : 'silence'
}
