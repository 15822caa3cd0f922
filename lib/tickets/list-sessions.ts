import type { Queryable } from '#lib/db/pool.ts'
import { cutPage, readCursor } from './cursor.ts'
import { SESSION_COLUMNS, type SessionRecord, sessionRow } from './session-row-view.ts'
import type { PageOf, SessionRow } from './views.ts'

const PAGE_SIZE = 50

/** Game sessions FlexMatch placed, newest first. Throws AppError INVALID_INPUT for a cursor this did not give. */
export async function listSessions(
  db: Queryable,
  environment: string,
  cursor: string | null = null,
): Promise<PageOf<SessionRow>> {
  const after = readCursor(cursor)
  const { rows } = await db.query<SessionRecord>(
    `select ${SESSION_COLUMNS} from game_sessions
     where environment = $1 ${after ? 'and (created_at, game_session_arn) < ($2::timestamptz, $3)' : ''}
     order by created_at desc, game_session_arn desc limit ${PAGE_SIZE + 1}`,
    after ? [environment, new Date(after.time ?? 0), after.id] : [environment],
  )
  return cutPage(rows, PAGE_SIZE, sessionRow, (row) => ({
    time: row.created_at.getTime(),
    id: row.game_session_arn,
  }))
}
