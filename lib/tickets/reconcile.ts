/**
 * Silence is not a state: tickets nobody has spoken of are described, and the answers become facts through the same
 * door as the events.
 */
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { TicketFact, TicketObservation } from '#lib/flexmatch/events.ts'
import { type IndexedStatus, isOpen, type TicketKind } from '#lib/flexmatch/status.ts'
import { makeStorable } from '#lib/flexmatch/well-formed.ts'
import type { DescribedTicket, Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import type { Arrival } from './arrival.ts'
import { noteAsked, putOff } from './describe-schedule.ts'
import { ingest } from './ingest.ts'
import { describedFact, goneFact, saysTheSame } from './observed-fact.ts'
import { observedKinds } from './observed-kind.ts'

/** What reconciling needs of a matchmaker. */
export type Describer = Pick<Matchmaker, 'describeTickets' | 'describeGameSession'>

/** GameLift takes this many ids in one DescribeMatchmaking. */
const IDS_PER_CALL = 10
const CALLS_PER_PASS = 20
/** A ticket started this recently may not be known to the copy that answers. */
const KNOWN_WITHIN_MS = 30_000

export interface ReconcileResult {
  asked: number
  /** Answers that were news, and ids that turned out to be gone. */
  described: number
  gone: number
  /** What GameLift failed with, or null. The tickets it failed for are due again, later each time. */
  failure: unknown
}

/** Describes the tickets that are due, most overdue first. `now` tells epoch ms. Throws only what the database throws. */
export async function reconcile(
  db: Db,
  environment: string,
  describer: Describer,
  now: () => number = Date.now,
): Promise<ReconcileResult> {
  const due = await readKnown(
    db,
    `environment = $1 and describe_due_at <= $2 order by describe_due_at limit ${IDS_PER_CALL * CALLS_PER_PASS}`,
    [environment, new Date(now())],
  )
  return describeAll(db, environment, describer, due, now)
}

/** Describes these tickets whether due or not: just started, or just acted upon. Throws what GameLift failed with. */
export async function describeNow(
  db: Db,
  environment: string,
  describer: Describer,
  ticketIds: readonly string[],
  now: () => number = Date.now,
): Promise<ReconcileResult> {
  const known = await readKnown(db, 'environment = $1 and ticket_id = any($2)', [environment, ticketIds])
  const byId = new Map(known.map((ticket) => [ticket.ticket_id, ticket]))
  const tickets = [...new Set(ticketIds)].map((ticketId) => byId.get(ticketId) ?? unheardOf(ticketId))
  const result = await describeAll(db, environment, describer, tickets, now)
  if (result.failure) throw result.failure
  return result
}

interface KnownTicket {
  ticket_id: string
  status: IndexedStatus
  presumed: boolean
  kind: TicketKind
  /** null when the index has never heard of the ticket. */
  started_at: Date | null
  described: boolean
}

function unheardOf(ticketId: string): KnownTicket {
  return { ticket_id: ticketId, status: 'QUEUED', presumed: false, kind: 'new', started_at: null, described: false }
}

async function readKnown(db: Queryable, where: string, values: unknown[]): Promise<KnownTicket[]> {
  const { rows } = await db.query<KnownTicket>(
    `select ticket_id, status, presumed, kind, started_at, described from tickets where ${where}`,
    values,
  )
  return rows
}

async function describeAll(
  db: Db,
  environment: string,
  describer: Describer,
  tickets: readonly KnownTicket[],
  now: () => number,
): Promise<ReconcileResult> {
  const result: ReconcileResult = { asked: 0, described: 0, gone: 0, failure: null }
  for (let from = 0; from < tickets.length; from += IDS_PER_CALL) {
    const batch = tickets.slice(from, from + IDS_PER_CALL)
    const ids = batch.map((ticket) => ticket.ticket_id)
    // A name somebody made up changes nothing in the index, and on nobody's screen.
    const heardOf = batch.filter((ticket) => ticket.started_at !== null).map((ticket) => ticket.ticket_id)
    const askedAt = now()
    let answers: Map<string, DescribedTicket>
    try {
      answers = await ask(describer, batch)
    } catch (error) {
      result.failure = error
      if (heardOf.length > 0) await putOff(db, environment, heardOf, askedAt)
      break // the others are still due, and would most likely fail as well
    }
    const arrivals = await newsIn(db, environment, batch, answers, askedAt)
    try {
      if (arrivals.length > 0) await ingest(db, environment, arrivals, now())
    } catch (error) {
      // Put off, so that tickets whose answers cannot be stored do not stand in the way of all others.
      await putOff(db, environment, ids, askedAt).catch(() => undefined)
      throw error
    }
    const noted = [...new Set([...heardOf, ...answers.keys()])]
    if (noted.length > 0) await noteAsked(db, environment, noted, [...answers.keys()], askedAt)
    result.asked += batch.length
    result.described += arrivals.filter((arrival) => arrival.fact.source === 'describe').length
    result.gone += arrivals.filter((arrival) => arrival.fact.source === 'gone').length
  }
  return result
}

async function ask(describer: Describer, batch: readonly KnownTicket[]): Promise<Map<string, DescribedTicket>> {
  const known = new Map(batch.map((ticket) => [ticket.ticket_id, ticket]))
  const answers = await describer.describeTickets([...known.keys()])
  const asked = answers.flatMap((answer) => {
    const ticket = known.get(answer.observation.ticketId)
    return ticket ? [{ ...answer, known: ticket }] : []
  })
  const kinds = await observedKinds(asked, describer)
  return new Map(
    asked.map(({ observation, configuration }, index) => [
      observation.ticketId,
      // Attributes may hold any text a client sent: one NUL must not keep the ticket undescribed for ever.
      { configuration, observation: makeStorable({ ...observation, kind: kinds[index] ?? observation.kind }) },
    ]),
  )
}

type Observation = Extract<Arrival, { kind: 'observation' }>

async function newsIn(
  db: Queryable,
  environment: string,
  batch: readonly KnownTicket[],
  answers: ReadonlyMap<string, DescribedTicket>,
  askedAt: number,
): Promise<Observation[]> {
  const newest = await readNewestFacts(
    db,
    environment,
    batch.map((ticket) => ticket.ticket_id),
  )
  return batch.flatMap((ticket): Observation[] => {
    const last = newest.get(ticket.ticket_id)
    const newestFactId = last?.id ?? ''
    const answer = answers.get(ticket.ticket_id)
    if (answer) {
      if (last?.source === 'describe' && saysTheSame(last.body, answer.observation)) return []
      const fact = describedFact(answer.observation, {
        time: askedAt,
        configuration: answer.configuration,
        newestFactId,
      })
      return [{ kind: 'observation', fact }]
    }
    if (!canBeGone(ticket, askedAt)) return []
    return [{ kind: 'observation', fact: goneFact(ticket.ticket_id, { time: askedAt, newestFactId }) }]
  })
}

function canBeGone(ticket: KnownTicket, askedAt: number): boolean {
  if (ticket.started_at === null) return false
  if (!isOpen(ticket.status) && !ticket.presumed) return false // GONE already, or finished: that is what counts
  return ticket.described || askedAt - ticket.started_at.getTime() >= KNOWN_WITHIN_MS
}

interface NewestFact {
  ticket_id: string
  id: string
  source: TicketFact['source']
  body: TicketObservation
}

async function readNewestFacts(
  db: Queryable,
  environment: string,
  ticketIds: readonly string[],
): Promise<Map<string, NewestFact>> {
  const { rows } = await db.query<NewestFact>(
    `select asked.ticket_id, f.id, f.source, case when f.source = 'describe' then f.body end as body
     from unnest($2::text[]) as asked (ticket_id)
     cross join lateral (
       select fact_id, day from fact_tickets t where t.environment = $1 and t.ticket_id = asked.ticket_id
       order by at desc, type = 'TicketDescribed' desc, fact_id desc limit 1) as newest
     join facts f on f.environment = $1 and f.id = newest.fact_id and f.day = newest.day`,
    [environment, ticketIds],
  )
  return new Map(rows.map((row) => [row.ticket_id, row]))
}
