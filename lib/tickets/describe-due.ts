/** When GameLift must be asked about a ticket next. Events are best effort: silence is not a state. */
import type { Queryable } from '#lib/db/pool.ts'
import { isSettled } from '#lib/flexmatch/apply-event.ts'
import type { Ticket } from '#lib/flexmatch/ticket.ts'

/** AWS: poll as a back-up, not before 30 s of silence, each ticket not more than once in 10 s. */
export const QUIET_MS = 30_000
export const MIN_INTERVAL_MS = 10_000
/** A describe closer to the newest event than this may be older than it. */
const TRAILING_MS = 2_000
export const AFTER_DEADLINE_MS = 3_000

/** Epoch ms; null when nothing more can be learned. `confirmedAt`: when an event or a describe last spoke of it. */
export function describeDueAt(
  ticket: Ticket,
  confirmedAt: number,
  lastDescribedAt: number | null,
  now: number,
): number | null {
  if (ticket.status === 'GONE') return null
  if (isSettled(ticket) && ticket.described) return null
  return Math.max(
    expectedAt(ticket, confirmedAt, now),
    lastDescribedAt === null ? 0 : lastDescribedAt + MIN_INTERVAL_MS,
  )
}

function expectedAt(ticket: Ticket, confirmedAt: number, now: number): number {
  if (!ticket.described) return now // attributes and latency: told early, or never
  if (ticket.presumed) return Math.min(ticket.lastEventAt ?? now, now) + TRAILING_MS
  const quietSince = confirmedAt + QUIET_MS
  return ticket.acceptanceDeadline === null
    ? quietSince
    : Math.min(quietSince, ticket.acceptanceDeadline + AFTER_DEADLINE_MS)
}

/**
 * For `update tickets set`: described at `at` or earlier, whatever its facts say meanwhile. `at` is SQL for a time; null
 * changes nothing. Not before the interval since it was asked about last.
 */
export function wantDescribed(at: string): string {
  const earliest = `greatest(${at}, last_described_at + make_interval(secs => ${MIN_INTERVAL_MS / 1000}))`
  return `describe_wanted_at = least(describe_wanted_at, ${earliest}), describe_due_at = least(describe_due_at, ${earliest})`
}

/**
 * Makes tickets due that are still being placed although their queue has given up: whether an event tells that they search
 * again, AWS does not say.
 */
export async function describeUnplaced(
  db: Queryable,
  environment: string,
  matchIds: readonly string[],
  now: number,
): Promise<void> {
  if (matchIds.length === 0) return
  await db.query(
    `update tickets set ${wantDescribed('$3::timestamptz')}
     where environment = $1 and match_id = any($2) and status = 'PLACING'`,
    [environment, matchIds, new Date(now + TRAILING_MS)],
  )
}

export interface NewTicket {
  ticketId: string
  startedAt: number
  playerIds: string[]
}

/** A player has had few tickets lately: older ones than these are long closed. */
const RECENT_TICKETS_PER_PLAYER = 5

/**
 * Makes open tickets due that list a player of a newer ticket: GameLift cancels them without an event. Asked in both
 * directions, because the newer ticket may be heard of first. Returns the tickets that a newer one had ended before it was
 * heard of: their pages can name it now.
 */
export async function describeSoon(
  db: Queryable,
  environment: string,
  newTickets: readonly NewTicket[],
  now: number,
): Promise<string[]> {
  const pairs = newTickets.flatMap((ticket) => ticket.playerIds.map((playerId) => ({ ...ticket, playerId })))
  if (pairs.length === 0) return []
  const { rows } = await db.query<{ ticket_id: string }>(
    `select distinct other.ticket_id
     from unnest($2::text[], $3::text[]) as added (ticket_id, player_id)
     cross join lateral (
       select p.ticket_id, p.started_at from ticket_players p
       where p.environment = $1 and left(p.player_id, 256) = left(added.player_id, 256)
         and p.player_id = added.player_id
       order by p.started_at desc, p.ticket_id desc limit ${RECENT_TICKETS_PER_PLAYER}) as other
     where other.ticket_id <> added.ticket_id`,
    [environment, pairs.map((pair) => pair.ticketId), pairs.map((pair) => pair.playerId)],
  )
  // Most players have had no other ticket lately, and looking for those to update would cost as much as finding that out.
  if (rows.length === 0) return []
  const ended = await db.query<{ ticket_id: string }>(
    `with due as (
       update tickets set ${wantDescribed('$3::timestamptz')}
       where environment = $1 and ticket_id = any($2) and is_open)
     select ticket_id from tickets where environment = $1 and ticket_id = any($2) and cause = 'superseded'`,
    [environment, rows.map((row) => row.ticket_id), new Date(now)],
  )
  return ended.rows.map((row) => row.ticket_id)
}
