/** D5: the chart of rates over an hour and over a day. That the rollups say what a scan would, D3 checks. */
import { rates } from '#lib/tickets/rates.ts'
import { figure } from '../rows.ts'
import { GOAL_ROWS, type Read } from './read.ts'
import { SEEDED } from './seed-index.ts'
import { msOf, timesOf } from './times.ts'

const ASKED = 400
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const GOALS = [
  { window: '1h', base: 5, moon: 1.5 },
  { window: '24h', base: 40, moon: 5 },
] as const

export async function measureChart({ bench, db, rows, now }: Read): Promise<void> {
  for (const { window, base, moon } of GOALS) {
    const ms: number[] = []
    for (let number = 0; number < ASKED; number++) {
      // The last hours of the seeded month, minute by minute; of all configurations, as the overview asks.
      const at = now - number * MINUTE_MS - (number % 20) * DAY_MS
      ms.push(await msOf(() => rates(db, SEEDED, window, null, at)))
    }
    const { measures } = await rates(db, SEEDED, window, null, now)
    const started = measures.started?.reduce((sum, count) => sum + count, 0) ?? 0
    if (started === 0) throw new Error(`The chart of the last ${window} is empty.`)
    const { p50Ms, p99Ms } = timesOf(ms)
    bench.report({
      ...{ id: 'D5', what: `chart of ${window}, ${rows.toLocaleString('en-US')}`, cpuMs: null, perCpuSecond: null },
      ...{ value: p50Ms, unit: 'ms p50', anchor: 'nothing (absolute)', base, moon, better: 'lower' },
      ...{ smaller: rows < GOAL_ROWS, note: `p99 ${figure(p99Ms)} ms; ${figure(started)} tickets started in it` },
    })
  }
}
