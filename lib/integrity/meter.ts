/** How far the index can be trusted, and why: what the door counted, what is missing, and how GameLift is asked. */
import type { Queryable } from '#lib/db/pool.ts'
import { readCallBudget } from '#lib/matchmaker/call-budget.ts'
import type { ChannelIntegrityView, IntegrityView, OutageView } from '#lib/tickets/views.ts'

/** As the list of tickets counts them: an open ticket is in doubt when nothing has spoken of it for so long. */
const UNCONFIRMED_AFTER_SECONDS = 60
/** Beyond this a count says "many" to anybody. */
const COUNTED_AT_MOST = 10_000
/** The upper end of bucket 0; each next bucket ends at twice as much. */
const FIRST_BUCKET_MS = 32

type Meter = Omit<IntegrityView, 'outage'>

export async function meter(
  db: Queryable,
  environment: string,
  since: Date,
  outage: OutageView | null,
): Promise<IntegrityView> {
  const [channels, gaps, budget, doubts] = await Promise.all([
    readChannels(db, environment, since),
    readGaps(db, environment, since),
    readCallBudget(db, environment),
    readDoubts(db, environment),
  ])
  // With one channel there is nothing to compare it with.
  const comparable = channels.length > 1
  return {
    since: since.toISOString(),
    channels: channels.map((each) => ({ ...each, missing: comparable ? missingBy(each, channels) : null })),
    gaps,
    budget,
    ...doubts,
    outage,
  }
}

type Counted = Omit<ChannelIntegrityView, 'missing'>

async function readChannels(db: Queryable, environment: string, since: Date): Promise<Counted[]> {
  const { rows } = await db.query<
    Omit<Counted, 'lagP50Ms' | 'lagP99Ms' | 'lastEventAt'> & { lagBuckets: number[]; lastEventAt: Date | null }
  >(
    `with minutes as (select * from channel_minutes where environment = $1 and minute >= date_trunc('minute', $2::timestamptz)),
     lags as (
       select channel, n, sum(lag) as lag
       from minutes, unnest(lag_buckets) with ordinality as bucket (lag, n) group by channel, n)
     select channel, sum(received)::int as received, sum(added)::int as added, sum(repeated)::int as repeated,
       sum(copies)::int as copies, sum(late)::int as late, sum(ignored)::int as ignored, sum(refused)::int as refused,
       max(last_event_at) as "lastEventAt",
       (select array_agg(lag::float8 order by n) from lags where lags.channel = minutes.channel) as "lagBuckets"
     from minutes group by channel order by channel`,
    [environment, since],
  )
  return rows.map(({ lagBuckets, lastEventAt, ...counts }) => ({
    ...counts,
    lagP50Ms: percentile(lagBuckets, 0.5),
    lagP99Ms: percentile(lagBuckets, 0.99),
    lastEventAt: lastEventAt?.toISOString() ?? null,
  }))
}

/** The ms below which this share of the lags lies, by the upper end of its bucket; null without any. */
export function percentile(buckets: readonly number[], share: number): number | null {
  const total = buckets.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let seen = 0
  const index = buckets.findIndex((count) => {
    seen += count
    return seen >= share * total
  })
  return FIRST_BUCKET_MS * 2 ** index
}

/**
 * How many events came by other channels and not by this one. Whichever channel brings an event first adds it, and each
 * other one that brings it a copy; so no fact has to be looked at. An event on its way counts until it is there.
 */
export function missingBy(each: Pick<Counted, 'added' | 'copies'>, all: readonly Pick<Counted, 'added'>[]): number {
  const events = all.reduce((sum, { added }) => sum + added, 0)
  return Math.max(0, events - each.added - each.copies)
}

async function readGaps(db: Queryable, environment: string, since: Date): Promise<Meter['gaps']> {
  const { rows } = await db.query<{ type: string; count: number }>(
    // About a match it counts once, however many of its tickets show it.
    `select type, count(distinct gap_key)::int as count from gaps
     where environment = $1 and found_at >= $2 group by type order by count desc, type`,
    [environment, since],
  )
  return { total: rows.reduce((sum, { count }) => sum + count, 0), byType: rows }
}

async function readDoubts(db: Queryable, environment: string) {
  const { rows } = await db.query<Pick<Meter, 'unconfirmed' | 'presumed' | 'setAside'>>(
    `select
       (select count(*)::int from (select from tickets where environment = $1 and is_open
          and confirmed_at < now() - make_interval(secs => $2) limit $3) t) as unconfirmed,
       (select count(*)::int from (select from tickets where environment = $1 and presumed limit $3) t) as presumed,
       (select count(*)::int from (select from set_aside where environment = $1 and state = 'waiting' limit $3) s)
         as "setAside"`,
    [environment, UNCONFIRMED_AFTER_SECONDS, COUNTED_AT_MOST],
  )
  return rows[0] ?? { unconfirmed: 0, presumed: 0, setAside: 0 }
}
