import { isOpen } from '#lib/flexmatch/status.ts'
import type { Ticket } from '#lib/flexmatch/ticket.ts'
import { requestedOf, type StoredRequest } from './requests.ts'
import type { TicketRow } from './views.ts'

/** An open ticket that nothing has confirmed for this long is labelled. */
const STALE_AFTER_MS = 60_000

/** What the list reads of a ticket; `alias` is the table's name in the query. */
export function rowColumns(alias = 'tickets'): string {
  const names = [
    ...['ticket_id', 'status', 'cause', 'kind', 'configuration', 'player_count', 'match_id', 'acceptance_deadline'],
    ...['started_at', 'ended_at', 'updated_at', 'requests', 'presumed', 'confirmed_at', 'confirmed_source'],
  ]
  // Attributes can be large: a list needs three ids.
  const firstPlayers = `(select coalesce(json_agg(p ->> 'playerId'), '[]') from (
    select p from jsonb_array_elements(${alias}.players) as p limit 3) as few) as first_player_ids`
  return `${names.map((name) => `${alias}.${name}`).join(', ')}, ${firstPlayers}`
}

export interface TicketRecord {
  ticket_id: string
  status: Ticket['status']
  cause: Ticket['cause']
  kind: Ticket['kind']
  configuration: string
  player_count: number
  first_player_ids: string[]
  match_id: string | null
  acceptance_deadline: Date | null
  started_at: Date
  ended_at: Date | null
  updated_at: Date
  requests: StoredRequest[]
  presumed: boolean
  confirmed_at: Date
  confirmed_source: 'event' | 'describe'
}

/** `now` is epoch ms: whether the row is stale depends on it. */
export function ticketRow(record: TicketRecord, now: number): TicketRow {
  return {
    ticketId: record.ticket_id,
    status: record.status,
    cause: record.cause,
    kind: record.kind,
    configuration: record.configuration,
    playerIds: record.first_player_ids,
    playerCount: record.player_count,
    matchId: record.match_id,
    acceptanceDeadline: record.acceptance_deadline?.toISOString() ?? null,
    startedAt: record.started_at.toISOString(),
    endedAt: record.ended_at?.toISOString() ?? null,
    updatedAt: record.updated_at.toISOString(),
    requested: requestedOf(record),
    supersededBy: null,
    freshness: {
      confirmedAt: record.confirmed_at.toISOString(),
      source: record.confirmed_source,
      presumed: record.presumed,
      stale: isOpen(record.status) && now - record.confirmed_at.getTime() > STALE_AFTER_MS,
    },
  }
}
