import type { Queryable } from '#lib/db/pool.ts'

/** Everything that is projected in an environment, as text: equal dumps mean equal indexes. */
export async function dumpIndex(db: Queryable, environment: string): Promise<string> {
  const read = async (sql: string) => (await db.query(sql, [environment])).rows
  return JSON.stringify(
    {
      tickets: await read(
        `select ticket_id, configuration, kind, status, presumed, cause, status_reason, status_message, match_id,
           acceptance_deadline, players, player_count, game_session_arn, ip_address, dns_name, port,
           estimated_wait_seconds, started_at, ended_at, updated_at, described, last_event_at, confirmed_at,
           confirmed_source
         from tickets where environment = $1 order by ticket_id`,
      ),
      players: await read(
        `select ticket_id, position, player_id, started_at from ticket_players where environment = $1
         order by ticket_id, position`,
      ),
      matches: await read('select * from matches where environment = $1 order by match_id').then(withoutEnvironment),
      sessions: await read('select * from game_sessions where environment = $1 order by game_session_arn').then(
        withoutEnvironment,
      ),
      counters: await readCounters(db, environment),
    },
    null,
    1,
  )
}

/** The maintained counters, without those that are back at zero. */
export async function readCounters(db: Queryable, environment: string): Promise<unknown[]> {
  const { rows } = await db.query(
    `select configuration, status, kind, count from counters where environment = $1 and count <> 0
     order by configuration, status, kind`,
    [environment],
  )
  return rows
}

/** What the counters must say. */
export async function countTickets(db: Queryable, environment: string): Promise<unknown[]> {
  const { rows } = await db.query(
    `select configuration, status, kind, count(*) from tickets where environment = $1
     group by configuration, status, kind order by configuration, status, kind`,
    [environment],
  )
  return rows
}

function withoutEnvironment(rows: Record<string, unknown>[]): unknown[] {
  return rows.map(({ environment: _, ...rest }) => rest)
}

type RollupTable = 'rollups' | 'rollups_15'

export async function readRollups(db: Queryable, environment: string, table: RollupTable): Promise<unknown[]> {
  const { rows } = await db.query(
    `select bucket, configuration, measure, count, sum_ms from ${table} where environment = $1 and count <> 0
     order by bucket, configuration, measure`,
    [environment],
  )
  return rows
}

/** What the rollups must say. */
export async function scanRollups(db: Queryable, environment: string, table: RollupTable): Promise<unknown[]> {
  const { rows } = await db.query(
    `select bucket, configuration, measure, count(*), sum(ms)::bigint as sum_ms from (
       select date_bin($2, started_at, 'epoch') as bucket, configuration, 'started' as measure, 0 as ms
       from tickets where environment = $1
       union all
       select date_bin($2, ended_at, 'epoch'), configuration, status,
         greatest(0, extract(epoch from ended_at - started_at) * 1000)
       from tickets
       where environment = $1 and ended_at is not null and status in ('COMPLETED', 'CANCELLED', 'TIMED_OUT', 'FAILED')
     ) as counted group by bucket, configuration, measure order by bucket, configuration, measure`,
    [environment, table === 'rollups' ? '1 minute' : '15 minutes'],
  )
  return rows
}
