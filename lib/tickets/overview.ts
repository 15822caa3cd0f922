import type { Queryable } from '#lib/db/pool.ts'
import { INDEXED_STATUSES, type IndexedStatus, isOpen } from '#lib/flexmatch/status.ts'
import { attention, type MatchmakerHealth } from './attention.ts'
import { countsOf } from './ticket-counts.ts'
import type { OverviewView } from './views.ts'

const NOTHING_KNOWN: MatchmakerHealth = { outage: null, configurations: null }

/** Is it healthy? Counts, configurations with their oldest open ticket, and what to look at. `now` is epoch ms. */
export async function overview(
  db: Queryable,
  environment: string,
  now = Date.now(),
  matchmaker: MatchmakerHealth = NOTHING_KNOWN,
): Promise<OverviewView> {
  const [counters, progress] = await Promise.all([readCounters(db, environment), readProgress(db, environment)])
  const names = [...new Set(counters.map((row) => row.configuration))].filter((name) => name !== '').sort()
  const oldest = await readOldest(db, environment, names)
  const configurations = names.map((configuration) => {
    const own = counters.filter((row) => row.configuration === configuration)
    const byStatus: Partial<Record<IndexedStatus, number>> = {}
    for (const { status, count } of own) byStatus[status] = (byStatus[status] ?? 0) + count
    return {
      configuration,
      open: INDEXED_STATUSES.filter(isOpen).reduce((sum, status) => sum + (byStatus[status] ?? 0), 0),
      byStatus,
      oldestStartedAt: oldest.get(configuration)?.started_at.toISOString() ?? null,
      oldestTicketId: oldest.get(configuration)?.ticket_id ?? null,
    }
  })
  return {
    counts: countsOf(counters),
    configurations,
    attention: await attention(
      db,
      environment,
      { configurations, lastReceivedAt: progress?.last_received_at ?? null, matchmaker },
      now,
    ),
    lastEventAt: progress?.last_event_at.toISOString() ?? null,
  }
}

async function readCounters(db: Queryable, environment: string) {
  const { rows } = await db.query<{ configuration: string; status: IndexedStatus; count: number }>(
    `select configuration, status, sum(count)::bigint as count from counters
     where environment = $1 and count <> 0 group by configuration, status`,
    [environment],
  )
  return rows
}

async function readProgress(db: Queryable, environment: string) {
  const { rows } = await db.query<{ last_event_at: Date; last_received_at: Date }>(
    'select last_event_at, last_received_at from ingest_progress where environment = $1',
    [environment],
  )
  return rows[0]
}

interface Oldest {
  configuration: string
  ticket_id: string
  started_at: Date
}

async function readOldest(db: Queryable, environment: string, configurations: readonly string[]) {
  if (configurations.length === 0) return new Map<string, Oldest>()
  // A statement per name and not a join: for a name it does not know yet the planner may walk all open tickets.
  const oneEach = configurations.map(
    (_, index) => `(select configuration, ticket_id, started_at from tickets
       where environment = $1 and configuration = $${index + 2} and is_open order by started_at, ticket_id limit 1)`,
  )
  const { rows } = await db.query<Oldest>(oneEach.join(' union all '), [environment, ...configurations])
  return new Map(rows.map((row) => [row.configuration, row]))
}
