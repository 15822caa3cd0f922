import type { Queryable } from '#lib/db/pool.ts'

/**
 * Rebuilds these game sessions from the successes that name them: the first one made it (and its match id stays, a
 * backfill does not change it), the newest one lists who is in it.
 */
export async function rebuildSessions(
  db: Queryable,
  environment: string,
  gameSessionArns: readonly string[],
): Promise<string[]> {
  if (gameSessionArns.length === 0) return []
  const { rows } = await db.query<{ game_session_arn: string }>(
    `insert into game_sessions (environment, game_session_arn, configuration, match_id, player_count, created_at,
       updated_at)
     select $1, arn, first.configuration, first.match_id, last.player_count, first.at, last.at
     from unnest($2::text[]) as asked (arn)
     cross join lateral (
       select configuration, match_id, at from facts
       where environment = $1 and game_session_arn = arn order by at, id limit 1) as first
     cross join lateral (
       select jsonb_array_length(body #> '{detail,gameSessionInfo,players}') as player_count, at from facts
       where environment = $1 and game_session_arn = arn order by at desc, id desc limit 1) as last
     on conflict (environment, game_session_arn) do update set
       (configuration, match_id, player_count, created_at, updated_at) =
       (excluded.configuration, excluded.match_id, excluded.player_count, excluded.created_at, excluded.updated_at)
     returning game_session_arn`,
    [environment, gameSessionArns],
  )
  return rows.map((row) => row.game_session_arn)
}
