import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { arbitraryPass } from '#lib/engine/core/matching/testing/arbitrary-matching.ts'
import { ageSeconds, presentAt } from '#lib/engine/core/matching/testing/check-expansions.ts'
import { ruleVerdicts } from '#lib/engine/core/matching/testing/check-rules.ts'
import { type PassSpec, questionOf, runPass } from '#lib/engine/core/matching/testing/run-pass.ts'
import { lintRuleSet } from './lint.ts'
import { parseRuleSet } from './parse-rule-set.ts'
import type { RuleSet } from './rule-set.ts'

// A few seconds on an idle machine; the time a shared one takes says nothing about the code.
vi.setConfig({ testTimeout: 60_000 })

/** Whether the rules at these paths hold in matches made without any rule, as the independent checker sees it. */
function held(spec: PassSpec, ruleSet: RuleSet, paths: readonly string[]): boolean[] {
  // Without rules every match that team sizes allow is formed, also one that the rules would forbid.
  const free = { ...ruleSet, rules: [], expansions: ruleSet.expansions.filter(({ kind }) => kind === 'team') }
  // An option can fail every party on a string, which no rule set shows.
  const options = { ...spec.options, stringPartyAggregation: 'perPlayer' as const }
  const question = questionOf({ ...spec, options, ruleSet })
  return runPass({ ...spec, options, ruleSet: free }).matches.flatMap((match) => {
    const tickets = match.tickets.flatMap(({ ticketId }) => spec.pool.filter((one) => one.ticketId === ticketId))
    const placed = match.tickets.flatMap(({ teams }, which) => {
      const ticket = tickets[which]
      return ticket ? teams.map((team, index) => ({ ticket, index, team })) : []
    })
    const { rules } = presentAt(ruleSet, ageSeconds(ruleSet, tickets, question.nowMs))
    return ruleVerdicts(tickets, placed, rules, question).flatMap(({ holds }, index) =>
      paths.includes(`rules[${index}]`) ? [holds] : [],
    )
  })
}

it('never says that a rule cannot pass, or always does, when a match shows otherwise', () => {
  const seen = { never: 0, always: 0 }
  fc.assert(
    fc.property(arbitraryPass(8), (spec) => {
      const warnings = lintRuleSet(spec.ruleSet)
      const rulesWith = (wanted: string) =>
        warnings.flatMap(({ code, path }) => (code === wanted ? [path.slice(0, path.indexOf('.'))] : []))
      const nevers = held(spec, spec.ruleSet, rulesWith('rule-never-passes'))
      const alwayses = held(spec, spec.ruleSet, rulesWith('rule-always-passes'))
      expect(nevers).not.toContain(true)
      expect(alwayses).not.toContain(false)
      seen.never += nevers.length
      seen.always += alwayses.length
    }),
    { numRuns: 1000, verbose: 1 },
  )
  // The generator must keep making such rules, or this test proves nothing.
  expect(seen.never).toBeGreaterThan(50)
  expect(seen.always).toBeGreaterThan(50)
})

const SHARED = [
  'flatten(teams[*].players.attributes[n])',
  'teams[*].players.attributes[n]',
  'teams[a].players.attributes[n]',
  'avg(teams[a].players.attributes[n])',
  'count(teams[a].players)',
]
const limit = fc.record({
  measurement: fc.constantFrom(...SHARED),
  operation: fc.constantFrom('<', '<=', '=', '>', '>=', 'distance'),
  referenceValue: fc.integer({ min: 0, max: 6 }),
  maxDistance: fc.integer({ min: 0, max: 3 }),
  partyAggregation: fc.constantFrom('min', 'max'),
})

it('never says that two rules contradict each other when a match shows otherwise', () => {
  let seen = 0
  fc.assert(
    fc.property(arbitraryPass(8), limit, limit, fc.boolean(), (spec, first, second, alike) => {
      const pair = alike ? { ...second, measurement: first.measurement } : second
      const rules = [first, pair].map(({ measurement, operation, maxDistance, ...rule }, index) =>
        operation === 'distance'
          ? { ...rule, name: `r${index}`, type: 'distance', measurements: [measurement], maxDistance }
          : { ...rule, name: `r${index}`, type: 'comparison', measurements: [measurement], operation },
      )
      const body = { ...JSON.parse(spec.body), rules, expansions: [] }
      if (
        !body.teams.some(
          ({ name, quantity = 1 }: { name: string; quantity?: number }) => name === 'a' && quantity === 1,
        )
      )
        return
      const ruleSet = parseRuleSet(JSON.stringify(body))
      if (ruleSet.size === 'large' || !lintRuleSet(ruleSet).some(({ code }) => code === 'rules-contradict')) return
      const verdicts = held(spec, ruleSet, ['rules[0]', 'rules[1]'])
      for (let match = 0; match < verdicts.length; match += 2) {
        seen++
        expect(verdicts[match] && verdicts[match + 1]).toBe(false)
      }
    }),
    { numRuns: 1500, verbose: 1 },
  )
  expect(seen).toBeGreaterThan(50)
})

it('says that teams can be matched alone whenever one player is a match', () => {
  fc.assert(
    fc.property(arbitraryPass(3), (spec) => {
      const free = {
        ...spec.ruleSet,
        rules: [],
        expansions: spec.ruleSet.expansions.filter(({ kind }) => kind === 'team'),
      }
      const alone = runPass({ ...spec, ruleSet: free }).matches.some(
        ({ tickets }) => tickets.length === 1 && tickets[0]?.teams.length === 1,
      )
      const room = spec.ruleSet.teams.reduce((sum, { maxPlayers }) => sum + maxPlayers, 0)
      if (alone && room > 1) expect(lintRuleSet(free).map(({ code }) => code)).toContain('match-of-one')
    }),
    { numRuns: 300, verbose: 1 },
  )
})
