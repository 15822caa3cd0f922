import type { Queryable } from '#lib/db/pool.ts'
import type { RatesView } from './views.ts'

const MINUTE_MS = 60_000
/** A day in minutes would be 1,440 points on a few hundred pixels. */
const WINDOWS = {
  '1h': { table: 'rollups', bucketMs: MINUTE_MS, buckets: 60 },
  '24h': { table: 'rollups_15', bucketMs: 15 * MINUTE_MS, buckets: 96 },
} as const

/** What the rollups count, under the same names in the answer; `waitMs` there is the sum over those that were matched. */
const COUNTED = ['started', 'COMPLETED', 'CANCELLED', 'TIMED_OUT', 'FAILED'] as const

/** Of an address: anything else is the last hour. */
export function readRatesWindow(given: unknown): RatesView['window'] {
  return given === '24h' ? '24h' : '1h'
}

/**
 * How many tickets started and ended in each bucket of the last hour or day; the last bucket is the one `now` (epoch ms)
 * lies in, and goes on growing. Read from the rollups, never from tickets.
 */
export async function rates(
  db: Queryable,
  environment: string,
  window: RatesView['window'],
  configuration: string | null,
  now = Date.now(),
): Promise<RatesView> {
  const { table, bucketMs, buckets } = WINDOWS[window]
  const end = (Math.floor(now / bucketMs) + 1) * bucketMs
  const from = end - buckets * bucketMs
  const { rows } = await db.query<{ bucket: Date; measure: string; count: number; sum_ms: number }>(
    `select bucket, measure, sum(count)::float8 as count, sum(sum_ms)::float8 as sum_ms from ${table}
     where environment = $1 and bucket >= $2 and bucket < $3 and ($4::text is null or configuration = $4)
     group by bucket, measure`,
    [environment, new Date(from), new Date(end), configuration],
  )
  const empty = () => new Array<number>(buckets).fill(0)
  const measures: Record<string, number[]> = { waitMs: empty() }
  for (const measure of COUNTED) measures[measure] = empty()
  for (const { bucket, measure, count, sum_ms } of rows) {
    const index = (bucket.getTime() - from) / bucketMs
    const counts = measures[measure]
    if (counts) counts[index] = count
    if (measure === 'COMPLETED') measures.waitMs![index] = sum_ms
  }
  return { window, bucketMs, from: new Date(from).toISOString(), measures }
}
