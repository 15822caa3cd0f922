/** The request timeouts of configurations, kept: they must be known most when GameLift cannot be asked. */
import type { Queryable } from '#lib/db/pool.ts'
import type { ConfigurationView } from './views.ts'

/** Keeps these as they were just read; writes only what differs. One that was deleted since still counts for its tickets. */
export async function keepTimeouts(
  db: Queryable,
  environment: string,
  read: readonly Pick<ConfigurationView, 'name' | 'requestTimeoutSeconds'>[],
): Promise<void> {
  const timed = read.filter(({ requestTimeoutSeconds }) => requestTimeoutSeconds > 0)
  if (timed.length === 0) return
  await db.query(
    `insert into request_timeouts as kept (environment, configuration, seconds)
     select $1, * from unnest($2::text[], $3::int[])
     on conflict (environment, configuration) do update set seconds = excluded.seconds
     where kept.seconds <> excluded.seconds`,
    [environment, timed.map(({ name }) => name), timed.map(({ requestTimeoutSeconds }) => requestTimeoutSeconds)],
  )
}

/** Seconds, by configuration. */
export async function readTimeouts(db: Queryable, environment: string): Promise<Map<string, number>> {
  const { rows } = await db.query<{ configuration: string; seconds: number }>(
    'select configuration, seconds from request_timeouts where environment = $1',
    [environment],
  )
  return new Map(rows.map(({ configuration, seconds }) => [configuration, seconds]))
}
