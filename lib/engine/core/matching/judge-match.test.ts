import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { judgeMatch, teamSizes } from './judge-match.ts'
import { planFor } from './plan.ts'
import { arbitraryPass } from './testing/arbitrary-matching.ts'
import { ageSeconds, presentAt } from './testing/check-expansions.ts'
import { ruleVerdicts } from './testing/check-rules.ts'
import { aTicket, solos, T0 } from './testing/pool-builders.ts'
import { DEFAULT_OPTIONS, questionOf } from './testing/run-pass.ts'

it('says of any match which rules it breaks, as the definitions do', () => {
  let broken = 0
  fc.assert(
    fc.property(arbitraryPass(6), fc.infiniteStream(fc.nat({ max: 9 })), (spec, choices) => {
      const question = questionOf(spec)
      const { ruleSet, pool, nowMs, options } = question
      const teams = pool.map(() => choices.next().value! % ruleSet.teams.length)
      const placed = pool.flatMap((ticket, at) =>
        ticket.players.map(({ team }, index) => ({ ticket, index, team: team ?? ruleSet.teams[teams[at]!]!.name })),
      )
      const { rules } = presentAt(ruleSet, ageSeconds(ruleSet, pool, nowMs))
      const wrong = ruleVerdicts(pool, placed, rules, question).filter(({ enforced, holds }) => enforced && !holds)
      broken += wrong.length
      const judged = judgeMatch(planFor(ruleSet, options), pool, teams, nowMs)
      expect(judged.brokenRules).toEqual(wrong.map(({ name }) => name))
      for (const { ruleName, passedCount, failedCount } of judged.metrics) {
        if (failedCount > 0 && passedCount > 0) throw new Error(`${ruleName} both passed and failed`)
      }
    }),
    { numRuns: 500, verbose: 1 },
  )
  expect(broken).toBeGreaterThan(100)
})

describe('judging a match', () => {
  const ruleSet = parseRuleSet(
    JSON.stringify({
      ruleLanguageVersion: '1.0',
      playerAttributes: [{ name: 'skill', type: 'number' }],
      teams: [
        { name: 'red', minPlayers: 1, maxPlayers: 1 },
        { name: 'blue', minPlayers: 1, maxPlayers: 1 },
      ],
      rules: [
        { name: 'close', type: 'batchDistance', batchAttribute: 'skill', maxDistance: 10 },
        { name: 'near', type: 'latency', maxLatency: 50 },
      ],
      expansions: [
        { target: 'rules[close].maxDistance', steps: [{ waitTimeSeconds: 30, value: 100 }] },
        { target: 'teams[red].maxPlayers', steps: [{ waitTimeSeconds: 30, value: 2 }] },
      ],
    }),
  )
  const plan = planFor(ruleSet, DEFAULT_OPTIONS)
  const far = solos([{ skill: 1 }, { skill: 50 }])

  it('takes rules and team sizes as they are at the age of the match', () => {
    expect(judgeMatch(plan, far, [0, 1], T0).brokenRules).toEqual(['close', 'near'])
    expect(judgeMatch(plan, far, [0, 1], T0 + 30_000).brokenRules).toEqual(['near'])
    expect(teamSizes(plan, far, T0)[0]).toEqual({ min: 1, max: 1 })
    expect(teamSizes(plan, far, T0 + 30_000)[0]).toEqual({ min: 1, max: 2 })
  })

  it('counts each rule it asked once', () => {
    expect(judgeMatch(plan, far, [0, 1], T0 + 30_000).metrics).toEqual([
      { ruleName: 'close', passedCount: 1, failedCount: 0 },
      { ruleName: 'near', passedCount: 0, failedCount: 1 },
    ])
  })

  it('names tickets that no match can have', () => {
    const blank = aTicket('blank', [{}])
    const judged = judgeMatch(plan, [far[0]!, blank], [0, 1], T0)
    expect(judged).toMatchObject({
      brokenRules: [],
      unmatchable: [
        { ticketId: 't1', reason: 'no latency for rule "near"' },
        { ticketId: 'blank', reason: 'player blank-p1 has no number value for attribute "skill"' },
      ],
    })
  })
})
