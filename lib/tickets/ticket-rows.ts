/** Projected tickets as rows, with their players, the counters, and what operators asked for. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { booleans, doubles, integers, jsons, texts, times } from '#lib/db/columns.ts'
import type { Queryable } from '#lib/db/pool.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import type { StoredTicket } from '#lib/flexmatch/project-further.ts'
import type { Proposal, Ticket, TicketPlayer } from '#lib/flexmatch/ticket.ts'
import { describeDueAt, type NewTicket } from './describe-due.ts'
import { openRequestsAfter, type StoredRequest } from './requests.ts'

/** A ticket as it is stored, with what is kept beside the projection. Times are epoch ms. */
export interface KnownTicket extends StoredTicket {
  firstFactAt: number
  requests: StoredRequest[]
  confirmedAt: number
  confirmedSource: 'event' | 'describe'
  lastDescribedAt: number | null
}

/** A ticket as it is to be stored. */
export interface ProjectedTicket extends StoredTicket {
  firstFactAt: number
  /** Epoch ms of what was heard last, an event or an observation; null where all that is new is a presumption. */
  heard: { at: number; source: 'event' | 'describe' } | null
}

/**
 * Saves projections and everything kept beside them; returns the tickets that were not known before. `columns` as
 * `ticketColumns` makes them, where that was done already.
 */
export async function saveTickets(
  db: Queryable,
  environment: string,
  projected: readonly ProjectedTicket[],
  known: ReadonlyMap<string, KnownTicket>,
  now: number,
  columns?: readonly Buffer[],
): Promise<NewTicket[]> {
  if (projected.length === 0) return []
  await upsert(db, environment, columns ?? (await ticketColumns(projected, known, now)), projected.length)
  const tickets = projected.map(({ ticket }) => ticket)
  await savePlayers(db, environment, tickets, known)
  return tickets
    .filter((ticket) => !known.has(ticket.ticketId))
    .map(({ ticketId, startedAt, players }) => ({ ticketId, startedAt, playerIds: players.map((p) => p.playerId) }))
}

/** What is sent to save these tickets. Whoever else the process serves gets a turn now and then. */
export async function ticketColumns(
  projected: readonly ProjectedTicket[],
  known: ReadonlyMap<string, KnownTicket>,
  now: number,
): Promise<Buffer[]> {
  const rows: Record<string, unknown>[] = []
  for (const stored of projected) {
    if (rows.length % PER_TURN === PER_TURN - 1) await nextTurn()
    const { ticket, newestFactAt, heard } = stored
    const before = known.get(ticket.ticketId)
    // A clock that runs ahead of ours must not make the ticket look fresh, nor keep it from being asked about.
    const heardAt = Math.min(heard?.at ?? before?.confirmedAt ?? newestFactAt, now)
    // An answer that was no news has confirmed the ticket without leaving a fact; a presumption confirms nothing.
    const confirmedSince = before !== undefined && (heard === null || before.confirmedAt > heardAt)
    const confirmedAt = confirmedSince ? before.confirmedAt : heardAt
    const due = describeDueAt(ticket, confirmedAt, before?.lastDescribedAt ?? null, now)
    rows.push({
      ...columnsOf(ticket),
      proposal: ticket.proposal && JSON.stringify(ticket.proposal),
      first_fact_at: stored.firstFactAt,
      newest_fact_at: newestFactAt,
      tied: stored.tied,
      requests: JSON.stringify(before ? requestsAfter(before, ticket) : []),
      confirmed_at: confirmedAt,
      confirmed_source: confirmedSince ? before.confirmedSource : (heard?.source ?? 'event'),
      describe_due_at: due,
    })
  }
  const columns: Buffer[] = []
  for (const [name, [, column]] of Object.entries(COLUMNS)) {
    if (rows.length >= PER_TURN) await nextTurn()
    columns.push(column(rows.map((row) => row[name] as never)))
  }
  return columns
}
/** About a millisecond's work. */
const PER_TURN = 500

function requestsAfter({ requests, ticket: before }: KnownTicket, ticket: Ticket): StoredRequest[] {
  return openRequestsAfter(requests, { status: before.status, match_id: before.matchId }, ticket)
}

interface KnownRow {
  ticket_id: string
  configuration: string
  kind: Ticket['kind']
  status: Ticket['status']
  presumed: boolean
  cause: Ticket['cause']
  status_reason: string | null
  status_message: string | null
  match_id: string | null
  acceptance_deadline: Date | null
  players: TicketPlayer[]
  game_session_arn: string | null
  ip_address: string | null
  dns_name: string | null
  port: number | null
  estimated_wait_seconds: number | null
  started_at: Date
  ended_at: Date | null
  updated_at: Date
  described: boolean
  last_event_at: Date | null
  proposal: Proposal | null
  first_fact_at: Date | null
  newest_fact_at: Date | null
  tied: boolean
  requests: StoredRequest[]
  confirmed_at: Date
  confirmed_source: 'event' | 'describe'
  last_described_at: Date | null
}

/** Those of these tickets that are stored, locked until the transaction ends. */
export async function lockTickets(
  db: Queryable,
  environment: string,
  ticketIds: readonly string[],
): Promise<Map<string, KnownTicket>> {
  if (ticketIds.length === 0) return new Map()
  // In the order of their ids, as everyone who locks several tickets does.
  const { rows } = await db.query<KnownRow>(
    `select ticket_id, configuration, kind, status, presumed, cause, status_reason, status_message, match_id,
       acceptance_deadline, players, game_session_arn, ip_address, dns_name, port, estimated_wait_seconds, started_at,
       ended_at, updated_at, described, last_event_at, proposal, first_fact_at, newest_fact_at, tied, requests,
       confirmed_at, confirmed_source, last_described_at
     from tickets where environment = $1 and ticket_id = any($2) order by ticket_id for update`,
    [environment, ticketIds],
  )
  return new Map(rows.map((row) => [row.ticket_id, knownOf(row)]))
}

function knownOf(row: KnownRow): KnownTicket {
  const ms = (at: Date | null) => (at === null ? null : at.getTime())
  return {
    ticket: {
      ticketId: row.ticket_id,
      configuration: row.configuration,
      kind: row.kind,
      status: row.status,
      presumed: row.presumed,
      cause: row.cause,
      statusReason: row.status_reason,
      statusMessage: row.status_message,
      matchId: row.match_id,
      acceptanceDeadline: ms(row.acceptance_deadline),
      players: row.players,
      gameSessionArn: row.game_session_arn,
      ipAddress: row.ip_address,
      dnsName: row.dns_name,
      port: row.port,
      estimatedWaitSeconds: row.estimated_wait_seconds,
      startedAt: row.started_at.getTime(),
      endedAt: ms(row.ended_at),
      updatedAt: row.updated_at.getTime(),
      described: row.described,
      lastEventAt: ms(row.last_event_at),
      proposal: row.proposal,
    },
    firstFactAt: ms(row.first_fact_at) ?? 0,
    newestFactAt: ms(row.newest_fact_at) ?? 0,
    // Stored before these were kept: nothing says what it stands on.
    tied: row.tied || row.newest_fact_at === null,
    requests: row.requests,
    confirmedAt: row.confirmed_at.getTime(),
    confirmedSource: row.confirmed_source,
    lastDescribedAt: ms(row.last_described_at),
  }
}

/** The newest of these facts that was heard, not presumed; of one time, what was seen counts as newer. */
export function lastHeardOf(facts: readonly TicketFact[]): ProjectedTicket['heard'] {
  let newest: TicketFact | undefined
  for (const fact of facts) {
    if (fact.source === 'overdue') continue
    if (!newest || fact.time > newest.time || (fact.time === newest.time && fact.source !== 'event')) newest = fact
  }
  return newest ? { at: newest.time, source: newest.source === 'event' ? 'event' : 'describe' } : null
}

function columnsOf(ticket: Ticket) {
  return {
    ticket_id: ticket.ticketId,
    configuration: ticket.configuration,
    kind: ticket.kind,
    status: ticket.status,
    presumed: ticket.presumed,
    cause: ticket.cause,
    status_reason: ticket.statusReason,
    status_message: ticket.statusMessage,
    match_id: ticket.matchId,
    acceptance_deadline: ticket.acceptanceDeadline,
    players: JSON.stringify(ticket.players),
    player_count: ticket.players.length,
    game_session_arn: ticket.gameSessionArn,
    ip_address: ticket.ipAddress,
    dns_name: ticket.dnsName,
    port: ticket.port,
    estimated_wait_seconds: ticket.estimatedWaitSeconds,
    started_at: ticket.startedAt,
    ended_at: ticket.endedAt,
    updated_at: ticket.updatedAt,
    described: ticket.described,
    last_event_at: ticket.lastEventAt,
  }
}

const COLUMNS: Readonly<Record<string, readonly [type: string, column: (values: never[]) => Buffer]>> = {
  ticket_id: ['text', texts],
  configuration: ['text', texts],
  kind: ['text', texts],
  status: ['text', texts],
  presumed: ['boolean', booleans],
  cause: ['text', texts],
  status_reason: ['text', texts],
  status_message: ['text', texts],
  match_id: ['text', texts],
  acceptance_deadline: ['timestamptz', times],
  players: ['jsonb', jsons],
  player_count: ['int', integers],
  game_session_arn: ['text', texts],
  ip_address: ['text', texts],
  dns_name: ['text', texts],
  port: ['int', integers],
  estimated_wait_seconds: ['double precision', doubles],
  started_at: ['timestamptz', times],
  ended_at: ['timestamptz', times],
  updated_at: ['timestamptz', times],
  described: ['boolean', booleans],
  last_event_at: ['timestamptz', times],
  proposal: ['jsonb', jsons],
  first_fact_at: ['timestamptz', times],
  newest_fact_at: ['timestamptz', times],
  tied: ['boolean', booleans],
  requests: ['jsonb', jsons],
  confirmed_at: ['timestamptz', times],
  confirmed_source: ['text', texts],
  describe_due_at: ['timestamptz', times],
}
const NAMES = Object.keys(COLUMNS)
const CHANGING = NAMES.filter((name) => name !== 'ticket_id')
/** Who wants the ticket described for reasons of their own is not forgotten because a fact came. */
const DUE = `case when excluded.describe_due_at is not null
  then least(excluded.describe_due_at, tickets.describe_wanted_at) end`
// Side by side in the list and not `from unnest(…)`, which keeps each column as a table of its own first.
const UPSERT = `insert into tickets (environment, ${NAMES.join(', ')})
  select $1, ${NAMES.map((name, index) => `unnest($${index + 2}::${COLUMNS[name]?.[0]}[])`).join(', ')}
  on conflict (environment, ticket_id) do update set
    (${CHANGING.join(', ')}) = (${CHANGING.map((name) => (name === 'describe_due_at' ? DUE : `excluded.${name}`)).join(', ')})`

async function upsert(db: Queryable, environment: string, columns: readonly Buffer[], count: number): Promise<void> {
  const { rowCount } = await db.query(UPSERT, [environment, ...columns])
  if (rowCount !== count) throw new Error(`Wrote ${rowCount} of ${count} tickets of ${environment}.`)
}

async function savePlayers(
  db: Queryable,
  environment: string,
  tickets: readonly Ticket[],
  known: ReadonlyMap<string, KnownTicket>,
): Promise<void> {
  const changed = tickets.filter((ticket) => {
    const before = known.get(ticket.ticketId)?.ticket
    if (!before || before.startedAt !== ticket.startedAt || before.players.length !== ticket.players.length) return true
    return ticket.players.some(({ playerId }, position) => before.players[position]?.playerId !== playerId)
  })
  if (changed.length === 0) return
  const stale = changed.filter((ticket) => known.has(ticket.ticketId)).map((ticket) => ticket.ticketId)
  if (stale.length > 0) {
    await db.query('delete from ticket_players where environment = $1 and ticket_id = any($2)', [environment, stale])
  }
  const rows = changed.flatMap(({ ticketId, startedAt, players }) =>
    players.map(({ playerId }, position) => ({ ticketId, position, playerId, startedAt })),
  )
  const { rowCount } = await db.query(
    `insert into ticket_players (environment, ticket_id, position, player_id, started_at)
     select $1, unnest($2::text[]), unnest($3::int[]), unnest($4::text[]), unnest($5::timestamptz[])`,
    [
      environment,
      texts(rows.map((row) => row.ticketId)),
      integers(rows.map((row) => row.position)),
      texts(rows.map((row) => row.playerId)),
      times(rows.map((row) => row.startedAt)),
    ],
  )
  if (rowCount !== rows.length) throw new Error(`Wrote ${rowCount} of ${rows.length} players of ${environment}.`)
}
