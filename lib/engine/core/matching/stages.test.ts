import { expect, it } from 'vitest'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { loosest, rulesAt, stageAgesMs, stageOf } from './stages.ts'

const ruleSet = parseRuleSet(
  JSON.stringify({
    ruleLanguageVersion: '1.0',
    teams: [{ name: 'a', minPlayers: 3, maxPlayers: 4, quantity: 2 }],
    rules: [
      { name: 'near', type: 'latency', maxLatency: 50 },
      {
        name: 'even',
        type: 'comparison',
        operation: '=',
        measurements: ['count(teams[a_1].players)'],
        referenceValue: 3,
      },
    ],
    expansions: [
      {
        target: 'rules[near].maxLatency',
        steps: [
          { waitTimeSeconds: 10, value: 100 },
          { waitTimeSeconds: 30, value: 80 },
        ],
      },
      { target: 'teams[a].minPlayers', steps: [{ waitTimeSeconds: 20, value: 2 }] },
      { target: 'rules[even].referenceValue', steps: [{ waitTimeSeconds: 20, value: 2 }] },
    ],
  }),
)
const latencyAt = (seconds: number) => {
  const rule = rulesAt(ruleSet, seconds * 1000).rules[0]
  return rule?.type === 'latency' ? rule.maxLatency : null
}

it('applies the last step that is due, exactly from its second on', () => {
  expect([0, 9.999, 10, 29.999, 30, 9999].map(latencyAt)).toEqual([50, 50, 100, 100, 80, 80])
})

it('expands every copy of a team', () => {
  expect(rulesAt(ruleSet, 19_999).teams).toEqual([
    { min: 3, max: 4 },
    { min: 3, max: 4 },
  ])
  expect(rulesAt(ruleSet, 20_000).teams).toEqual([
    { min: 2, max: 4 },
    { min: 2, max: 4 },
  ])
})

it('cuts time at every step of any expansion', () => {
  const ages = stageAgesMs(ruleSet)
  expect(ages).toEqual([10_000, 20_000, 30_000])
  expect([-5, 0, 9_999, 10_000, 20_000, 29_999, 30_000].map((age) => stageOf(age, ages))).toEqual([0, 0, 0, 1, 2, 2, 3])
})

it('takes the looser bound of two stages, also when time tightens', () => {
  const at = (seconds: number, rule: number) => rulesAt(ruleSet, seconds * 1000).rules[rule]!
  expect(loosest(at(10, 0), at(30, 0))).toMatchObject({ maxLatency: 100 })
  expect(loosest(at(0, 0), at(30, 0))).toMatchObject({ maxLatency: 80 })
  expect(loosest(at(0, 1), at(20, 1))).toBeNull()
})
