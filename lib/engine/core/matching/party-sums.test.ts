import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canFill } from './party-sums.ts'

const bySize = (sizes: readonly number[]) => {
  const counts = new Array<number>(16).fill(0)
  for (const size of sizes) counts[size]!++
  return counts
}
const FIVES = [
  { min: 5, max: 5 },
  { min: 5, max: 5 },
]

it('sees that parties of four and five never make two teams of five with a party of four', () => {
  expect(canFill(FIVES, bySize([4, 4, 5, 5]), 4)).toBe(false)
  expect(canFill(FIVES, bySize([4, 4, 5, 1]), 4)).toBe(true)
  expect(canFill(FIVES, bySize([2, 2, 2, 2]), 5)).toBe(false)
})

it('never denies what a way of dealing the tickets shows', () => {
  const teams = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 3 })
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(teams, sizes, (pairs, all) => {
      const sized = pairs.map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) }))
      const [own = 1, ...others] = all
      const deal = (place: number, taken: readonly number[]): boolean => {
        if (place === all.length) return sized.every(({ min, max }, team) => min <= taken[team]! && taken[team]! <= max)
        const ways = sized.map((_, team) => taken.map((sum, at) => (at === team ? sum + all[place]! : sum)))
        // The first ticket has to be on a team; the others may be left out.
        return ways.some((way) => deal(place + 1, way)) || (place > 0 && deal(place + 1, taken))
      }
      const canBeDealt = deal(
        0,
        sized.map(() => 0),
      )
      if (canBeDealt) expect(canFill(sized, bySize(others), own)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
