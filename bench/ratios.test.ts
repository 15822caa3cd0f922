import { expect, it } from 'vitest'
import { interleaved } from './interleaved.ts'
import { timesPeer } from './peers.ts'
import { growth, percentile, rate, slowdown } from './ratios.ts'

it('counts tickets per CPU second', () => {
  expect(rate({ matched: 500, cpuMs: 250 })).toBe(2_000)
})

it('compares what a ticket costs, not what a pool costs', () => {
  expect(slowdown({ matched: 100, cpuMs: 30 }, { matched: 50, cpuMs: 10 })).toBeCloseTo(1.5)
})

it('finds no growth where each ticket costs the same at every size', () => {
  const costs = [1_000, 2_500, 10_000].map((matched) => ({ matched, cpuMs: matched / 100 }))
  const { perDoubling, overall, slope } = growth(costs)
  expect(perDoubling).toEqual([expect.closeTo(1), expect.closeTo(1)])
  expect(overall).toBeCloseTo(1)
  expect(slope).toBeCloseTo(1)
})

it('finds quadratic cost, whatever lies between two sizes', () => {
  const costs = [1_000, 4_000, 32_000].map((matched) => ({ matched, cpuMs: matched ** 2 }))
  const { perDoubling, overall, slope } = growth(costs)
  expect(perDoubling).toEqual([expect.closeTo(2), expect.closeTo(2)])
  expect(overall).toBeCloseTo(32)
  expect(slope).toBeCloseTo(2)
})

it('takes the percentile from the sorted values', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(percentile(values, 0.5)).toBe(51)
  expect(percentile(values, 0.99)).toBe(100)
  expect(percentile([7], 0.99)).toBe(7)
})

it('derives a multiple of a peer only where the peer was measured', () => {
  expect(timesPeer('Nakama', '1v1', 10_000, 0.01)).toBeCloseTo(228)
  expect(timesPeer('Nakama', '5v5', 100_000, 0.01)).toBeNull()
  expect(timesPeer('flexi', '1v1', 20_000, 0.01)).toBeNull()
})

it('lets the cases take turns and keeps the best of each, with the shortest of the longest Ticks', async () => {
  const turns: string[] = []
  const best = await interleaved(2, ['a', 'b'], async (name) => {
    turns.push(name)
    const first = turns.length <= 2
    return { cpuMs: first ? 10 : 20, matched: 100, meanSpread: 0, longestTickMs: first ? 9 : 5 }
  })
  expect(turns).toEqual(['a', 'b', 'a', 'b'])
  expect(best.a).toMatchObject({ cpuMs: 10, longestTickMs: 5 })
})
