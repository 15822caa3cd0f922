/** What must have been sent and was not delivered, per ticket: told from the whole history, kept until it comes late. */
import type { Queryable } from '#lib/db/pool.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import { missingEvents } from '#lib/flexmatch/missing-events.ts'
import { orderHistory } from '#lib/flexmatch/project-ticket.ts'

/** Which of these tickets miss something already. */
export async function readTicketsWithGaps(
  db: Queryable,
  environment: string,
  ticketIds: readonly string[],
): Promise<string[]> {
  if (ticketIds.length === 0) return []
  const { rows } = await db.query<{ ticket_id: string }>(
    'select distinct ticket_id from gaps where environment = $1 and ticket_id = any($2)',
    [environment, ticketIds],
  )
  return rows.map((row) => row.ticket_id)
}

/**
 * Writes what these tickets miss, by their whole histories, in place of what they missed before. Nothing is missed of
 * tickets from before the first event ever: those were begun when nobody listened.
 */
export async function saveGaps(
  db: Queryable,
  environment: string,
  histories: ReadonlyMap<string, readonly TicketFact[]>,
  now: number,
): Promise<void> {
  if (histories.size === 0) return
  const { rows } = await db.query<{ since: Date | null }>(
    'select min(minute) as since from channel_minutes where environment = $1',
    [environment],
  )
  const since = rows[0]?.since?.getTime() ?? now
  const missing = [...histories].flatMap(([ticketId, facts]) =>
    missingEvents(ticketId, orderHistory(ticketId, facts), since).map((event) => ({ ticketId, ...event })),
  )
  const keys = [missing.map(({ ticketId }) => ticketId), missing.map(({ key }) => key)]
  await db.query(
    `delete from gaps where environment = $1 and ticket_id = any($2)
       and (ticket_id, gap_key) not in (select * from unnest($3::text[], $4::text[]))`,
    [environment, [...histories.keys()], ...keys],
  )
  if (missing.length === 0) return
  await db.query(
    `insert into gaps (environment, found_at, ticket_id, gap_key, type)
     select $1, $2, * from unnest($3::text[], $4::text[], $5::text[]) on conflict do nothing`,
    [environment, new Date(now), ...keys, missing.map(({ type }) => type)],
  )
}
