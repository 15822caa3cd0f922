/** What GameLift lists, into the rows of game sessions; and what it lists no more, out of those that run. */
import type { Queryable } from '#lib/db/pool.ts'
import { makeStorable } from '#lib/flexmatch/well-formed.ts'
import type { DescribedGameSession, FleetPage } from '#lib/matchmaker/matchmaker.ts'
import { parseMatchmakerData } from '#lib/matchmaker/matchmaker-data.ts'
import { tellListeners } from './notify.ts'

export type ListedSession = FleetPage['sessions'][number]

/** Statuses of sessions that have not ended. */
export const RUNNING = `('ACTIVATING', 'ACTIVE', 'TERMINATING')`
/** GameLift does not know it any more: our own word, as for tickets. */
export const GONE = 'GONE'
/** A hint that names more than this is a hint to read everything again. */
const TOLD_AT_ONCE = 40

/**
 * Stores what GameLift said of these sessions at `at` (epoch ms), and tells of those that are not as they were. `fleet`
 * is who listed them; null where each was asked for by itself, which does not make it listed again.
 */
export async function saveSessions(
  db: Queryable,
  environment: string,
  fleet: string | null,
  sessions: readonly ListedSession[],
  at: number,
): Promise<void> {
  // In one order everywhere, also where events write them: two writers that lock them crosswise would wait for ever.
  const given = [...new Map(makeStorable(sessions).map((session) => [session.gameSessionArn, session])).values()]
    .filter(({ gameSessionArn }) => gameSessionArn !== '')
    .sort((a, b) => (a.gameSessionArn < b.gameSessionArn ? -1 : 1))
  if (given.length === 0) return
  const arns = given.map(({ gameSessionArn }) => gameSessionArn)
  const before = await readStates(db, environment, arns)
  const made = given.map(whoMade)
  await db.query(
    `insert into game_sessions as s (environment, game_session_arn, configuration, match_id, player_count, created_at,
       updated_at, status, current_players, maximum_players, creation_policy, seen_at, source, told_by)
     select $1, arn, configuration, match_id, current, created, created, status, current, maximum, policy, $10,
       'describe', $11
     from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::int[], $8::int[], $9::text[])
       as given (arn, configuration, match_id, created, status, current, maximum, policy)
     on conflict (environment, game_session_arn) do update set
       configuration = coalesce(s.configuration, excluded.configuration),
       match_id = coalesce(s.match_id, excluded.match_id),
       player_count = case s.source when 'event' then s.player_count else excluded.player_count end,
       status = excluded.status, current_players = excluded.current_players,
       maximum_players = excluded.maximum_players, creation_policy = excluded.creation_policy,
       seen_at = excluded.seen_at, told_by = coalesce(excluded.told_by, s.told_by),
       unlisted_at = case when excluded.told_by is null and excluded.status in ${RUNNING} then s.unlisted_at end
     where s.seen_at is null or s.seen_at <= excluded.seen_at`,
    [
      environment,
      arns,
      made.map(({ configuration }) => configuration),
      made.map(({ matchId }) => matchId),
      given.map(({ createdAt }) => new Date(createdAt ?? at)),
      given.map(({ status }) => status),
      given.map(({ currentPlayers }) => currentPlayers),
      given.map(({ maximumPlayers }) => maximumPlayers),
      given.map(({ creationPolicy }) => creationPolicy),
      new Date(at),
      fleet,
    ],
  )
  const changed = given.filter((session) => before.get(session.gameSessionArn) !== stateOf(session))
  await tell(
    db,
    environment,
    changed.map(({ gameSessionArn }) => gameSessionArn),
  )
}

/** Marks it as unknown to GameLift. */
export async function saveGone(db: Queryable, environment: string, gameSessionArn: string, at: number): Promise<void> {
  await db.query(
    `update game_sessions set status = '${GONE}', seen_at = $3 where environment = $1 and game_session_arn = $2`,
    [environment, gameSessionArn, new Date(at)],
  )
  await tell(db, environment, [gameSessionArn])
}

/**
 * Labels what runs as far as is known, was listed by this fleet, and was not listed by a reading of all its pages that
 * began at `since` (epoch ms). How many.
 */
export async function labelUnlisted(db: Queryable, environment: string, fleet: string, since: number): Promise<number> {
  return label(db, environment, 'told_by = $3 and seen_at < $2', [new Date(since), fleet])
}

/** The same for fleets that the environment does not name any more. */
export async function labelUnnamed(
  db: Queryable,
  environment: string,
  fleets: readonly string[],
  now: number,
): Promise<number> {
  return label(db, environment, 'told_by <> all ($3)', [new Date(now), fleets])
}

async function label(db: Queryable, environment: string, which: string, values: [Date, unknown]): Promise<number> {
  const { rows } = await db.query<{ game_session_arn: string }>(
    `update game_sessions set unlisted_at = $2
     where environment = $1 and status in ${RUNNING} and unlisted_at is null and ${which} returning game_session_arn`,
    [environment, ...values],
  )
  await tell(
    db,
    environment,
    rows.map(({ game_session_arn }) => game_session_arn),
  )
  return rows.length
}

/** Those that are listed no more and may have ended, the one asked about longest ago first. `before` is epoch ms. */
export async function readUnlisted(
  db: Queryable,
  environment: string,
  before: number,
  most: number,
): Promise<string[]> {
  const { rows } = await db.query<{ game_session_arn: string }>(
    `select game_session_arn from game_sessions
     where environment = $1 and status in ${RUNNING} and unlisted_at is not null and seen_at < $2
     order by seen_at, game_session_arn limit ${most}`,
    [environment, new Date(before)],
  )
  return rows.map(({ game_session_arn }) => game_session_arn)
}

async function tell(db: Queryable, environment: string, arns: readonly string[]): Promise<void> {
  for (let from = 0; from < arns.length; from += TOLD_AT_ONCE) {
    await tellListeners(db, environment, { ticketIds: [], gameSessionArns: arns.slice(from, from + TOLD_AT_ONCE) })
  }
}

async function readStates(db: Queryable, environment: string, arns: string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{
    game_session_arn: string
    status: string | null
    current_players: number | null
    maximum_players: number | null
    creation_policy: string | null
    unlisted: boolean
  }>(
    `select game_session_arn, status, current_players, maximum_players, creation_policy, unlisted_at is not null as unlisted
     from game_sessions where environment = $1 and game_session_arn = any($2)`,
    [environment, arns],
  )
  return new Map(
    rows.map((row) => [
      row.game_session_arn,
      row.unlisted ? '' : stateText(row.status, row.current_players, row.maximum_players, row.creation_policy),
    ]),
  )
}

function stateOf({ status, currentPlayers, maximumPlayers, creationPolicy }: DescribedGameSession): string {
  return stateText(status, currentPlayers, maximumPlayers, creationPolicy)
}

function stateText(...state: (string | number | null)[]): string {
  return JSON.stringify(state)
}

/** Which match made it, where no event told: FlexMatch leaves that on the session. */
function whoMade({ matchmakerData, gameSessionArn }: ListedSession) {
  try {
    const data = parseMatchmakerData(matchmakerData, gameSessionArn)
    return {
      configuration: data.matchmakingConfigurationArn?.split('/').at(-1) || null,
      matchId: data.matchId || null,
    }
  } catch {
    return { configuration: null, matchId: null }
  }
}
