/**
 * Which newer ticket ended a ticket: GameLift cancels it without an event when one of its players is in a newer one, and names
 * neither. The index knows who was in which.
 */
import type { Queryable } from '#lib/db/pool.ts'
import type { SupersededView, TicketRow } from './views.ts'

/** The end of the one is the start of the other; sources may round both. */
const ROUNDED_MS = 1_000
/** A player has had few tickets in the time of one. */
const TICKETS_PER_PLAYER = 10

/** The rows, those of superseded tickets with the newer ticket where the index knows it. */
export async function nameNewer<Row extends TicketRow>(
  db: Queryable,
  environment: string,
  rows: readonly Row[],
): Promise<Row[]> {
  const newer = await readNewer(
    db,
    environment,
    rows.filter(({ status, cause }) => status === 'CANCELLED' && cause === 'superseded'),
  )
  return rows.map((row) => ({ ...row, supersededBy: newer.get(row.ticketId) ?? null }))
}

/** By superseded ticket: of its players' newer tickets the one that started when it ended. */
async function readNewer(
  db: Queryable,
  environment: string,
  superseded: readonly TicketRow[],
): Promise<Map<string, SupersededView>> {
  if (superseded.length === 0) return new Map()
  const { rows } = await db.query<SupersededView & { of: string }>(
    `select ended.ticket_id as of, newer.ticket_id as "ticketId", newer.player_id as "playerId", newer.kind
     from unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) as ended (ticket_id, started_at, ended_at)
     cross join lateral (
       select later.*, tickets.kind from ticket_players own
       cross join lateral (
         select p.ticket_id, p.player_id, p.started_at from ticket_players p
         where p.environment = $1 and left(p.player_id, 256) = left(own.player_id, 256) and p.player_id = own.player_id
           and p.started_at > ended.started_at
           and p.started_at <= ended.ended_at + make_interval(secs => ${ROUNDED_MS / 1000})
         order by p.started_at desc, p.ticket_id desc limit ${TICKETS_PER_PLAYER}) as later
       join tickets on tickets.environment = $1 and tickets.ticket_id = later.ticket_id
       where own.environment = $1 and own.ticket_id = ended.ticket_id and later.ticket_id <> ended.ticket_id
       order by abs(extract(epoch from later.started_at - ended.ended_at)), own.position limit 1) as newer`,
    [
      environment,
      superseded.map(({ ticketId }) => ticketId),
      superseded.map(({ startedAt }) => startedAt),
      superseded.map(({ endedAt }) => endedAt),
    ],
  )
  return new Map(rows.map(({ of, ...newer }) => [of, newer]))
}
