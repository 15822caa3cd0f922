/** Which tickets a run is about: recomputed here from the index, never taken from a browser. */
import { createHash } from 'node:crypto'
import type { Db, Queryable } from '#lib/db/pool.ts'
import { inTransaction } from '#lib/db/pool.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { OPEN_STATUSES } from '#lib/flexmatch/status.ts'
import type { TicketPlayer } from '#lib/flexmatch/ticket.ts'
import { listTickets } from '#lib/tickets/list-tickets.ts'
import type { BulkAction, BulkFilter, BulkSelection } from './views.ts'

export interface ChosenItem {
  ticketId: string
  /** Of answers; null for the whole ticket. */
  matchId: string | null
  playerIds: string[] | null
}
export interface Chosen {
  items: ChosenItem[]
  /** Whether more matched than `most`. */
  more: boolean
  /** Chosen tickets that cannot be acted upon. */
  leftOut: number
}
export type StoredSelection = Exclude<BulkSelection, { run: string }>

/** A filter on an id may pass over many tickets before it has found its last. */
const MOST_PAGES = 400

/**
 * The items of a selection, at most `most`. A filter means the tickets that had started at `at`: who comes later is not in
 * the set, and does not change it. Throws AppError INVALID_INPUT for a filter that lists no open tickets.
 */
export async function chooseItems(
  db: Db,
  environment: string,
  given: { action: BulkAction; selection: StoredSelection; at: Date; most: number },
): Promise<Chosen> {
  const { action, selection, at, most } = given
  // One look: what moves from one page of the list to another meanwhile is neither missed nor named twice.
  return inTransaction(db, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only')
    const listed =
      'filter' in selection
        ? await byFilter(tx, environment, narrowed(action, selection.filter), at, most)
        : await known(tx, environment, selection.ticketIds, most)
    return action === 'cancel' ? listed : await missingAnswers(tx, environment, listed, most)
  })
}

function narrowed(action: BulkAction, filter: BulkFilter): BulkFilter {
  const tab = filter.tab === 'all' ? 'open' : filter.tab
  if (tab !== 'open' && !OPEN_STATUSES.some((status) => status === tab)) {
    throw new AppError('INVALID_INPUT', `Tickets in ${tab} have ended. Choose a list of open tickets.`)
  }
  if (action === 'cancel') return { ...filter, tab }
  if (tab !== 'open' && tab !== 'REQUIRES_ACCEPTANCE') {
    throw new AppError('INVALID_INPUT', `Tickets in ${tab} wait for no answer.`)
  }
  return { ...filter, tab: 'REQUIRES_ACCEPTANCE' }
}

async function byFilter(
  tx: Queryable,
  environment: string,
  filter: BulkFilter,
  at: Date,
  most: number,
): Promise<Chosen> {
  const items: ChosenItem[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < MOST_PAGES && items.length <= most; pages++) {
    const asked = { ...filter, minAgeSeconds: filter.minAgeSeconds ?? 0, cursor }
    const page = await listTickets(tx, environment, asked, at.getTime())
    items.push(...page.rows.map(({ ticketId }) => ({ ticketId, matchId: null, playerIds: null })))
    cursor = page.nextCursor
    if (cursor === null) break
  }
  return { items: items.slice(0, most), more: items.length > most || cursor !== null, leftOut: 0 }
}

/** Of the tickets named, those that are open. In the order they were named. */
async function known(tx: Queryable, environment: string, ticketIds: readonly string[], most: number): Promise<Chosen> {
  const named = [...new Set(ticketIds)].slice(0, most)
  const { rows } = await tx.query<{ ticket_id: string }>(
    'select ticket_id from tickets where environment = $1 and ticket_id = any($2) and is_open',
    [environment, named],
  )
  const open = new Set(rows.map((row) => row.ticket_id))
  const items = named.filter((id) => open.has(id)).map((ticketId) => ({ ticketId, matchId: null, playerIds: null }))
  return { items, more: false, leftOut: named.length - items.length }
}

/** The answers that are missing in the matches these tickets are proposed in: also those of other tickets. */
async function missingAnswers(tx: Queryable, environment: string, listed: Chosen, most: number): Promise<Chosen> {
  const { rows: proposed } = await tx.query<{ match_id: string }>(
    `select distinct match_id from tickets
     where environment = $1 and ticket_id = any($2) and status = 'REQUIRES_ACCEPTANCE' and match_id is not null`,
    [environment, listed.items.map(({ ticketId }) => ticketId)],
  )
  const { rows } = await tx.query<{ ticket_id: string; match_id: string; players: TicketPlayer[] }>(
    `select ticket_id, match_id, players from tickets
     where environment = $1 and match_id = any($2) and status = 'REQUIRES_ACCEPTANCE' and kind = 'new'
     order by match_id, ticket_id limit $3`,
    [environment, proposed.map((row) => row.match_id), most + 1],
  )
  const items = rows.flatMap(({ ticket_id: ticketId, match_id: matchId, players }): ChosenItem[] => {
    const playerIds = players.filter(({ answer }) => answer === null).map(({ playerId }) => playerId)
    return playerIds.length === 0 ? [] : [{ ticketId, matchId, playerIds }]
  })
  return { items: items.slice(0, most), more: listed.more || rows.length > most, leftOut: listed.leftOut }
}

/** Tells one set of items from another, whatever their order. */
export function hashOfItems(items: readonly ChosenItem[]): Buffer {
  const lines = items.map(({ ticketId, matchId, playerIds }) =>
    JSON.stringify([ticketId, matchId, playerIds && [...playerIds].sort()]),
  )
  return createHash('sha256').update(lines.sort().join('\n')).digest()
}
