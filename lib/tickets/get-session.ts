import type { Queryable } from '#lib/db/pool.ts'
import { SESSION_COLUMNS, type SessionRecord, sessionRow } from './session-row-view.ts'
import { rowColumns, type TicketRecord, ticketRow } from './ticket-row-view.ts'
import type { SessionView } from './views.ts'

/** At most one backfill ticket of a session is open; a few more may not have been heard to be over. */
const MAX_BACKFILL_TICKETS = 20

/** What the index knows of a session; what it is like now is read from GameLift. */
export type IndexedSession = Omit<SessionView, 'live' | 'unreadable'>

/** By ARN, or by the last part of it; null when no match was placed there. `now` is epoch ms. */
export async function getSession(
  db: Queryable,
  environment: string,
  arnOrId: string,
  now = Date.now(),
): Promise<IndexedSession | null> {
  const condition = arnOrId.startsWith('arn:') ? 'game_session_arn = $2' : `split_part(game_session_arn, '/', -1) = $2`
  const { rows } = await db.query<SessionRecord>(
    `select ${SESSION_COLUMNS} from game_sessions where environment = $1 and ${condition}
     order by created_at desc limit 1`,
    [environment, arnOrId],
  )
  const record = rows[0]
  if (!record) return null
  return {
    ...sessionRow(record),
    backfillTickets: await readBackfillTickets(db, environment, record.game_session_arn, now),
  }
}

async function readBackfillTickets(db: Queryable, environment: string, gameSessionArn: string, now: number) {
  const { rows } = await db.query<TicketRecord>(
    `select ${rowColumns()} from tickets
     where environment = $1 and is_open and game_session_arn = $2 and kind <> 'new'
     order by started_at desc, ticket_id desc limit ${MAX_BACKFILL_TICKETS}`,
    [environment, gameSessionArn],
  )
  return rows.map((row) => ticketRow(row, now))
}
