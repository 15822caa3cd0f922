import type { Db } from '#lib/db/pool.ts'
import { START } from '#lib/flexmatch/testing/builders.ts'

/**
 * Fills an environment with `count` finished and open tickets, one a second, so that plans are those of a real table:
 * 97 of 100 are over, 1 of 50 is a backfill, ten configurations, nobody FAILED.
 */
export async function seedTickets(db: Db, environment: string, count: number): Promise<void> {
  await db.query(
    `insert into tickets (environment, ticket_id, configuration, kind, status, presumed, cause, players, player_count,
       started_at, updated_at, described, confirmed_at, confirmed_source)
     select $1, 't-' || lpad(n::text, 7, '0'), 'config-' || n % 10,
       case when n % 100 = 7 then 'backfill' when n % 100 = 57 then 'auto-backfill' else 'new' end,
       case when n % 100 < 60 then 'COMPLETED' when n % 100 < 80 then 'CANCELLED' when n % 100 < 97 then 'TIMED_OUT'
         else (array['QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING'])[1 + n % 4] end,
       false, 'started', jsonb_build_array(jsonb_build_object('playerId', 'player-' || n % 20000)), 1,
       at, at, true, at, 'event'
     from (select n, to_timestamp($3::float8 / 1000 + n) as at from generate_series(1, $2::int) as n) as made`,
    [environment, count, START],
  )
  await db.query(
    `update tickets set kind = 'backfill' where environment = $1 and ticket_id in (
       select ticket_id from tickets where environment = $1 and status = 'SEARCHING' order by ticket_id limit 100)`,
    [environment],
  )
  await db.query(
    `insert into ticket_players (environment, ticket_id, position, player_id, started_at)
     select environment, ticket_id, 0, players #>> '{0,playerId}', started_at from tickets where environment = $1`,
    [environment],
  )
  await db.query(
    `insert into counters (environment, configuration, status, kind, count)
     select environment, configuration, status, kind, count(*) from tickets where environment = $1
     group by environment, configuration, status, kind`,
    [environment],
  )
  await db.query('vacuum analyze tickets')
  await db.query('vacuum analyze ticket_players')
}
