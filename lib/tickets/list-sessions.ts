import type { Queryable } from '#lib/db/pool.ts'
import { cutPage, readCursor } from './cursor.ts'
import { SESSION_COLUMNS, type SessionRecord, sessionRow } from './session-row-view.ts'
import type { FleetReadView, SessionPage } from './views.ts'

const PAGE_SIZE = 50

/**
 * Game sessions that matches were placed in and that fleets listed, newest first, with how the reading of the fleets goes.
 * Throws AppError INVALID_INPUT for a cursor this did not give.
 */
export async function listSessions(
  db: Queryable,
  environment: string,
  cursor: string | null = null,
): Promise<SessionPage> {
  const after = readCursor(cursor)
  const { rows } = await db.query<SessionRecord>(
    `select ${SESSION_COLUMNS} from game_sessions
     where environment = $1 ${after ? 'and (created_at, game_session_arn) < ($2::timestamptz, $3)' : ''}
     order by created_at desc, game_session_arn desc limit ${PAGE_SIZE + 1}`,
    after ? [environment, new Date(after.time ?? 0), after.id] : [environment],
  )
  const page = cutPage(rows, PAGE_SIZE, sessionRow, (row) => ({
    time: row.created_at.getTime(),
    id: row.game_session_arn,
  }))
  return { ...page, fleets: await listFleetReads(db, environment) }
}

async function listFleetReads(db: Queryable, environment: string): Promise<FleetReadView[]> {
  const { rows } = await db.query<{
    fleet: string
    listed_at: Date | null
    sessions: number | null
    problem: string | null
    problem_since: Date | null
  }>(
    `select fleet, listed_at, sessions, problem, problem_since from fleet_reads where environment = $1
     order by problem is null, fleet`,
    [environment],
  )
  return rows.map(({ fleet, listed_at, sessions, problem, problem_since }) => ({
    fleet,
    listedAt: listed_at?.toISOString() ?? null,
    sessions,
    problem,
    problemSince: problem_since?.toISOString() ?? null,
  }))
}
