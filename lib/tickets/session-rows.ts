import { integers, texts, times } from '#lib/db/columns.ts'
import type { Queryable } from '#lib/db/pool.ts'
import type { EventFact, TicketFact } from '#lib/flexmatch/events.ts'
import { matchIdOf, sessionArnOf } from './arrival.ts'

/** What GameLift said of it besides stays. */
const OR_UPDATE = `on conflict (environment, game_session_arn) do update set
  (configuration, match_id, player_count, created_at, updated_at, source) =
  (excluded.configuration, excluded.match_id, excluded.player_count, excluded.created_at, excluded.updated_at, 'event')`

/**
 * The game sessions that these facts name, after they were stored. What was known of a session made it a row: one without
 * is what these facts say of it, and the others are rebuilt. Returns their ARNs.
 */
export async function saveSessions(
  db: Queryable,
  environment: string,
  facts: readonly TicketFact[],
): Promise<string[]> {
  const successes = new Map<string, EventFact[]>()
  for (const fact of facts) {
    const arn = sessionArnOf(fact)
    if (arn === null || fact.source !== 'event') continue
    const own = successes.get(arn)
    if (own) own.push(fact)
    else successes.set(arn, [fact])
  }
  if (successes.size === 0) return []
  const { rows } = await db.query<{ game_session_arn: string }>(
    'select game_session_arn from game_sessions where environment = $1 and game_session_arn = any($2)',
    [environment, texts([...successes.keys()])],
  )
  const known = rows.map((row) => row.game_session_arn)
  for (const arn of known) successes.delete(arn)
  await save(db, environment, successes)
  return [...successes.keys(), ...(await rebuildSessions(db, environment, known))]
}

async function save(
  db: Queryable,
  environment: string,
  successes: ReadonlyMap<string, readonly EventFact[]>,
): Promise<void> {
  if (successes.size === 0) return
  // In the order in which the lists of fleets write them too.
  const made = [...successes.keys()].sort().map((arn) => {
    const facts = successes.get(arn) ?? []
    const ordered = facts.toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
    return { arn, first: ordered[0] as EventFact, last: ordered.at(-1) as EventFact }
  })
  const { rowCount } = await db.query(
    `insert into game_sessions (environment, game_session_arn, configuration, match_id, player_count, created_at,
       updated_at)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[])
     ${OR_UPDATE}`,
    [
      environment,
      texts(made.map(({ arn }) => arn)),
      texts(made.map(({ first }) => first.configuration)),
      texts(made.map(({ first }) => matchIdOf(first))),
      integers(made.map(({ last }) => last.detail.gameSessionInfo.players.length)),
      times(made.map(({ first }) => first.time)),
      times(made.map(({ last }) => last.time)),
    ],
  )
  if (rowCount !== made.length) throw new Error(`Wrote ${rowCount} of ${made.length} sessions of ${environment}.`)
}

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
     ${OR_UPDATE}
     returning game_session_arn`,
    // In the order in which the lists of fleets write them too.
    [environment, [...gameSessionArns].sort()],
  )
  return rows.map((row) => row.game_session_arn)
}
