import type { Queryable } from '#lib/db/pool.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { cutPage, readCursor } from '#lib/tickets/cursor.ts'
import type { PageOf } from '#lib/tickets/views.ts'
import {
  BULK_RESULTS,
  type BulkCounts,
  type BulkItemPage,
  type BulkItemView,
  type BulkResult,
  type BulkRunRow,
  type BulkRunView,
} from './views.ts'

const RUNS_PER_PAGE = 30
const ITEMS_PER_PAGE = 50
const FIRST_FAILED = 5

interface RunRecord {
  bulk_id: string
  action: BulkRunRow['action']
  state: BulkRunRow['state']
  total: number
  counts: Partial<BulkCounts>
  words: string
  person_name: string
  started_at: Date
  finished_at: Date | null
  request_id: string
  reason: string | null
  more: boolean
  problem: string | null
  problem_at: Date | null
  retry_of: string | null
  retried_by: string | null
}
const RUN = 'bulk_id, action, state, total, counts, words, person_name, started_at, finished_at'

/** Runs that were started, newest first. Throws AppError INVALID_INPUT for a cursor this did not give. */
export async function listBulkRuns(
  db: Queryable,
  environment: string,
  cursor: string | null,
): Promise<PageOf<BulkRunRow>> {
  const after = readCursor(cursor)
  if (after && !isRunId(after.id))
    throw new AppError('INVALID_INPUT', 'The page address names a place that does not exist.')
  const { rows } = await db.query<RunRecord>(
    `select ${RUN} from bulk_runs
     where environment = $1 and state <> 'previewed' ${after ? 'and (started_at, bulk_id) < ($2::timestamptz, $3::uuid)' : ''}
     order by started_at desc, bulk_id desc limit ${RUNS_PER_PAGE + 1}`,
    after ? [environment, new Date(after.time ?? 0), after.id] : [environment],
  )
  return cutPage(rows, RUNS_PER_PAGE, runRow, (row) => ({ time: row.started_at.getTime(), id: row.bulk_id }))
}

/** null for a run that is not there, or was never confirmed. */
export async function getBulkRun(db: Queryable, environment: string, bulkId: string): Promise<BulkRunView | null> {
  if (!isRunId(bulkId)) return null
  const { rows } = await db.query<RunRecord>(
    `select ${RUN}, request_id, reason, more, problem, problem_at, retry_of,
       (select n.bulk_id from bulk_runs n where n.retry_of = r.bulk_id and n.state <> 'previewed'
          order by n.started_at desc limit 1) as retried_by
     from bulk_runs r where environment = $1 and bulk_id = $2 and state <> 'previewed'`,
    [environment, bulkId],
  )
  const row = rows[0]
  if (!row) return null
  return {
    ...runRow(row),
    ...{
      requestId: row.request_id,
      reason: row.reason,
      more: row.more,
      retryOf: row.retry_of,
      retriedBy: row.retried_by,
    },
    problem: row.problem === null ? null : { text: row.problem, at: row.problem_at?.toISOString() ?? '' },
    firstFailed: await readItems(
      db,
      `i.bulk_id = $1 and i.result = 'failed' order by i.settled_at, i.position limit ${FIRST_FAILED}`,
      [bulkId],
    ),
  }
}

/** Fifty of its items in their order, after a position; all, or those with one of these results. */
export async function listBulkItems(
  db: Queryable,
  environment: string,
  bulkId: string,
  { results, after }: { results: readonly BulkResult[] | null; after: number | null },
): Promise<BulkItemPage | null> {
  if ((await getBulkRun(db, environment, bulkId)) === null) return null
  const rows = await readItems(
    db,
    `i.bulk_id = $1 and i.position > $2 and ($3::text[] is null or i.result = any($3))
     order by i.position limit ${ITEMS_PER_PAGE + 1}`,
    [bulkId, after ?? -1, results],
  )
  const page = rows.slice(0, ITEMS_PER_PAGE)
  return { rows: page, next: rows.length > ITEMS_PER_PAGE ? (page.at(-1)?.position ?? null) : null }
}

export function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}

async function readItems(db: Queryable, where: string, values: unknown[]): Promise<BulkItemView[]> {
  const { rows } = await db.query<
    Omit<BulkItemView, 'askedAt' | 'settledAt'> & { askedAt: Date | null; settledAt: Date | null }
  >(
    `select i.position, i.ticket_id as "ticketId", i.result, i.reason, i.tries, i.asked_at as "askedAt",
       i.settled_at as "settledAt", jsonb_array_length(i.player_ids) as "playerCount", t.status
     from bulk_items i join bulk_runs r using (bulk_id)
       left join tickets t on t.environment = r.environment and t.ticket_id = i.ticket_id
     where ${where}`,
    values,
  )
  return rows.map((row) => ({
    ...row,
    askedAt: row.askedAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
  }))
}

function runRow(row: RunRecord): BulkRunRow {
  return {
    bulkId: row.bulk_id,
    ...{ action: row.action, state: row.state, total: row.total, words: row.words, by: row.person_name },
    counts: Object.fromEntries(BULK_RESULTS.map((result) => [result, row.counts[result] ?? 0])) as BulkCounts,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}
