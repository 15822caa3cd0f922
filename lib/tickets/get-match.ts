import type { Queryable } from '#lib/db/pool.ts'
import type { EventFact } from '#lib/flexmatch/events.ts'
import { type Match, type MatchPlayer, orderMatchHistory, projectMatch } from '#lib/flexmatch/project-match.ts'
import type { TicketPlayer } from '#lib/flexmatch/ticket.ts'
import { daysOf, inOrderOf, readStoredMatchFacts } from './fact-rows.ts'
import { readSurroundings } from './match-rows.ts'
import { playerView } from './player-view.ts'
import { rowColumns, type TicketRecord, ticketRow } from './ticket-row-view.ts'
import type { MatchRow, MatchView, PlayerView } from './views.ts'

type Record = TicketRecord & { players: TicketPlayer[] }

/** One proposed match with its tickets, also those that have left it; null when no event has named it. */
export async function getMatch(
  db: Queryable,
  environment: string,
  matchId: string,
  now = Date.now(),
): Promise<MatchView | null> {
  const { rows: known } = await db.query<{ created_at: Date; updated_at: Date }>(
    'select created_at, updated_at from matches where environment = $1 and match_id = $2',
    [environment, matchId],
  )
  if (!known[0]) return null
  const days = daysOf(known[0].created_at, known[0].updated_at)
  const stored = await readStoredMatchFacts(db, environment, matchId, days)
  const events = stored.map(({ fact }) => fact).filter((fact) => fact.source === 'event')
  const match = await projectWithSurroundings(db, environment, matchId, events)
  if (!match) return null
  const { rows } = await db.query<Record>(
    `select ${rowColumns()}, players from tickets where environment = $1 and ticket_id = any($2)`,
    [environment, match.ticketIds],
  )
  const records = new Map(rows.map((row) => [row.ticket_id, row]))
  return {
    ...matchRow(match),
    acceptanceRequired: match.acceptanceRequired,
    teams: teamsOf(match, records),
    tickets: match.ticketIds.flatMap((ticketId) => {
      const record = records.get(ticketId)
      return record ? [ticketRow(record, now)] : []
    }),
    ruleEvaluationMetrics: match.ruleEvaluationMetrics,
    facts: inOrderOf(orderMatchHistory(events), stored),
  }
}

/** How a match ended that its own events leave open, others may tell. */
async function projectWithSurroundings(
  db: Queryable,
  environment: string,
  matchId: string,
  events: readonly EventFact[],
): Promise<Match | null> {
  const match = projectMatch(matchId, events)
  if (match?.status !== 'proposed' && match?.status !== 'placing') return match
  const around = await readSurroundings(db, environment, new Map([[matchId, events]]))
  return projectMatch(matchId, events, around.get(matchId))
}

function matchRow(match: Match): MatchRow {
  return {
    matchId: match.matchId,
    configuration: match.configuration,
    status: match.status,
    ticketCount: match.ticketIds.length,
    playerCount: match.players.length,
    createdAt: new Date(match.createdAt).toISOString(),
    updatedAt: new Date(match.updatedAt).toISOString(),
    acceptanceDeadline: match.acceptanceDeadline === null ? null : new Date(match.acceptanceDeadline).toISOString(),
    gameSessionArn: match.gameSessionArn,
  }
}

/** By the name of the team; players no event has put into one come last, under an empty name. */
function teamsOf(match: Match, records: ReadonlyMap<string, Record>): MatchView['teams'] {
  const teams = new Map<string, PlayerView[]>()
  for (const player of match.players) {
    const name = player.team ?? ''
    teams.set(name, [...(teams.get(name) ?? []), playerOf(match, player, records.get(player.ticketId))])
  }
  return [...teams]
    .map(([name, players]) => ({ name, players }))
    .sort((a, b) => Number(a.name === '') - Number(b.name === '') || (a.name < b.name ? -1 : 1))
}

function playerOf(match: Match, player: MatchPlayer, record: Record | undefined): PlayerView {
  const known = record?.players.find((each) => each.playerId === player.playerId)
  const inThisMatch: TicketPlayer = {
    playerId: player.playerId,
    team: player.team,
    answer: player.answer,
    answeredAt: player.answeredAt,
    playerSessionId: player.playerSessionId,
    attributes: known?.attributes ?? null,
    latencyMs: known?.latencyMs ?? null,
  }
  if (record?.match_id === match.matchId) return playerView(record, inThisMatch)
  // The ticket has gone on without this match: nothing that is asked of it now belongs here.
  return {
    ...inThisMatch,
    answeredAt: player.answeredAt === null ? null : new Date(player.answeredAt).toISOString(),
    ticketId: player.ticketId,
    mayAnswer: false,
    requested: null,
  }
}
