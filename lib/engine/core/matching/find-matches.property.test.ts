import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
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

/** Of one match, at any age. */
function mostPlayers({ teams, expansions }: RuleSet): number {
  const raised = expansions.flatMap((one) => (one.kind === 'team' && one.property === 'maxPlayers' ? [one] : []))
  const largest = teams.map(({ maxPlayers }, index) => {
    const steps = raised.filter((one) => one.teams.includes(index)).flatMap((one) => one.steps)
    return Math.max(maxPlayers, ...steps.map(({ value }) => value))
  })
  return largest.reduce((sum, count) => sum + count, 0)
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

it('does so in pools of up to twenty tickets', () => {
  let matched = 0
  // With more players per match there are too many matches to try all of them.
  const pass = arbitraryPass(20).filter(({ pool, ruleSet }) => pool.length > 6 && mostPlayers(ruleSet) <= 6)
  fc.assert(
    fc.property(pass, (spec) => {
      const anchor = firstAnchor(spec)
      const found = runPass(spec).matches.some((match) => match.tickets.some((one) => one.ticketId === anchor.ticketId))
      if (found) matched++
      else expect(legalMatchWith(anchor, questionOf(spec))).toBeNull()
    }),
    { numRuns: 300, verbose: 1 },
  )
  expect(matched).toBeGreaterThan(90)
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
