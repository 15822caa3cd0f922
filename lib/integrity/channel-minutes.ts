/** What each channel delivered, by the minute of its arrival: written in the transaction that stores the events. */
import type { Queryable } from '#lib/db/pool.ts'
import type { Channel } from '#lib/environments/environment.ts'

/** One delivery and what became of it. Times are epoch ms. */
export interface NotedDelivery {
  channel: Channel
  receivedAt: number
  /** When the event happened; null where that could not be read. */
  eventAt: number | null
  /** `added`: the first copy. `copy`: known from another channel. `repeated`: this message had come before. */
  became: 'added' | 'copy' | 'repeated' | 'ignored' | 'refused'
  /** It came after a newer event of one of its tickets. */
  late: boolean
}

const MINUTE_MS = 60_000
export const LAG_BUCKETS = 16

interface Tally {
  channel: Channel
  minute: number
  received: number
  added: number
  repeated: number
  copies: number
  late: number
  ignored: number
  refused: number
  lagMsSum: number
  lagBuckets: number[]
  lastEventAt: number | null
}

export async function noteDeliveries(
  tx: Queryable,
  environment: string,
  deliveries: readonly NotedDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return
  const rows = tallied(deliveries)
  const { rowCount } = await tx.query(
    `insert into channel_minutes as known (environment, channel, minute, received, added, repeated, copies, late, ignored,
       refused, lag_ms_sum, last_event_at, lag_buckets)
     select $1, channel, minute, received, added, repeated, copies, late, ignored, refused, lag_ms_sum, last_event_at,
       lag_buckets::int[]
     from unnest($2::text[], $3::timestamptz[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[],
       $10::int[], $11::bigint[], $12::timestamptz[], $13::text[]) as given (channel, minute, received, added, repeated,
       copies, late, ignored, refused, lag_ms_sum, last_event_at, lag_buckets)
     on conflict (environment, minute, channel) do update set
       received = known.received + excluded.received, added = known.added + excluded.added,
       repeated = known.repeated + excluded.repeated, copies = known.copies + excluded.copies,
       late = known.late + excluded.late, ignored = known.ignored + excluded.ignored,
       refused = known.refused + excluded.refused, lag_ms_sum = known.lag_ms_sum + excluded.lag_ms_sum,
       last_event_at = greatest(known.last_event_at, excluded.last_event_at),
       lag_buckets = (
         select array_agg(a + b order by n)
         from unnest(known.lag_buckets, excluded.lag_buckets) with ordinality as both_of (a, b, n))`,
    [
      environment,
      rows.map((row) => row.channel),
      rows.map((row) => new Date(row.minute)),
      rows.map((row) => row.received),
      rows.map((row) => row.added),
      rows.map((row) => row.repeated),
      rows.map((row) => row.copies),
      rows.map((row) => row.late),
      rows.map((row) => row.ignored),
      rows.map((row) => row.refused),
      rows.map((row) => row.lagMsSum),
      rows.map((row) => (row.lastEventAt === null ? null : new Date(row.lastEventAt))),
      rows.map((row) => `{${row.lagBuckets.join(',')}}`),
    ],
  )
  if (rowCount !== rows.length) throw new Error(`Noted ${rowCount} of ${rows.length} minutes of ${environment}.`)
}

function tallied(deliveries: readonly NotedDelivery[]): Tally[] {
  const tallies = new Map<string, Tally>()
  for (const { channel, receivedAt, eventAt, became, late } of deliveries) {
    const minute = Math.floor(receivedAt / MINUTE_MS) * MINUTE_MS
    const key = `${channel} ${minute}`
    const tally = tallies.get(key) ?? empty(channel, minute)
    tallies.set(key, tally)
    tally.received++
    tally[became === 'copy' ? 'copies' : became]++
    if (late) tally.late++
    if (eventAt === null) continue
    // A clock ahead of ours must not look like the newest event, nor like time won.
    const heardAt = Math.min(eventAt, receivedAt)
    const lagMs = Math.round(receivedAt - heardAt)
    tally.lagMsSum += lagMs
    tally.lagBuckets[lagBucket(lagMs)]!++
    tally.lastEventAt = Math.max(tally.lastEventAt ?? heardAt, heardAt)
  }
  return [...tallies.values()]
}

function empty(channel: Channel, minute: number): Tally {
  const counts = { received: 0, added: 0, repeated: 0, copies: 0, late: 0, ignored: 0, refused: 0, lagMsSum: 0 }
  return { channel, minute, ...counts, lagBuckets: new Array<number>(LAG_BUCKETS).fill(0), lastEventAt: null }
}

/** The first (0) counts lags below 32 ms, each next one below twice as much, the last one all that are longer. */
export function lagBucket(lagMs: number): number {
  return lagMs < 32 ? 0 : Math.min(LAG_BUCKETS - 1, Math.floor(Math.log2(lagMs / 16)))
}
