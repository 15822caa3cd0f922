import type { Queryable } from '#lib/db/pool.ts'
import { type Cursor, cutPage, readCursor, writeCursor } from './cursor.ts'
import { nameNewer } from './superseded.ts'
import { rowColumns, type TicketRecord, ticketRow } from './ticket-row-view.ts'
import type { TicketFilter, TicketPage } from './views.ts'

export const PAGE_SIZE = 50
/**
 * Of the tickets of one beginning, or of one player, no index has those apart that the rest of a filter asks for: a page
 * looks at this many before it hands over to the next page.
 */
const MOST_LOOKED_AT = 2_000

/**
 * One page of tickets in the order of their starts; under a ticket id filter in the order of their ids. Every
 * combination reads one range of one index, and superseded tickets of the page one more each. Throws AppError
 * INVALID_INPUT for a cursor this function did not give.
 */
export async function listTickets(
  db: Queryable,
  environment: string,
  filter: TicketFilter,
  now = Date.now(),
  pageSize = PAGE_SIZE,
): Promise<TicketPage> {
  const list = filter.ticketId !== null && filter.playerId === null ? listByPrefix : listByStart
  const page = await list(db, environment, filter, now, pageSize)
  return { ...page, rows: await nameNewer(db, environment, page.rows) }
}

async function listByStart(
  db: Queryable,
  environment: string,
  filter: TicketFilter,
  now: number,
  pageSize: number,
): Promise<TicketPage> {
  const values: unknown[] = [environment]
  const bind = (value: unknown) => `$${values.push(value)}`
  const { cursor, minAgeSeconds } = oneEnd(filter, now)
  const bounded = { ...filter, minAgeSeconds }
  const conditions = conditionsOf(bounded, bind, now)
  const keyset = filter.playerId === null ? 'tickets' : 'p'
  const [than, before, direction] = filter.order === 'newest' ? ['<', '>=', 'desc'] : ['>', '<=', 'asc']
  if (cursor) {
    const place = `(${bind(new Date(cursor.time ?? 0))}::timestamptz, ${bind(cursor.id)})`
    conditions.push(`(${keyset}.started_at, ${keyset}.ticket_id) ${than} ${place}`)
  }
  const edge = await edgeOf(db, environment, bounded, cursor, now)
  if (edge) {
    conditions.push(
      `(p.started_at, p.ticket_id) ${before} (${bind(new Date(edge.time ?? 0))}::timestamptz, ${bind(edge.id)})`,
    )
  }
  const { rows } = await db.query<TicketRecord>(
    `select ${rowColumns()} from ${sourceOf(filter, bind)}
     where ${conditions.join(' and ')}
     order by ${keyset}.started_at ${direction}, ${keyset}.ticket_id ${direction} limit ${pageSize + 1}`,
    values,
  )
  const page = cutPage(
    rows,
    pageSize,
    (row) => ticketRow(row, now),
    (row) => ({ time: row.started_at.getTime(), id: row.ticket_id }),
  )
  return edge && page.nextCursor === null ? { ...page, nextCursor: writeCursor(edge) } : page
}

/** How far a page of one player's tickets looks where not all of them are asked for; null where that is to the end. */
async function edgeOf(
  db: Queryable,
  environment: string,
  { playerId, tab, configuration, kind, presumed, ticketId, minAgeSeconds, order }: TicketFilter,
  cursor: Cursor | null,
  now: number,
): Promise<Cursor | null> {
  const all = tab === 'all' && configuration === null && kind === null && !presumed && ticketId === null
  if (playerId === null || all) return null
  const values: unknown[] = [environment, playerId]
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = ['environment = $1', 'left(player_id, 256) = left($2, 256)', 'player_id = $2']
  if (minAgeSeconds !== null)
    conditions.push(`started_at <= ${bind(new Date(now - minAgeSeconds * 1000))}::timestamptz`)
  const [than, direction] = order === 'newest' ? ['<', 'desc'] : ['>', 'asc']
  if (cursor) {
    conditions.push(
      `(started_at, ticket_id) ${than} (${bind(new Date(cursor.time ?? 0))}::timestamptz, ${bind(cursor.id)})`,
    )
  }
  const { rows } = await db.query<{ started_at: Date; ticket_id: string }>(
    `select started_at, ticket_id from ticket_players where ${conditions.join(' and ')}
     order by started_at ${direction}, ticket_id ${direction} offset ${MOST_LOOKED_AT - 1} limit 1`,
    values,
  )
  return rows[0] ? { time: rows[0].started_at.getTime(), id: rows[0].ticket_id } : null
}

/**
 * Backwards from a place, what is too young lies before the place or the place among what is too young: one of the two says
 * where the range begins. Given both, PostgreSQL may begin at the one and pass over all that the other leaves out.
 */
function oneEnd({ cursor: text, minAgeSeconds, order }: TicketFilter, now: number) {
  const cursor = readCursor(text)
  if (cursor === null || minAgeSeconds === null || order === 'oldest') return { cursor, minAgeSeconds }
  const oldEnough = (cursor.time ?? 0) <= now - minAgeSeconds * 1000
  return oldEnough ? { cursor, minAgeSeconds: null } : { cursor: null, minAgeSeconds }
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
  if (filter.presumed) conditions.push('tickets.presumed')
  if (filter.minAgeSeconds !== null) {
    const startedBefore = bind(new Date(now - filter.minAgeSeconds * 1000))
    conditions.push(`${filter.playerId === null ? 'tickets' : 'p'}.started_at <= ${startedBefore}::timestamptz`)
  }
  if (filter.ticketId !== null) conditions.push(...prefixRange(filter.ticketId, bind))
  return conditions
}

/** As a range, because LIKE with a bound pattern uses no index. Ids are ASCII, so nothing sorts behind DEL. */
function prefixRange(prefix: string, bind: Bind, after: string | null = null): string[] {
  const begin = after === null ? `>= ${bind(prefix)}` : `> ${bind(after)}`
  return [`tickets.ticket_id ${begin}`, `tickets.ticket_id < ${bind(`${prefix}\u007f`)}`]
}

async function listByPrefix(
  db: Queryable,
  environment: string,
  filter: TicketFilter,
  now: number,
  pageSize: number,
): Promise<TicketPage> {
  const values: unknown[] = [environment]
  const bind = (value: unknown) => `$${values.push(value)}`
  const cursor = readCursor(filter.cursor)
  const prefix = filter.ticketId ?? ''
  const range = prefixRange(prefix, bind, cursor?.id.startsWith(prefix) ? cursor.id : null)
  // How far this page looks, said beforehand: what comes or goes meanwhile is neither missed nor shown twice.
  const { rows: edges } = await db.query<{ looked: number; last_id: string | null }>(
    `select count(*)::int as looked, max(ticket_id) as last_id from (
       select ticket_id from tickets where environment = $1 and ${range.join(' and ')}
       order by ticket_id limit ${MOST_LOOKED_AT}) as ids`,
    values,
  )
  const { looked, last_id: lastId } = edges[0] ?? { looked: 0, last_id: null }
  if (lastId === null) return { rows: [], nextCursor: null }
  const conditions = [
    ...conditionsOf({ ...filter, ticketId: null }, bind, now),
    ...range,
    `tickets.ticket_id <= ${bind(lastId)}`,
  ]
  const { rows } = await db.query<TicketRecord>(
    `select ${rowColumns()} from tickets where ${conditions.join(' and ')} order by ticket_id limit ${pageSize + 1}`,
    values,
  )
  const page = cutPage(
    rows,
    pageSize,
    (row) => ticketRow(row, now),
    (row) => ({ time: null, id: row.ticket_id }),
  )
  if (page.nextCursor !== null || looked < MOST_LOOKED_AT) return page
  return { ...page, nextCursor: writeCursor({ time: null, id: lastId }) }
}
