import { integers, texts, times } from '#lib/db/columns.ts'
import type { Queryable } from '#lib/db/pool.ts'
import type { EventFact, TicketFact } from '#lib/flexmatch/events.ts'
import { matchIdOf, sessionArnOf } from './arrival.ts'
import { ANY_DAY, type Days, daysAround } from './fact-rows.ts'

/**
 * A game session as the successes that name it tell: the first one made it (and its match id stays, a backfill does not
 * change it), the newest one lists who is in it. Times are epoch ms.
 */
interface ToldSession {
  arn: string
  configuration: string
  matchId: string | null
  playerCount: number
  createdAt: number
  updatedAt: number
}

/**
 * The game sessions that these facts name, after they were stored. What was known of a session made it a row: one without
 * is what these facts say of it, and the others are read back. Returns their ARNs.
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
  const { rows } = await db.query<{ game_session_arn: string; created_at: Date; updated_at: Date }>(
    `select game_session_arn, created_at, updated_at from game_sessions
     where environment = $1 and game_session_arn = any($2)`,
    [environment, texts([...successes.keys()])],
  )
  const known = rows.map((row) => row.game_session_arn)
  const factTimes = known.flatMap((arn) => (successes.get(arn) ?? []).map(({ time }) => time))
  const rowTimes = rows.flatMap(({ created_at, updated_at }) => [created_at.getTime(), updated_at.getTime()])
  for (const arn of known) successes.delete(arn)
  const fresh = [...successes].map(([arn, own]) => toldBy(arn, own))
  const stored = await readTold(db, environment, known, daysAround([...factTimes, ...rowTimes]))
  return save(db, environment, [...fresh, ...stored])
}

/** Rebuilds these game sessions from all that is stored. */
export async function rebuildSessions(
  db: Queryable,
  environment: string,
  gameSessionArns: readonly string[],
): Promise<string[]> {
  return save(db, environment, await readTold(db, environment, gameSessionArns, ANY_DAY))
}

function toldBy(arn: string, facts: readonly EventFact[]): ToldSession {
  const ordered = facts.toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1))
  const [first, last] = [ordered[0] as EventFact, ordered.at(-1) as EventFact]
  return {
    arn,
    configuration: first.configuration,
    matchId: matchIdOf(first),
    playerCount: last.detail.gameSessionInfo.players.length,
    createdAt: first.time,
    updatedAt: last.time,
  }
}

async function readTold(
  db: Queryable,
  environment: string,
  arns: readonly string[],
  { first, last }: Days,
): Promise<ToldSession[]> {
  if (arns.length === 0) return []
  const { rows } = await db.query<Omit<ToldSession, 'createdAt' | 'updatedAt'> & { created: Date; updated: Date }>(
    `select arn, first.configuration, first.match_id as "matchId", last.players as "playerCount", first.at as created,
       last.at as updated
     from unnest($2::text[]) as asked (arn)
     cross join lateral (
       select configuration, match_id, at from facts
       where environment = $1 and game_session_arn = arn and day between $3 and $4 order by at, id limit 1) as first
     cross join lateral (
       select jsonb_array_length(body #> '{detail,gameSessionInfo,players}') as players, at from facts
       where environment = $1 and game_session_arn = arn and day between $3 and $4
       order by at desc, id desc limit 1) as last`,
    [environment, texts(arns), first, last],
  )
  return rows.map(({ created, updated, ...told }) => ({
    ...told,
    createdAt: created.getTime(),
    updatedAt: updated.getTime(),
  }))
}

/** In one statement and in the order in which the lists of fleets write them too: nobody waits crosswise. */
async function save(db: Queryable, environment: string, told: readonly ToldSession[]): Promise<string[]> {
  if (told.length === 0) return []
  const sessions = told.toSorted((a, b) => (a.arn < b.arn ? -1 : 1))
  const arns = sessions.map(({ arn }) => arn)
  // What GameLift said of it besides stays.
  const { rowCount } = await db.query(
    `insert into game_sessions (environment, game_session_arn, configuration, match_id, player_count, created_at,
       updated_at)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[])
     on conflict (environment, game_session_arn) do update set
       (configuration, match_id, player_count, created_at, updated_at, source) =
       (excluded.configuration, excluded.match_id, excluded.player_count, excluded.created_at, excluded.updated_at, 'event')`,
    [
      environment,
      texts(arns),
      texts(sessions.map(({ configuration }) => configuration)),
      texts(sessions.map(({ matchId }) => matchId)),
      integers(sessions.map(({ playerCount }) => playerCount)),
      times(sessions.map(({ createdAt }) => createdAt)),
      times(sessions.map(({ updatedAt }) => updatedAt)),
    ],
  )
  if (rowCount !== sessions.length)
    throw new Error(`Wrote ${rowCount} of ${sessions.length} sessions of ${environment}.`)
  return arns
}
