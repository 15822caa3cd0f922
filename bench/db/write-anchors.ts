/** What the index is compared with: the same bytes and the same rows, with nothing known about them. */
import { performance } from 'node:perf_hooks'
import { type Db, inTransaction } from '#lib/db/pool.ts'
import type { EventFact, TicketFact } from '#lib/flexmatch/events.ts'
import { parseEnvelope } from '#lib/flexmatch/parse-event.ts'
import { projectTicket } from '#lib/flexmatch/project-ticket.ts'
import type { Ticket } from '#lib/flexmatch/ticket.ts'
import { cpuMs } from '../measure.ts'
import { copyIn, copyRow } from './write-copy.ts'
import type { Sent } from './write-history.ts'

/** Under the clock, on both sides. */
export interface Written {
  /** Events, or transitions of tickets. */
  count: number
  wallMs: number
  cpuMs: number
}

export function timed(count: number, work: () => Promise<void>): Promise<Written> {
  const startMs = performance.now()
  const before = cpuMs()
  return work().then(() => ({ count, wallMs: performance.now() - startMs, cpuMs: cpuMs() - before }))
}

const ROWS_PER_CHUNK = 500
const FACTS = ['environment', 'id', 'day', 'source', 'type', 'at', 'received_at', 'configuration', 'match_id']
const MORE_OF_FACTS = ['game_session_arn', 'copies', 'body']

/** COPY of the events into `copied`, so many in a transaction. */
export async function copyEvents(db: Db, events: readonly Sent[], perBatch: number): Promise<void> {
  for (let from = 0; from < events.length; from += perBatch) {
    await inTransaction(db, (tx) =>
      copyIn(
        tx,
        `copy copied (${[...FACTS, ...MORE_OF_FACTS]}) from stdin`,
        chunksOf(events.slice(from, from + perBatch)),
      ),
    )
  }
}

/** A table that is like `facts`, in one piece and without indexes. */
export async function makeCopied(db: Db): Promise<void> {
  await db.query('create table copied (like facts including defaults)')
}

export async function checkCopied(db: Db, expected: number): Promise<void> {
  const { rows } = await db.query<{ copied: number }>('select count(*) as copied from copied')
  if (rows[0]?.copied !== expected) throw new Error(`${rows[0]?.copied} of ${expected} events were copied.`)
}

function* chunksOf(events: readonly Sent[]): Iterable<string> {
  const receivedAt = new Date().toISOString()
  for (let from = 0; from < events.length; from += ROWS_PER_CHUNK) {
    yield events
      .slice(from, from + ROWS_PER_CHUNK)
      .map(({ envelope }) => factRow(envelope, receivedAt))
      .join('')
  }
}

function factRow(envelope: Record<string, unknown>, receivedAt: string): string {
  const { id, time, detail, resources } = envelope as { id: string; time: string; detail: Detail; resources: string[] }
  const configuration = resources[0]!.slice(resources[0]!.lastIndexOf('/') + 1)
  const { type, matchId = null, gameSessionInfo } = detail
  const arn = gameSessionInfo.gameSessionArn ?? null
  const copies = `[{"channel":"sqs","id":"${id}","at":${Date.parse(time)},"receivedAt":${Date.parse(receivedAt)}}]`
  return copyRow([
    ...['bench', id, time.slice(0, 10), 'event', type, time, receivedAt, configuration, matchId],
    ...[arn, copies, JSON.stringify(envelope)],
  ])
}
interface Detail {
  type: string
  matchId?: string
  gameSessionInfo: { gameSessionArn?: string }
}

/** The columns of `tickets` in which something is written, with their types. */
const COLUMNS: Readonly<Record<string, { type: string; of(ticket: Ticket): unknown }>> = {
  ticket_id: { type: 'text', of: ({ ticketId }) => ticketId },
  configuration: { type: 'text', of: ({ configuration }) => configuration },
  kind: { type: 'text', of: ({ kind }) => kind },
  status: { type: 'text', of: ({ status }) => status },
  presumed: { type: 'boolean', of: ({ presumed }) => presumed },
  cause: { type: 'text', of: ({ cause }) => cause },
  match_id: { type: 'text', of: ({ matchId }) => matchId },
  acceptance_deadline: { type: 'timestamptz', of: ({ acceptanceDeadline }) => iso(acceptanceDeadline) },
  players: { type: 'jsonb', of: ({ players }) => JSON.stringify(players) },
  player_count: { type: 'int', of: ({ players }) => players.length },
  game_session_arn: { type: 'text', of: ({ gameSessionArn }) => gameSessionArn },
  ip_address: { type: 'text', of: ({ ipAddress }) => ipAddress },
  dns_name: { type: 'text', of: ({ dnsName }) => dnsName },
  port: { type: 'int', of: ({ port }) => port },
  estimated_wait_seconds: { type: 'double precision', of: ({ estimatedWaitSeconds }) => estimatedWaitSeconds },
  started_at: { type: 'timestamptz', of: ({ startedAt }) => iso(startedAt) },
  ended_at: { type: 'timestamptz', of: ({ endedAt }) => iso(endedAt) },
  updated_at: { type: 'timestamptz', of: ({ updatedAt }) => iso(updatedAt) },
  described: { type: 'boolean', of: ({ described }) => described },
  last_event_at: { type: 'timestamptz', of: ({ lastEventAt }) => iso(lastEventAt) },
  proposal: { type: 'jsonb', of: ({ proposal }) => proposal && JSON.stringify(proposal) },
  first_fact_at: { type: 'timestamptz', of: ({ startedAt }) => iso(startedAt) },
  newest_fact_at: { type: 'timestamptz', of: ({ updatedAt }) => iso(updatedAt) },
  tied: { type: 'boolean', of: () => false },
  confirmed_at: { type: 'timestamptz', of: ({ updatedAt }) => iso(updatedAt) },
  confirmed_source: { type: 'text', of: () => 'event' },
  describe_due_at: { type: 'timestamptz', of: ({ startedAt, updatedAt }) => iso(Math.max(startedAt, updatedAt)) },
}
const NAMES = Object.keys(COLUMNS)
const CHANGING = NAMES.filter((name) => name !== 'ticket_id')
const UPSERT = `insert into raw_tickets (environment, ${NAMES})
  select 'bench', * from unnest(${NAMES.map((name, index) => `$${index + 1}::${COLUMNS[name]!.type}[]`)})
  on conflict (environment, ticket_id) do update set (${CHANGING}) = (${CHANGING.map((name) => `excluded.${name}`)})`

/** The tickets as they are after each step: what is upserted, one batch after the other. */
export function ticketsAfterEach(steps: readonly (readonly Sent[])[]): Ticket[][] {
  const histories = new Map<string, TicketFact[]>()
  return steps.map((step) =>
    [...factsByTicket(step)].map(([ticketId, facts]) => {
      const history = [...(histories.get(ticketId) ?? []), ...facts]
      histories.set(ticketId, history)
      return projectTicket(ticketId, history)
    }),
  )
}

/** What a step says, by ticket. */
export function factsByTicket(step: readonly Sent[]): Map<string, EventFact[]> {
  const found = new Map<string, EventFact[]>()
  for (const { envelope } of step) {
    const fact = factOf(envelope)
    for (const { ticketId } of fact.detail.tickets) found.set(ticketId, [...(found.get(ticketId) ?? []), fact])
  }
  return found
}

function factOf(envelope: Record<string, unknown>): EventFact {
  const parsed = parseEnvelope(envelope)
  if (parsed.kind !== 'matchmaking') throw new Error('Only FlexMatch events move tickets.')
  return parsed.fact
}

/** A table of the shape of `tickets`, with all of its indexes and nothing that looks after it. */
export async function makeRawTickets(db: Db): Promise<void> {
  await db.query('create table raw_tickets (like tickets including all)')
}

/** One upsert per batch, each in a transaction of its own. */
export async function upsertTickets(db: Db, batches: readonly (readonly Ticket[])[]): Promise<void> {
  for (const batch of batches) {
    const values = NAMES.map((name) => batch.map((ticket) => COLUMNS[name]!.of(ticket)))
    const { rowCount } = await db.query(UPSERT, values)
    if (rowCount !== batch.length) throw new Error(`${rowCount} of ${batch.length} tickets were written.`)
  }
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
