/** D3: how many tickets are where, from the maintained counters, which must be right after tickets have moved. */
import { isDeepStrictEqual } from 'node:util'
import type { Db, Queryable } from '#lib/db/pool.ts'
import type { EventEnvelope } from '#lib/flexmatch/events.ts'
import { parseEnvelope } from '#lib/flexmatch/parse-event.ts'
import { TICKET_KINDS } from '#lib/flexmatch/status.ts'
import type { Arrival } from '#lib/tickets/arrival.ts'
import { ingest } from '#lib/tickets/ingest.ts'
import { countTickets, readCounters } from '#lib/tickets/testing/index-dump.ts'
import { ticketCounts } from '#lib/tickets/ticket-counts.ts'
import { figure } from '../rows.ts'
import { GOAL_ROWS, type Read } from './read.ts'
import { SEEDED } from './seed-index.ts'
import { msOf, timesOf } from './times.ts'

const ASKED = 400
const MOVED = 2_000

export async function measureCounts({ bench, db, rows, now }: Read): Promise<void> {
  const moved = await moveTickets(db, now)
  const { rows: known } = await db.query<{ configuration: string }>(
    'select distinct configuration from counters where environment = $1',
    [SEEDED],
  )
  const configurations = [null, ...known.map(({ configuration }) => configuration)]
  const kinds = [null, ...TICKET_KINDS]
  const ms: number[] = []
  for (let number = 0; number < ASKED; number++) {
    const configuration = configurations[number % configurations.length] ?? null
    const kind = kinds[Math.floor(number / configurations.length) % kinds.length] ?? null
    ms.push(await msOf(() => ticketCounts(db, SEEDED, { configuration, kind })))
  }
  const { p50Ms, p99Ms } = timesOf(ms)
  const countMs = await unbounded(db, checkCounters)
  await unbounded(db, checkRollups)
  const what = `counts by tab, ${rows.toLocaleString('en-US')}`
  const shared = { what, id: 'D3', cpuMs: null, perCpuSecond: null, smaller: rows < GOAL_ROWS }
  bench.report({
    ...{ ...shared, value: p99Ms, unit: 'ms p99', anchor: 'nothing (absolute)', base: 5, moon: 1, better: 'lower' },
    note: `p50 ${figure(p50Ms)} ms, under every configuration and kind`,
  })
  bench.report({
    ...{ ...shared, value: countMs / p50Ms, unit: 'x as fast', anchor: 'count(*)', base: 200, moon: 1000 },
    ...{ better: 'higher', note: `which takes ${figure(countMs)} ms and says the same, after ${moved} tickets moved` },
  })
}

/** Tickets that wait are cancelled, by events as they come from outside. */
async function moveTickets(db: Db, now: number): Promise<number> {
  const { rows } = await db.query<{ body: EventEnvelope }>(
    `select f.body from tickets t join fact_tickets l using (environment, ticket_id)
       join facts f on f.environment = l.environment and f.id = l.fact_id and f.day = l.day
     where t.environment = $1 and t.is_open and t.status = 'SEARCHING' and l.type = 'MatchmakingSearching' limit $2`,
    [SEEDED, MOVED],
  )
  const arrivals = rows.map(({ body }, number) => cancelled(body, number, now))
  await ingest(db, SEEDED, arrivals, now)
  return arrivals.length
}

function cancelled(searching: EventEnvelope, number: number, now: number): Arrival {
  const parsed = parseEnvelope({
    ...searching,
    id: `cancelled-${number}`,
    time: new Date(now).toISOString(),
    detail: {
      ...searching.detail,
      type: 'MatchmakingCancelled',
      reason: 'Cancelled',
      message: 'Cancelled by request.',
    },
  })
  if (parsed.kind === 'refused') throw new Error(parsed.reason)
  return parsed
}

/** How long counting takes, which must say what the counters say. */
async function checkCounters(db: Queryable): Promise<number> {
  let counted: unknown
  const countMs = await msOf(async () => (counted = await countTickets(db, SEEDED)))
  if (!isDeepStrictEqual(counted, await readCounters(db, SEEDED))) throw new Error('The counters are wrong.')
  return countMs
}

async function checkRollups(db: Queryable): Promise<void> {
  for (const [table, width] of [
    ['rollups', '1 minute'],
    ['rollups_15', '15 minutes'],
  ]) {
    const { rows } = await db.query<{ wrong: number }>(
      `select count(*) as wrong from (
         select bucket, configuration, measure, count(*) as count, sum(ms)::bigint as sum_ms from (
           select date_bin($2, started_at, 'epoch') as bucket, configuration, 'started' as measure, 0 as ms
           from tickets where environment = $1
           union all
           select date_bin($2, ended_at, 'epoch'), configuration, status, extract(epoch from ended_at - started_at) * 1000
           from tickets where environment = $1 and ended_at is not null
         ) as each group by 1, 2, 3) as scanned
       full join (select * from ${table} where environment = $1 and count <> 0) as kept using (bucket, configuration, measure)
       where (scanned.count, scanned.sum_ms) is distinct from (kept.count, kept.sum_ms)`,
      [SEEDED, width],
    )
    if (rows[0]?.wrong !== 0) throw new Error(`${rows[0]?.wrong} rows of ${table} do not say what the tickets say.`)
  }
}

/** Counting takes longer than any statement of a page may. */
async function unbounded<T>(db: Db, work: (client: Queryable) => Promise<T>): Promise<T> {
  const client = await db.connect()
  await client.query('set statement_timeout = 0')
  return work(client).finally(() => client.release(true))
}
