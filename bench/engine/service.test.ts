import { expect, it } from 'vitest'
import { WORKLOADS, type WorkloadName } from '../workload/workloads.ts'
import { bestOf } from './best-of.ts'
import { Service } from './service.ts'

const BUDGET_MS = 60_000

it.each<WorkloadName>(['1v1', 'parties', 'backfilled', 'expanding', 'accepted'])(
  'drains one pool of %s after the other in the same engine, each on its own',
  (name) => {
    const service = new Service(name)
    const columns = WORKLOADS[name].columns(400)
    const drained = [1, 2, 3].map(() => service.drain(columns, BUDGET_MS))
    for (const { matched, cut, verified } of drained) {
      expect(cut).toBe(false)
      expect(matched).toBeGreaterThan(100)
      expect(verified().matched).toBe(matched)
    }
  },
)

it('goes no further when the time is up', () => {
  const drained = new Service('1v1').drain(WORKLOADS['1v1'].columns(400), 0)
  expect(drained).toMatchObject({ cut: true, matched: 0 })
})

it('counts the run with the highest rate, and shows them all', () => {
  const runs = Array.from({ length: 15 }, (_, index) => ({ usedMs: 100, matched: index === 7 ? 20 : 10 }))
  const seen: unknown[] = []
  const best = bestOf(
    false,
    () => runs[seen.length]!,
    (run) => void seen.push(run),
  )
  expect(best).toBe(runs[7])
  expect(seen).toEqual(runs)
})
