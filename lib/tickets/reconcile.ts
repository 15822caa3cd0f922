/**
 * Silence is not a state: tickets nobody has spoken of are described, and the answers become facts through the same
 * door as the events.
 */
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { TicketFact, TicketObservation } from '#lib/flexmatch/events.ts'
import { type IndexedStatus, isOpen, type TicketKind } from '#lib/flexmatch/status.ts'
import { makeStorable } from '#lib/flexmatch/well-formed.ts'
import type { DescribedTicket, Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import { wasAsked } from '#lib/matchmaker/not-asked.ts'
import type { Arrival } from './arrival.ts'
import { CLAIM_MS, noteAsked, putBack, putOff, wantSoon } from './describe-schedule.ts'
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

/**
 * Describes the tickets that are due, most overdue first, until there are none, too many, or `signal` says that somebody
 * else does it now. `now` tells epoch ms. Throws only what the database throws.
 */
export async function reconcile(
  db: Db,
  environment: string,
  describer: Describer,
  now: () => number = Date.now,
  signal?: AbortSignal,
): Promise<ReconcileResult> {
  const result: ReconcileResult = { asked: 0, described: 0, gone: 0, failure: null }
  for (let calls = 0; calls < CALLS_PER_PASS && !signal?.aborted; calls++) {
    const claimedAt = now()
    const due = await claimDue(db, environment, claimedAt)
    if (due.length === 0) break
    const goesOn = await describeBatch(db, environment, describer, due, result, now, claimedAt + CLAIM_MS)
    if (!goesOn) break // the others are still due, and would most likely fail as well
  }
  return result
}

/** Describes these tickets whether due or not: just started, or just acted upon. Throws what GameLift failed with. */
export async function describeNow(
  db: Db,
  environment: string,
  describer: Describer,
  ticketIds: readonly string[],
  now: () => number = Date.now,
): Promise<ReconcileResult> {
  const { rows } = await db.query<KnownTicket>(
    `select ${KNOWN} from tickets t where environment = $1 and ticket_id = any($2)`,
    [environment, ticketIds],
  )
  const byId = new Map(rows.map((ticket) => [ticket.ticket_id, ticket]))
  const tickets = [...new Set(ticketIds)].map((ticketId) => byId.get(ticketId) ?? unheardOf(ticketId))
  const result: ReconcileResult = { asked: 0, described: 0, gone: 0, failure: null }
  for (let from = 0; from < tickets.length && !result.failure; from += IDS_PER_CALL) {
    await describeBatch(db, environment, describer, tickets.slice(from, from + IDS_PER_CALL), result, now, null)
  }
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

const KNOWN = 't.ticket_id, t.status, t.presumed, t.kind, t.started_at, t.described'

/**
 * The tickets of one call. Until the claim ends, or what is asked about them is noted, nobody else is given them, and they
 * count as asked: whatever makes one due meanwhile does so no earlier than the interval after this.
 */
async function claimDue(db: Queryable, environment: string, now: number): Promise<KnownTicket[]> {
  const { rows } = await db.query<KnownTicket>(
    `with due as (
       select ticket_id from tickets where environment = $1 and describe_due_at <= $2
       order by describe_due_at limit ${IDS_PER_CALL} for update skip locked)
     update tickets t set last_described_at = $2, describe_due_at = $3,
       describe_wanted_at = case when describe_wanted_at is not null then $3::timestamptz end from due
     where t.environment = $1 and t.ticket_id = due.ticket_id returning ${KNOWN}`,
    [environment, new Date(now), new Date(now + CLAIM_MS)],
  )
  return rows
}

/** One call, at most 10 tickets. False when it failed. `claimedUntil` is epoch ms, null when nobody has claimed them. */
async function describeBatch(
  db: Db,
  environment: string,
  describer: Describer,
  batch: readonly KnownTicket[],
  result: ReconcileResult,
  now: () => number,
  claimedUntil: number | null,
): Promise<boolean> {
  const ids = batch.map((ticket) => ticket.ticket_id)
  // A name somebody made up changes nothing in the index, and on nobody's screen.
  const heardOf = batch.filter((ticket) => ticket.started_at !== null).map((ticket) => ticket.ticket_id)
  const askedAt = now()
  let answers: Map<string, DescribedTicket>
  try {
    answers = await ask(describer, batch)
  } catch (error) {
    if (wasAsked(error)) {
      if (heardOf.length > 0) await putOff(db, environment, heardOf, askedAt)
      result.failure = error
    } else if (claimedUntil === null) {
      if (heardOf.length > 0) await wantSoon(db, environment, heardOf, askedAt)
      result.failure = error
    } else await putBack(db, environment, heardOf, claimedUntil)
    return false
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
  if (noted.length > 0) await noteAsked(db, environment, noted, [...answers.keys()], askedAt, claimedUntil)
  result.asked += batch.length
  result.described += arrivals.filter((arrival) => arrival.fact.source === 'describe').length
  result.gone += arrivals.filter((arrival) => arrival.fact.source === 'gone').length
  return true
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
