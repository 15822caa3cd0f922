import type { Queryable } from '#lib/db/pool.ts'
import { INDEXED_STATUSES, type IndexedStatus, isOpen, type TicketKind } from '#lib/flexmatch/status.ts'
import type { TicketCounts } from './views.ts'

interface CountsFilter {
  configuration?: string | null
  kind?: TicketKind | null
  presumed?: boolean
}

/** Presumed tickets have no counters: they are few, or too many to count. */
const MOST_PRESUMED = 10_000

/** Counts per tab, from the maintained counters; of presumed tickets from their rows, null when those are very many. */
export async function ticketCounts(
  db: Queryable,
  environment: string,
  { configuration = null, kind = null, presumed = false }: CountsFilter = {},
): Promise<TicketCounts | null> {
  const { rows } = await db.query<{ status: IndexedStatus; count: number }>(presumed ? OF_PRESUMED : OF_ALL, [
    environment,
    configuration,
    kind,
  ])
  const counts = countsOf(rows)
  return presumed && counts.all > MOST_PRESUMED ? null : counts
}

const NARROWED = `environment = $1 and ($2::text is null or configuration = $2) and ($3::text is null or kind = $3)`
const OF_ALL = `select status, sum(count)::bigint as count from counters where ${NARROWED} group by status`
const OF_PRESUMED = `select status, count(*)::int as count
  from (select status from tickets where presumed and ${NARROWED} limit ${MOST_PRESUMED + 1}) as few group by status`

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
