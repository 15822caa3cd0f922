import type { Queryable } from '#lib/db/pool.ts'
import { cutPage, readCursor, writeCursor } from './cursor.ts'
import { rowColumns, type TicketRecord, ticketRow } from './ticket-row-view.ts'
import type { TicketFilter, TicketPage } from './views.ts'

export const PAGE_SIZE = 50
/** Ids are matched by their beginning; a page looks at this many of them before it hands over to the next page. */
const PREFIX_SCAN = 2_000

/**
 * One page of tickets in the order of their starts; under a ticket id filter in the order of their ids. Every
 * combination reads one range of one index. Throws AppError INVALID_INPUT for a cursor this function did not give.
 */
export async function listTickets(
  db: Queryable,
  environment: string,
  filter: TicketFilter,
  now = Date.now(),
): Promise<TicketPage> {
  if (filter.ticketId !== null && filter.playerId === null) return listByPrefix(db, environment, filter, now)
  const values: unknown[] = [environment]
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = conditionsOf(filter, bind, now)
  const cursor = readCursor(filter.cursor)
  const keyset = filter.playerId === null ? 'tickets' : 'p'
  const [than, direction] = filter.order === 'newest' ? ['<', 'desc'] : ['>', 'asc']
  if (cursor) {
    const place = `(${bind(new Date(cursor.time ?? 0))}::timestamptz, ${bind(cursor.id)})`
    conditions.push(`(${keyset}.started_at, ${keyset}.ticket_id) ${than} ${place}`)
  }
  const { rows } = await db.query<TicketRecord>(
    `select ${rowColumns()} from ${sourceOf(filter, bind)}
     where ${conditions.join(' and ')}
     order by ${keyset}.started_at ${direction}, ${keyset}.ticket_id ${direction} limit ${PAGE_SIZE + 1}`,
    values,
  )
  return cutPage(
    rows,
    PAGE_SIZE,
    (row) => ticketRow(row, now),
    (row) => ({ time: row.started_at.getTime(), id: row.ticket_id }),
  )
}

type Bind = (value: unknown) => string

function sourceOf(filter: TicketFilter, bind: Bind): string {
  if (filter.playerId === null) return 'tickets'
  const playerId = bind(filter.playerId)
  return `ticket_players p join tickets on p.environment = $1 and left(p.player_id, 256) = left(${playerId}::text, 256)
    and p.player_id = ${playerId} and tickets.environment = p.environment and tickets.ticket_id = p.ticket_id`
}

function conditionsOf(filter: TicketFilter, bind: Bind, now: number): string[] {
  const conditions = ['tickets.environment = $1']
  if (filter.tab === 'open') conditions.push('tickets.is_open')
  else if (filter.tab !== 'all') conditions.push(`tickets.status = ${bind(filter.tab)}`)
  if (filter.configuration !== null) conditions.push(`tickets.configuration = ${bind(filter.configuration)}`)
  if (filter.kind !== null) conditions.push(`tickets.kind = ${bind(filter.kind)}`)
  // Spelled out, because the planner proves nothing about a bound value: these indexes hold backfill tickets only.
  if (filter.kind !== null && filter.kind !== 'new') conditions.push(`tickets.kind <> 'new'`)
  if (filter.minAgeSeconds !== null) {
    const startedBefore = bind(new Date(now - filter.minAgeSeconds * 1000))
    conditions.push(`${filter.playerId === null ? 'tickets' : 'p'}.started_at <= ${startedBefore}::timestamptz`)
  }
  if (filter.ticketId !== null) conditions.push(...prefixRange(filter.ticketId, bind))
  return conditions
}

/** As a range, because LIKE with a bound pattern uses no index. Ids are ASCII, so nothing sorts behind DEL. */
function prefixRange(prefix: string, bind: Bind): string[] {
  return [`tickets.ticket_id >= ${bind(prefix)}`, `tickets.ticket_id < ${bind(`${prefix}\u007f`)}`]
}

async function listByPrefix(
  db: Queryable,
  environment: string,
  filter: TicketFilter,
  now: number,
): Promise<TicketPage> {
  const values: unknown[] = [environment]
  const bind = (value: unknown) => `$${values.push(value)}`
  const cursor = readCursor(filter.cursor)
  const range = prefixRange(filter.ticketId ?? '', bind)
  if (cursor) range.push(`tickets.ticket_id > ${bind(cursor.id)}`)
  const conditions = conditionsOf({ ...filter, ticketId: null }, bind, now)
  const { rows } = await db.query<TicketRecord & { scanned: number; last_id: string | null }>(
    `with scan as materialized (
       select * from tickets where environment = $1 and ${range.join(' and ')} order by ticket_id limit ${PREFIX_SCAN}),
     edge as (select count(*)::int as scanned, max(ticket_id) as last_id from scan)
     select edge.*, found.* from edge left join lateral (
       select ${rowColumns()} from scan as tickets where ${conditions.join(' and ')}
       order by ticket_id limit ${PAGE_SIZE + 1}) as found on true`,
    values,
  )
  const found = rows.filter((row) => row.ticket_id !== null)
  const page = cutPage(
    found,
    PAGE_SIZE,
    (row) => ticketRow(row, now),
    (row) => ({ time: null, id: row.ticket_id }),
  )
  const edge = rows[0]
  if (page.nextCursor === null && edge?.last_id && edge.scanned === PREFIX_SCAN) {
    return { ...page, nextCursor: writeCursor({ time: null, id: edge.last_id }) }
  }
  return page
}
