import { setImmediate as nextTurn } from 'node:timers/promises'
import { integers, texts, times } from '#lib/db/columns.ts'
import type { Queryable } from '#lib/db/pool.ts'
import type { EventFact, PlacementEventType, TicketFact } from '#lib/flexmatch/events.ts'
import { hidesAnswers } from '#lib/flexmatch/missing-events.ts'
import { type Match, type MatchSurroundings, orderMatchHistory, projectMatch } from '#lib/flexmatch/project-match.ts'
import { daysAround } from './fact-rows.ts'

/** About a millisecond's work. */
const PER_TURN = 100

export interface RebuiltMatches {
  matchIds: string[]
  /** Tickets of matches of which an answer must have been lost. */
  missingAnswers: string[]
}

/** Matches as their own events tell them. */
export interface ProjectedMatches {
  projected: Map<string, Match>
  /** With their events: how they ended others may tell. */
  undecided: Map<string, EventFact[]>
  /** Tickets of matches of which an answer must have been lost. */
  missingAnswers: string[]
}

/** `facts`: all that carry the ids of these matches. Whoever else the process serves gets a turn now and then. */
export async function projectMatches(facts: ReadonlyMap<string, readonly TicketFact[]>): Promise<ProjectedMatches> {
  const projected = new Map<string, Match>()
  const missingAnswers: string[] = []
  const undecided = new Map<string, EventFact[]>()
  let done = 0
  for (const [matchId, found] of facts) {
    if (++done % PER_TURN === 0) await nextTurn()
    const own = found.filter((fact) => fact.source === 'event')
    const match = projectMatch(matchId, own)
    if (!match) continue
    projected.set(matchId, match)
    if (hidesAnswers(orderMatchHistory(own))) missingAnswers.push(...match.ticketIds)
    if (match.status === 'proposed' || match.status === 'placing') undecided.set(matchId, own)
  }
  return { projected, undecided, missingAnswers }
}

/** Saves matches; returns the ids that name one. */
export async function rebuildMatches(
  db: Queryable,
  environment: string,
  { projected, undecided, missingAnswers }: ProjectedMatches,
): Promise<RebuiltMatches> {
  // How a match ended that its own events leave open, others may tell.
  for (const [matchId, around] of await readSurroundings(db, environment, undecided)) {
    const match = projectMatch(matchId, undecided.get(matchId) ?? [], around)
    if (match) projected.set(matchId, match)
  }
  const matches = [...projected.values()]
  await saveMatches(db, environment, matches)
  return { matchIds: matches.map((match) => match.matchId), missingAnswers }
}

/** What placements and searches say around these matches. */
export async function readSurroundings(
  db: Queryable,
  environment: string,
  events: ReadonlyMap<string, readonly EventFact[]>,
): Promise<Map<string, MatchSurroundings>> {
  const around = new Map<string, MatchSurroundings>()
  if (events.size === 0) return around
  const matchesOfTicket = new Map<string, Set<string>>()
  for (const [matchId, own] of events) {
    around.set(matchId, { placements: [], leftTimes: [], endings: [] })
    for (const { ticketId } of own.flatMap((fact) => fact.detail.tickets)) {
      const matches = matchesOfTicket.get(ticketId) ?? new Set()
      matchesOfTicket.set(ticketId, matches.add(matchId))
    }
  }
  const { first, last } = daysAround([...events.values()].flat().map(({ time }) => time))
  const { rows: placements } = await db.query<{ placement_id: string; type: PlacementEventType; at: Date }>(
    `select placement_id, type, at from placements
     where environment = $1 and placement_id = any($2) and day between $3 and $4`,
    [environment, [...around.keys()], first, last],
  )
  for (const row of placements) {
    around.get(row.placement_id)?.placements.push({ type: row.type, time: row.at.getTime() })
  }
  const { rows: searches } = await db.query<{ ticket_id: string; at: Date }>(
    `select ticket_id, at from fact_tickets
     where environment = $1 and ticket_id = any($2) and type in ('MatchmakingSearching', 'MatchmakingTimedOut')
       and day between $3 and $4`,
    [environment, [...matchesOfTicket.keys()], first, last],
  )
  for (const row of searches) {
    for (const matchId of matchesOfTicket.get(row.ticket_id) ?? []) {
      around.get(matchId)?.leftTimes.push(row.at.getTime())
    }
  }
  const { rows: endings } = await db.query<{ match_id: string; status: Ending['status']; at: Date }>(
    `select match_id, status, coalesce(ended_at, updated_at) as at from tickets
     where environment = $1 and match_id = any($2) and status in ('COMPLETED', 'FAILED', 'TIMED_OUT')`,
    [environment, [...around.keys()]],
  )
  for (const row of endings) {
    around.get(row.match_id)?.endings.push({ status: row.status, time: row.at.getTime() })
  }
  return around
}

type Ending = MatchSurroundings['endings'][number]

async function saveMatches(db: Queryable, environment: string, matches: readonly Match[]): Promise<void> {
  if (matches.length === 0) return
  const { rowCount } = await db.query(
    `insert into matches (environment, match_id, configuration, status, ticket_count, player_count, created_at,
       updated_at, acceptance_deadline, game_session_arn)
     select $1, unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::int[]), unnest($6::int[]),
       unnest($7::timestamptz[]), unnest($8::timestamptz[]), unnest($9::timestamptz[]), unnest($10::text[])
     on conflict (environment, match_id) do update set
       (configuration, status, ticket_count, player_count, created_at, updated_at, acceptance_deadline,
        game_session_arn) =
       (excluded.configuration, excluded.status, excluded.ticket_count, excluded.player_count, excluded.created_at,
        excluded.updated_at, excluded.acceptance_deadline, excluded.game_session_arn)`,
    [
      environment,
      texts(matches.map(({ matchId }) => matchId)),
      texts(matches.map(({ configuration }) => configuration)),
      texts(matches.map(({ status }) => status)),
      integers(matches.map(({ ticketIds }) => ticketIds.length)),
      integers(matches.map(({ players }) => players.length)),
      times(matches.map(({ createdAt }) => createdAt)),
      times(matches.map(({ updatedAt }) => updatedAt)),
      times(matches.map(({ acceptanceDeadline }) => acceptanceDeadline)),
      texts(matches.map(({ gameSessionArn }) => gameSessionArn)),
    ],
  )
  if (rowCount !== matches.length) throw new Error(`Wrote ${rowCount} of ${matches.length} matches of ${environment}.`)
}
