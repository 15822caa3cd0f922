/** The anchor of D1: one page as a database person would write it by hand, and nothing done with the rows. */
import type { Db } from '#lib/db/pool.ts'
import { isOpen } from '#lib/flexmatch/status.ts'
import { readCursor } from '#lib/tickets/cursor.ts'
import type { TicketFilter } from '#lib/tickets/views.ts'

const COLUMNS = `t.ticket_id, t.status, t.cause, t.kind, t.configuration, t.player_count, t.match_id,
  t.acceptance_deadline, t.started_at, t.ended_at, t.updated_at, t.presumed, t.confirmed_at`

/** A statement per shape of a filter, with everything that chooses an index spelled out. */
export function rawKeyset(db: Db, environment: string, filter: TicketFilter, now: number): Promise<unknown> {
  const values: unknown[] = [environment]
  const bind = (value: unknown) => `$${values.push(value)}`
  const { tab, playerId, ticketId } = filter
  const byId = playerId === null && ticketId !== null
  const keyset = playerId === null ? 't' : 'p'
  const conditions = ['t.environment = $1']
  if (playerId !== null) conditions.push(`p.environment = $1 and left(p.player_id, 256) = ${bind(playerId)}`)
  if (tab === 'open') conditions.push('t.is_open')
  else if (tab !== 'all') conditions.push(`t.status = '${tab}'${tab !== 'GONE' && isOpen(tab) ? ' and t.is_open' : ''}`)
  if (filter.configuration !== null) conditions.push(`t.configuration = ${bind(filter.configuration)}`)
  if (filter.kind !== null)
    conditions.push(`t.kind = '${filter.kind}'${filter.kind === 'new' ? '' : ` and t.kind <> 'new'`}`)
  if (filter.presumed) conditions.push('t.presumed')
  if (ticketId !== null) {
    conditions.push(`t.ticket_id >= ${bind(ticketId)} and t.ticket_id < ${bind(`${ticketId}\u007f`)}`)
  }
  const cursor = readCursor(filter.cursor)
  // Backwards from a place every ticket is older than the place, so old enough.
  if (filter.minAgeSeconds !== null && (byId || !cursor || filter.order === 'oldest')) {
    conditions.push(`${keyset}.started_at <= ${bind(new Date(now - filter.minAgeSeconds * 1000))}`)
  }
  const [than, direction] = filter.order === 'newest' ? ['<', 'desc'] : ['>', 'asc']
  if (cursor && byId) conditions.push(`t.ticket_id > ${bind(cursor.id)}`)
  else if (cursor) {
    const place = `(${bind(new Date(cursor.time ?? 0))}::timestamptz, ${bind(cursor.id)}::text)`
    conditions.push(`(${keyset}.started_at, ${keyset}.ticket_id) ${than} ${place}`)
  }
  const order = byId ? 't.ticket_id' : `${keyset}.started_at ${direction}, ${keyset}.ticket_id ${direction}`
  const from = playerId === null ? 'tickets t' : 'ticket_players p join tickets t using (environment, ticket_id)'
  const text = `select ${COLUMNS} from ${from} where ${conditions.join(' and ')} order by ${order} limit 51`
  return db.query({ text, values, name: nameOf(text) })
}

/** Statements of a pool are prepared once per connection, under a name. */
const names = new Map<string, string>()
function nameOf(text: string): string {
  const known = names.get(text) ?? `raw ${names.size}`
  names.set(text, known)
  return known
}
