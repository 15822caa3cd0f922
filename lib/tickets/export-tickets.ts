/** The tickets of a list as a file: the same filter, all pages, players under names that hold within this file only. */
import { createHmac, randomBytes } from 'node:crypto'
import type { Queryable } from '#lib/db/pool.ts'
import { csvLine } from '#lib/web/csv.ts'
import { listTickets } from './list-tickets.ts'
import type { TicketFilter, TicketRow } from './views.ts'

export const MOST_EXPORTED = 100_000
/** Large enough to cost little a row, small enough to be made within a few milliseconds. */
const ROWS_PER_READ = 500

export interface ExportedTicket {
  ticketId: string
  status: string
  cause: string
  kind: string
  configuration: string
  players: string[]
  matchId: string | null
  startedAt: string
  endedAt: string | null
  updatedAt: string
  /** Whether nothing has stated the status yet. */
  presumed: boolean
}

export interface ExportOf {
  environment: string
  filter: TicketFilter
  /** Epoch ms; the filter's ages are counted from it. */
  now: number
  /** For tests: the most that is written. */
  most?: number
}

/** Some hundred rows at a time; `more` with the last of them: whether the list goes on beyond what is exported. */
async function* readRows(
  db: Queryable,
  { environment, filter, now, most = MOST_EXPORTED }: ExportOf,
): AsyncGenerator<{ rows: ExportedTicket[]; more: boolean }> {
  const mask = playerMask()
  let cursor: string | null = null
  let left = most
  do {
    const page = await listTickets(db, environment, { ...filter, cursor }, now, Math.min(left, ROWS_PER_READ))
    const players = await playersOf(db, environment, page.rows)
    left -= page.rows.length
    cursor = page.nextCursor
    yield {
      rows: page.rows.map((row) => exported(row, (players.get(row.ticketId) ?? []).map(mask))),
      more: cursor !== null && left === 0,
    }
  } while (cursor !== null && left > 0)
}

const COLUMNS = [
  'ticketId',
  'status',
  'cause',
  'kind',
  'configuration',
  'players',
  'matchId',
  'startedAt',
  'endedAt',
  'updatedAt',
  'presumed',
] as const satisfies readonly (keyof ExportedTicket)[]

/** A line of names, then a line for each ticket. Players are separated by spaces, times are UTC. */
export async function* ticketsAsCsv(db: Queryable, what: ExportOf): AsyncGenerator<string> {
  yield csvLine(COLUMNS)
  for await (const { rows, more } of readRows(db, what)) {
    yield rows.map((row) => csvLine(COLUMNS.map((name) => cellOf(row[name])))).join('')
    // Nobody may take a part for the whole.
    if (more) yield csvLine([moreSentence(what)])
  }
}

/** One object: what was exported and when, the tickets, and whether there are more. */
export async function* ticketsAsJson(db: Queryable, what: ExportOf): AsyncGenerator<string> {
  const { cursor: _, ...filter } = what.filter
  const head = { environment: what.environment, filter, exportedAt: new Date(what.now).toISOString() }
  yield `${JSON.stringify(head).slice(0, -1)},"tickets":[`
  let isFirst = true
  let cut = false
  for await (const { rows, more } of readRows(db, what)) {
    if (rows.length > 0) {
      yield `${isFirst ? '' : ','}\n${rows.map((row) => JSON.stringify(row)).join(',\n')}`
      isFirst = false
    }
    cut = more
  }
  yield `\n],"more":${cut}}\n`
}

function moreSentence({ most = MOST_EXPORTED }: ExportOf): string {
  return `The list goes on: these are its first ${most} tickets.`
}

function cellOf(value: ExportedTicket[keyof ExportedTicket]): string {
  return Array.isArray(value) ? value.join(' ') : String(value ?? '')
}

function exported(row: TicketRow, players: string[]): ExportedTicket {
  const { ticketId, status, cause, kind, configuration, matchId, startedAt, endedAt, updatedAt, freshness } = row
  const { presumed } = freshness
  return { ticketId, status, cause, kind, configuration, players, matchId, startedAt, endedAt, updatedAt, presumed }
}

/** The same player has the same name throughout one file, and another in the next: files cannot be laid side by side. */
function playerMask(): (playerId: string) => string {
  const key = randomBytes(32)
  return (playerId) => `player-${createHmac('sha256', key).update(playerId).digest('hex').slice(0, 12)}`
}

async function playersOf(
  db: Queryable,
  environment: string,
  tickets: readonly TicketRow[],
): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ ticket_id: string; player_ids: string[] }>(
    `select ticket_id, array_agg(player_id order by position) as player_ids from ticket_players
     where environment = $1 and ticket_id = any($2::text[]) group by ticket_id`,
    [environment, tickets.map(({ ticketId }) => ticketId)],
  )
  return new Map(rows.map((row) => [row.ticket_id, row.player_ids]))
}
