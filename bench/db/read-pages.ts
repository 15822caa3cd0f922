/** D1: a page of the list against the bare statement. D2: the same page of a large and of a small index. */
import type { Db } from '#lib/db/pool.ts'
import { listTickets } from '#lib/tickets/list-tickets.ts'
import type { TicketFilter } from '#lib/tickets/views.ts'
import { figure } from '../rows.ts'
import { rawKeyset } from './raw-keyset.ts'
import { GOAL_ROWS, type Read } from './read.ts'
import { somePlayers } from './read-players.ts'
import { listQuestions } from './read-questions.ts'
import { SEEDED } from './seed-index.ts'
import { inTurns, timesOf } from './times.ts'

const PAGES = 400

export async function measurePages({ bench, db, rows, now }: Read, small: Db): Promise<void> {
  const questions = listQuestions(PAGES, now, await somePlayers(small, 40))
  const page = (of: Db) => (filter: TicketFilter) => listTickets(of, SEEDED, filter, now)
  const ms = await inTurns(questions, page(db), (filter) => rawKeyset(db, SEEDED, filter, now))
  const [ours, raw] = [timesOf(ms.one), timesOf(ms.other)]
  const what = `list page, ${PAGES} filters and depths, ${rows.toLocaleString('en-US')}`
  const shared = { what, cpuMs: null, perCpuSecond: null, better: 'lower' as const, smaller: rows < GOAL_ROWS }
  bench.report({
    ...{ ...shared, id: 'D1', value: ours.p50Ms / raw.p50Ms, unit: 'x the time, p50', anchor: 'keyset SQL' },
    ...{ base: 3, moon: 1.5, note: `${figure(ours.p50Ms)} over ${figure(raw.p50Ms)} ms` },
  })
  const slowest = slowestOf(questions, ms.one)
  bench.report({
    ...{ ...shared, id: 'D1', value: ours.p99Ms - raw.p99Ms, unit: 'ms more, p99', anchor: 'keyset SQL' },
    ...{ base: 10, moon: 3, note: `${figure(ours.p99Ms)} over ${figure(raw.p99Ms)} ms; slowest: ${slowest}` },
  })
  const sizes = await inTurns(questions, page(db), page(small))
  const [large, little] = [timesOf(sizes.one), timesOf(sizes.other)]
  bench.report({
    ...{ ...shared, id: 'D2', value: large.p50Ms / little.p50Ms, unit: 'x the time, p50', anchor: '100,000 tickets' },
    ...{ base: 1.5, moon: 1.15, note: `p99 ${figure(large.p99Ms)} over ${figure(little.p99Ms)} ms` },
  })
}

function slowestOf(questions: readonly TicketFilter[], ms: readonly number[]): string {
  const most = Math.max(...ms)
  const { cursor: _, ...filter } = questions[ms.indexOf(most)] as TicketFilter
  const said = Object.entries(filter).filter(([, value]) => value !== null && value !== false)
  return `${said.map(([name, value]) => `${name}=${value}`).join(' ')} in ${figure(most)} ms`
}
