/** Projected tickets as rows, with their players, the counters, and what operators asked for. */
import type { Queryable } from '#lib/db/pool.ts'
import type { TicketFact } from '#lib/flexmatch/events.ts'
import type { Ticket } from '#lib/flexmatch/ticket.ts'
import { describeDueAt, type NewTicket } from './describe-due.ts'
import { openRequestsAfter, type StoredRequest } from './requests.ts'

interface KnownRow {
  ticket_id: string
  configuration: string
  status: Ticket['status']
  kind: string
  match_id: string | null
  started_at: Date
  player_ids: string[]
  requests: StoredRequest[]
  confirmed_at: Date
  confirmed_source: 'event' | 'describe'
  last_described_at: Date | null
}

/** Saves projections and everything kept beside them; returns the tickets that were not known before. */
export async function saveTickets(
  db: Queryable,
  environment: string,
  tickets: readonly Ticket[],
  histories: ReadonlyMap<string, readonly TicketFact[]>,
  now: number,
): Promise<NewTicket[]> {
  const known = await lockKnown(
    db,
    environment,
    tickets.map((ticket) => ticket.ticketId),
  )
  const rows = tickets.map((ticket) => {
    const before = known.get(ticket.ticketId)
    const newest = newestFact(histories.get(ticket.ticketId) ?? [])
    // A clock that runs ahead of ours must not make the ticket look fresh, nor keep it from being asked about.
    const heardAt = Math.min(newest.time, now)
    // An answer that was no news has confirmed the ticket without leaving a fact.
    const confirmedSince = before !== undefined && before.confirmed_at.getTime() > heardAt
    const confirmedAt = confirmedSince ? before.confirmed_at.getTime() : heardAt
    const due = describeDueAt(ticket, confirmedAt, before?.last_described_at?.getTime() ?? null, now)
    return {
      ...columnsOf(ticket),
      requests: before ? openRequestsAfter(before.requests, before, ticket) : [],
      confirmed_at: iso(confirmedAt),
      confirmed_source: confirmedSince ? before.confirmed_source : newest.source === 'event' ? 'event' : 'describe',
      describe_due_at: iso(due),
    }
  })
  await upsert(db, environment, rows)
  await saveCounters(db, environment, tickets, known)
  await savePlayers(db, environment, tickets, known)
  return tickets
    .filter((ticket) => !known.has(ticket.ticketId))
    .map(({ ticketId, startedAt, players }) => ({ ticketId, startedAt, playerIds: players.map((p) => p.playerId) }))
}

async function lockKnown(db: Queryable, environment: string, ticketIds: string[]): Promise<Map<string, KnownRow>> {
  // In the order of their ids, as everyone who locks several tickets does.
  const { rows } = await db.query<KnownRow>(
    `select ticket_id, configuration, status, kind, match_id, started_at, requests, confirmed_at, confirmed_source, last_described_at,
       coalesce((select json_agg(player ->> 'playerId') from jsonb_array_elements(players) as player), '[]') as player_ids
     from tickets where environment = $1 and ticket_id = any($2) order by ticket_id for update`,
    [environment, ticketIds],
  )
  return new Map(rows.map((row) => [row.ticket_id, row]))
}

function newestFact(history: readonly TicketFact[]): { time: number; source: TicketFact['source'] } {
  let newest: TicketFact | undefined
  for (const fact of history) if (!newest || fact.time > newest.time) newest = fact
  return newest ?? { time: 0, source: 'event' }
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
    acceptance_deadline: iso(ticket.acceptanceDeadline),
    players: ticket.players,
    player_count: ticket.players.length,
    game_session_arn: ticket.gameSessionArn,
    ip_address: ticket.ipAddress,
    dns_name: ticket.dnsName,
    port: ticket.port,
    estimated_wait_seconds: ticket.estimatedWaitSeconds,
    started_at: iso(ticket.startedAt),
    ended_at: iso(ticket.endedAt),
    updated_at: iso(ticket.updatedAt),
    described: ticket.described,
    last_event_at: iso(ticket.lastEventAt),
  }
}

const COLUMNS: Record<string, string> = {
  ticket_id: 'text',
  configuration: 'text',
  kind: 'text',
  status: 'text',
  presumed: 'boolean',
  cause: 'text',
  status_reason: 'text',
  status_message: 'text',
  match_id: 'text',
  acceptance_deadline: 'timestamptz',
  players: 'jsonb',
  player_count: 'int',
  game_session_arn: 'text',
  ip_address: 'text',
  dns_name: 'text',
  port: 'int',
  estimated_wait_seconds: 'double precision',
  started_at: 'timestamptz',
  ended_at: 'timestamptz',
  updated_at: 'timestamptz',
  described: 'boolean',
  last_event_at: 'timestamptz',
  requests: 'jsonb',
  confirmed_at: 'timestamptz',
  confirmed_source: 'text',
  describe_due_at: 'timestamptz',
}
const NAMES = Object.keys(COLUMNS)
const CHANGING = NAMES.filter((name) => name !== 'ticket_id')
const UPSERT = `insert into tickets (environment, ${NAMES.join(', ')})
  select $1, * from json_to_recordset($2) as given (${NAMES.map((name) => `${name} ${COLUMNS[name]}`).join(', ')})
  on conflict (environment, ticket_id) do update set
    (${CHANGING.join(', ')}) = (${CHANGING.map((name) => `excluded.${name}`).join(', ')})`

async function upsert(db: Queryable, environment: string, rows: object[]): Promise<void> {
  const { rowCount } = await db.query(UPSERT, [environment, JSON.stringify(rows)])
  if (rowCount !== rows.length) throw new Error(`Wrote ${rowCount} of ${rows.length} tickets of ${environment}.`)
}

async function saveCounters(
  db: Queryable,
  environment: string,
  tickets: readonly Ticket[],
  known: ReadonlyMap<string, KnownRow>,
): Promise<void> {
  const deltas = new Map<string, { configuration: string; status: string; kind: string; delta: number }>()
  const count = (row: { configuration: string; status: string; kind: string }, by: 1 | -1) => {
    const key = `${row.configuration} ${row.status} ${row.kind}`
    const { configuration, status, kind } = row
    deltas.set(key, { configuration, status, kind, delta: (deltas.get(key)?.delta ?? 0) + by })
  }
  for (const ticket of tickets) {
    const before = known.get(ticket.ticketId)
    if (before) count(before, -1)
    count(ticket, 1)
  }
  const changed = [...deltas.values()].filter(({ delta }) => delta !== 0)
  if (changed.length === 0) return
  await db.query(
    `insert into counters (environment, configuration, status, kind, count)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::bigint[])
     on conflict (environment, configuration, status, kind) do update set count = counters.count + excluded.count`,
    [
      environment,
      changed.map((row) => row.configuration),
      changed.map((row) => row.status),
      changed.map((row) => row.kind),
      changed.map((row) => row.delta),
    ],
  )
}

async function savePlayers(
  db: Queryable,
  environment: string,
  tickets: readonly Ticket[],
  known: ReadonlyMap<string, KnownRow>,
): Promise<void> {
  const changed = tickets.filter((ticket) => {
    const before = known.get(ticket.ticketId)
    if (!before || before.started_at.getTime() !== ticket.startedAt) return true
    return before.player_ids.join('\0') !== ticket.players.map((player) => player.playerId).join('\0')
  })
  if (changed.length === 0) return
  const stale = changed.filter((ticket) => known.has(ticket.ticketId)).map((ticket) => ticket.ticketId)
  if (stale.length > 0) {
    await db.query('delete from ticket_players where environment = $1 and ticket_id = any($2)', [environment, stale])
  }
  const rows = changed.flatMap(({ ticketId, startedAt, players }) =>
    players.map(({ playerId }, position) => ({ ticketId, position, playerId, startedAt })),
  )
  await db.query(
    `insert into ticket_players (environment, ticket_id, position, player_id, started_at)
     select $1, * from unnest($2::text[], $3::int[], $4::text[], $5::timestamptz[])`,
    [
      environment,
      rows.map((row) => row.ticketId),
      rows.map((row) => row.position),
      rows.map((row) => row.playerId),
      rows.map((row) => iso(row.startedAt)),
    ],
  )
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
