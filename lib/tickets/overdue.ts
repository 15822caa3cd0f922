/**
 * Open tickets whose request timeout is long over, of which nothing is heard and about which GameLift cannot be asked: they
 * have timed out, one must presume. The presumption is a fact like any other, so whatever is heard later corrects it.
 */
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { OverdueFact } from '#lib/flexmatch/events.ts'
import { ingest } from './ingest.ts'
import { type Describer, describeNow } from './reconcile.ts'

/**
 * The event of the timeout, or else a describe, comes well within this; and a ticket that was heard of within it is not
 * silent: open tickets are asked about after 30 s.
 */
export const GRACE_MS = 60_000
/** Each pass writes one batch at most: whoever brings events waits for it. */
export const TICKETS_PER_PASS = 200
const IDS_PER_CALL = 10

export interface OverdueResult {
  /** Tickets that were past their timeout and silent. */
  found: number
  /** How many of them GameLift could not be asked about, so that they are presumed to have timed out. */
  presumed: number
  /** What asking failed with, or null. */
  failure: unknown
}

/**
 * Asks once more about tickets that are past their timeout and silent; presumes what cannot be asked about. Tickets of
 * configurations whose timeout (`timeouts`, seconds by configuration) is not known are left alone, and so are those that
 * GameLift no longer knows: they are GONE, which is all that can be said. Safe to do twice at once. `now` tells epoch ms.
 * Throws what the database throws.
 */
export async function settleOverdue(
  db: Db,
  environment: string,
  describer: Describer,
  timeouts: ReadonlyMap<string, number>,
  now: () => number = Date.now,
): Promise<OverdueResult> {
  const found = await findOverdue(db, environment, timeouts, now())
  const { unanswered, failure } = await askOnceMore(db, environment, describer, found, now)
  if (unanswered.length > 0) {
    const arrivals = unanswered.map((ticket) => ({ kind: 'observation' as const, fact: overdueFact(ticket) }))
    await ingest(db, environment, arrivals, now())
  }
  return { found: found.length, presumed: unanswered.length, failure }
}

export interface OverdueTicket {
  ticket_id: string
  configuration: string
  started_at: Date
  /** When that was so: the grace after its timeout, and after the last that was heard of it. */
  overdue_at: Date
}

/** Newer than all that is known of the ticket, so that it is the last word until the next. */
const HEARD = 'greatest(confirmed_at, coalesce(newest_fact_at, updated_at))'
const GRACE = `make_interval(secs => ${GRACE_MS / 1000})`

/** At most `TICKETS_PER_PASS`, of each configuration the oldest. */
export async function findOverdue(
  db: Queryable,
  environment: string,
  timeouts: ReadonlyMap<string, number>,
  now: number,
): Promise<OverdueTicket[]> {
  if (timeouts.size === 0) return []
  const { rows } = await db.query<OverdueTicket>(
    `select late.* from unnest($2::text[], $3::float8[]) as known (configuration, timeout_seconds)
     cross join lateral (
       select ticket_id, configuration, started_at,
         greatest(started_at + make_interval(secs => timeout_seconds), ${HEARD}) + ${GRACE} as overdue_at
       from tickets
       where environment = $1 and configuration = known.configuration and is_open and status <> 'PLACING'
         and started_at <= $4::timestamptz - make_interval(secs => timeout_seconds) - ${GRACE}
         and ${HEARD} <= $4::timestamptz - ${GRACE}
       order by started_at, ticket_id limit ${TICKETS_PER_PASS}) as late
     limit ${TICKETS_PER_PASS}`,
    [environment, [...timeouts.keys()], [...timeouts.values()], new Date(now)],
  )
  return rows
}

/** The reconciler has asked about them, or could not: what it was not answered it may be answered now. */
async function askOnceMore(
  db: Db,
  environment: string,
  describer: Describer,
  tickets: readonly OverdueTicket[],
  now: () => number,
): Promise<{ unanswered: readonly OverdueTicket[]; failure: unknown }> {
  let failure: unknown = null
  const heard: Describer = {
    describeGameSession: (arn) => describer.describeGameSession(arn).catch(fail),
    describeTickets: (ticketIds) => describer.describeTickets(ticketIds).catch(fail),
  }
  function fail(error: unknown): never {
    failure = error
    throw error
  }
  for (let from = 0; from < tickets.length; from += IDS_PER_CALL) {
    const ids = tickets.slice(from, from + IDS_PER_CALL).map((ticket) => ticket.ticket_id)
    try {
      await describeNow(db, environment, heard, ids, now)
    } catch (error) {
      if (error !== failure) throw error // the database, which has nothing to say about GameLift
      return { unanswered: tickets.slice(from), failure }
    }
  }
  return { unanswered: [], failure: null }
}

/** Its id follows from what was known: the same presumption is the same fact, by however many it is made. */
function overdueFact({ ticket_id, configuration, started_at, overdue_at }: OverdueTicket): OverdueFact {
  const time = overdue_at.getTime()
  return {
    id: `overdue-${time}-${ticket_id}`,
    time,
    source: 'overdue',
    configuration,
    ticketId: ticket_id,
    startTime: started_at.getTime(),
  }
}
