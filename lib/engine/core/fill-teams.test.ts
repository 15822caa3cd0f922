import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fillTeams } from './fill-teams.ts'

const exactly = (...sizes: number[]) => sizes.map((size) => ({ min: size, max: size }))
const fill = (parties: number[], teams: { min: number; max: number }[], chosen = parties.map((): null => null)) =>
  fillTeams(
    parties,
    chosen,
    teams,
    teams.map(() => 0),
  )

it('spreads single players over equal teams', () => {
  expect(fill([1, 1, 1, 1], exactly(2, 2))).toEqual([0, 1, 0, 1])
})

it('finds the one way in which parties fit', () => {
  expect(fill([2, 3, 3, 2], exactly(5, 5))).toEqual([0, 0, 1, 1])
  expect(fill([2, 2, 3, 3], exactly(4, 6))).toEqual([0, 0, 1, 1])
})

it('keeps who was given a team there, and counts who stands on one already', () => {
  expect(fillTeams([1, 1], [null, 0], exactly(1, 1), [0, 0])).toEqual([1, 0])
  expect(fillTeams([1, 1], [null, null], exactly(3, 1), [1, 1])).toEqual([0, 0])
})

it('finds none when there are too few, too many, or parties that do not go together', () => {
  expect(fill([1], exactly(1, 1))).toBeNull()
  expect(fill([1, 1, 1], exactly(1, 1))).toBeNull()
  expect(fill([2, 2, 2], exactly(3, 3))).toBeNull()
  expect(fillTeams([1, 1], [0, 0], exactly(1, 1), [0, 0])).toBeNull()
})

it('finds a way exactly when there is one', () => {
  const team = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })).map(([min, more]) => ({ min, max: min + more }))
  let possible = 0
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
      fc.array(team, { minLength: 1, maxLength: 3 }),
      (parties, teams) => {
        const legal = (placed: readonly number[]) =>
          teams.every(({ min, max }, index) => {
            const size = parties.reduce((sum, party, at) => sum + (placed[at] === index ? party : 0), 0)
            return size >= min && size <= max
          })
        const ways = parties.reduce<number[][]>(
          (sofar) => sofar.flatMap((placed) => teams.map((_, index) => [...placed, index])),
          [[]],
        )
        const found = fill(parties, teams)
        if (found) possible++
        expect(found !== null && legal(found)).toBe(ways.some(legal))
      },
    ),
    { numRuns: 500 },
  )
  expect(possible).toBeGreaterThan(50)
})

it('gives up on a puzzle instead of hanging', () => {
  const parties = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 2 : 3))
  expect(fill(parties, [...exactly(...Array.from({ length: 19 }, () => 7)), { min: 0, max: 27 }])).toBeNull()
})
