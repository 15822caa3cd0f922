import { expect, it } from 'vitest'
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { planFor } from '#lib/engine/core/matching/plan.ts'
import { type Attributes, aTicket } from '#lib/engine/core/matching/testing/pool-builders.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/matching/testing/run-pass.ts'
import { chooseOthers } from './choose-others.ts'
import { aRuleSet } from './testing/ask.ts'

const RULES = [
  { name: 'Near', type: 'batchDistance', batchAttribute: 'skill', maxDistance: 100 },
  { name: 'Same', type: 'batchDistance', batchAttribute: 'mode' },
]
const plan = planFor(aRuleSet(1, { rules: RULES }), DEFAULT_OPTIONS)

function chosenFrom(size: number, attributes: (index: number) => Attributes, most: number) {
  const waiting = new Set(Array.from({ length: size }, (_, index) => ({ ticketId: `t${index}` })))
  let reads = 0
  const read = (ticketId: string): PoolTicket => {
    reads++
    const index = Number(ticketId.slice(1))
    return aTicket(ticketId, [{ attributes: attributes(index) }], { at: index, arrival: index })
  }
  const chosen = chooseOthers(waiting, read('t0'), plan, most, read).map(({ ticketId }) => Number(ticketId.slice(1)))
  return { chosen, reads }
}

it('takes all others of a small pool', () => {
  expect(chosenFrom(5, () => ({ skill: 1 }), 10).chosen).toEqual([1, 2, 3, 4])
})

it('takes the oldest, and those nearest by the values that rules compare', () => {
  const near = new Set([700, 801, 902])
  const attributes = (index: number) => ({ skill: near.has(index) ? 5 : 5000, mode: index === 702 ? 'rush' : 'duel' })
  const { chosen } = chosenFrom(1000, (index) => (index === 0 ? { skill: 5, mode: 'duel' } : attributes(index)), 6)
  expect(chosen).toEqual([1, 2, 3, 700, 801, 902])
})

it('prefers an equal text to a nearer number', () => {
  const attributes = (index: number) => ({ skill: index < 50 ? 100 : 180, mode: index < 50 ? 'rush' : 'duel' })
  const { chosen } = chosenFrom(100, (index) => (index === 0 ? { skill: 100, mode: 'duel' } : attributes(index)), 4)
  expect(chosen).toEqual([1, 2, 50, 51])
})

it('reads two thousand tickets of a pool of a hundred thousand, from all ages', () => {
  const { chosen, reads } = chosenFrom(
    100_000,
    (index) => ({ skill: index === 0 || index > 99_000 ? 1 : 900, mode: 'duel' }),
    100,
  )
  expect(reads).toBeLessThanOrEqual(2_001)
  expect(chosen).toHaveLength(100)
  expect(Math.max(...chosen)).toBeGreaterThan(50_000)
})
