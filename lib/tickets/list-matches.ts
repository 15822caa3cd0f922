import type { Queryable } from '#lib/db/pool.ts'
import { cutPage, readCursor } from './cursor.ts'
import type { MatchRow, PageOf } from './views.ts'

const PAGE_SIZE = 50

interface MatchRecord {
  match_id: string
  configuration: string
  status: MatchRow['status']
  ticket_count: number
  player_count: number
  created_at: Date
  updated_at: Date
  acceptance_deadline: Date | null
  game_session_arn: string | null
}

/** Newest first. Throws AppError INVALID_INPUT for a cursor this function did not give. */
export async function listMatches(
  db: Queryable,
  environment: string,
  cursor: string | null = null,
): Promise<PageOf<MatchRow>> {
  const after = readCursor(cursor)
  const { rows } = await db.query<MatchRecord>(
    `select match_id, configuration, status, ticket_count, player_count, created_at, updated_at, acceptance_deadline,
       game_session_arn
     from matches where environment = $1 ${after ? 'and (created_at, match_id) < ($2::timestamptz, $3)' : ''}
     order by created_at desc, match_id desc limit ${PAGE_SIZE + 1}`,
    after ? [environment, new Date(after.time ?? 0), after.id] : [environment],
  )
  return cutPage(rows, PAGE_SIZE, matchRow, (row) => ({ time: row.created_at.getTime(), id: row.match_id }))
}

function matchRow(record: MatchRecord): MatchRow {
  return {
    matchId: record.match_id,
    configuration: record.configuration,
    status: record.status,
    ticketCount: record.ticket_count,
    playerCount: record.player_count,
    createdAt: record.created_at.toISOString(),
    updatedAt: record.updated_at.toISOString(),
    acceptanceDeadline: record.acceptance_deadline?.toISOString() ?? null,
    gameSessionArn: record.game_session_arn,
  }
}
