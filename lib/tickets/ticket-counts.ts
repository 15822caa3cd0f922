import type { Queryable } from '#lib/db/pool.ts'
import { INDEXED_STATUSES, type IndexedStatus, isOpen, type TicketKind } from '#lib/flexmatch/status.ts'
import type { TicketCounts } from './views.ts'

/** Counts per tab, from the maintained counters. */
export async function ticketCounts(
  db: Queryable,
  environment: string,
  filter: { configuration?: string | null; kind?: TicketKind | null } = {},
): Promise<TicketCounts> {
  const { rows } = await db.query<{ status: IndexedStatus; count: number }>(
    `select status, sum(count)::bigint as count from counters
     where environment = $1 and ($2::text is null or configuration = $2) and ($3::text is null or kind = $3)
     group by status`,
    [environment, filter.configuration ?? null, filter.kind ?? null],
  )
  return countsOf(rows)
}

export function countsOf(rows: readonly { status: IndexedStatus; count: number }[]): TicketCounts {
  const counts = { open: 0, all: 0 } as TicketCounts
  for (const status of INDEXED_STATUSES) counts[status] = 0
  for (const { status, count } of rows) {
    counts[status] += count
    counts.all += count
    if (isOpen(status)) counts.open += count
  }
  return counts
}
