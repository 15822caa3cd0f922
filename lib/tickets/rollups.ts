/** Tickets by the minute in which they started and ended, kept with them: charts never scan tickets. */
import type { Queryable } from '#lib/db/pool.ts'
import { isFinal } from '#lib/flexmatch/status.ts'
import type { Ticket } from '#lib/flexmatch/ticket.ts'

/** A ticket before and after a change of it; null before the first. */
export interface Move {
  before: Ticket | null
  after: Ticket
}

const TABLES = [
  ['rollups', 60_000],
  ['rollups_15', 15 * 60_000],
] as const

interface Counted {
  bucket: number
  configuration: string
  /** `started`, or the final status, with the time it took as `sumMs`. */
  measure: string
  count: number
  sumMs: number
}

export async function saveRollups(db: Queryable, environment: string, moves: readonly Move[]): Promise<void> {
  const changes = moves.filter(({ before, after }) => before === null || countsOtherwise(before, after))
  for (const [table, bucketMs] of changes.length > 0 ? TABLES : []) {
    const sums = new Map<string, Counted>()
    for (const { before, after } of changes) {
      if (before) for (const each of countedOf(before, bucketMs)) add(sums, each, -1)
      for (const each of countedOf(after, bucketMs)) add(sums, each, 1)
    }
    // In one order for everybody, or two writers could wait for each other.
    const rows = [...sums]
      .filter(([, { count, sumMs }]) => count !== 0 || sumMs !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    if (rows.length === 0) continue
    const column = <T>(of: (row: Counted) => T) => rows.map(([, row]) => of(row))
    const { rowCount } = await db.query(
      `insert into ${table} as known (environment, bucket, configuration, measure, count, sum_ms)
       select $1, * from unnest($2::timestamptz[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
       on conflict (environment, bucket, configuration, measure) do update set
         count = known.count + excluded.count, sum_ms = known.sum_ms + excluded.sum_ms`,
      [
        environment,
        column(({ bucket }) => new Date(bucket).toISOString()),
        column(({ configuration }) => configuration),
        column(({ measure }) => measure),
        column(({ count }) => count),
        column(({ sumMs }) => sumMs),
      ],
    )
    if (rowCount !== rows.length) throw new Error(`Moved ${rowCount} of ${rows.length} ${table} of ${environment}.`)
  }
}

function countsOtherwise(before: Ticket, after: Ticket): boolean {
  return (
    before.status !== after.status ||
    before.configuration !== after.configuration ||
    before.startedAt !== after.startedAt ||
    before.endedAt !== after.endedAt
  )
}

function countedOf({ configuration, startedAt, endedAt, status }: Ticket, bucketMs: number): Counted[] {
  const bucketOf = (time: number) => Math.floor(time / bucketMs) * bucketMs
  const started = { bucket: bucketOf(startedAt), configuration, measure: 'started', count: 1, sumMs: 0 }
  if (endedAt === null || status === 'GONE' || !isFinal(status)) return [started]
  const sumMs = Math.max(0, endedAt - startedAt)
  return [started, { bucket: bucketOf(endedAt), configuration, measure: status, count: 1, sumMs }]
}

function add(sums: Map<string, Counted>, each: Counted, by: 1 | -1): void {
  const key = `${each.bucket} ${each.measure} ${each.configuration}`
  const known = sums.get(key)
  if (known) {
    known.count += by * each.count
    known.sumMs += by * each.sumMs
  } else {
    sums.set(key, { ...each, count: by * each.count, sumMs: by * each.sumMs })
  }
}
