import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { arbitraryPass } from './testing/arbitrary-matching.ts'
import { legalMatchWith } from './testing/legal-match.ts'
import { type PassSpec, questionOf, runPass } from './testing/run-pass.ts'

// Ten seconds on an idle machine; the time a shared one takes says nothing about the code.
vi.setConfig({ testTimeout: 60_000 })

/** The ticket that is the first anchor. */
function firstAnchor({ pool, ruleSet }: PassSpec) {
  const { backfillPriority } = ruleSet.algorithm
  const late = (isBackfill: boolean) => backfillPriority !== 'normal' && isBackfill !== (backfillPriority === 'high')
  const [first] = pool.toSorted(
    (one, other) =>
      Number(late(one.backfill !== null)) - Number(late(other.backfill !== null)) ||
      one.startTimeMs - other.startTimeMs ||
      one.arrival - other.arrival,
  )
  if (first === undefined) throw new Error('the pool is empty')
  return first
}

it('forms only legal matches, and one with the first anchor whenever any legal one exists', () => {
  let matched = 0
  fc.assert(
    fc.property(arbitraryPass(6), (spec) => {
      const result = runPass(spec)
      const anchor = firstAnchor(spec)
      const found = result.matches.some(({ tickets }) => tickets.some(({ ticketId }) => ticketId === anchor.ticketId))
      if (found) matched++
      else expect(legalMatchWith(anchor, questionOf(spec))).toBeNull()
    }),
    { numRuns: 2500, verbose: 1 },
  )
  // The generator must keep making rule sets that match, or this test proves nothing.
  expect(matched).toBeGreaterThan(750)
})

it('forms only legal matches in pools of up to forty tickets', () => {
  fc.assert(
    fc.property(arbitraryPass(40), (spec) => {
      runPass(spec)
    }),
    { numRuns: 300, verbose: 1 },
  )
})

it('gives the same answer to the same question, whatever the order of the pool array', () => {
  fc.assert(
    fc.property(arbitraryPass(12), fc.integer(), (spec, turn) => {
      const once = runPass(spec)
      const turned = [...spec.pool.slice(turn % spec.pool.length), ...spec.pool.slice(0, turn % spec.pool.length)]
      expect(runPass({ ...spec, pool: structuredClone(turned) })).toEqual(once)
    }),
    { numRuns: 200, verbose: 1 },
  )
})
