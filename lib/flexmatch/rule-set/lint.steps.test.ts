import { expect, it } from 'vitest'
import { growth } from '#lib/flexmatch/testing/count-steps.ts'
import { lintRuleSet } from './lint.ts'
import { parseRuleSet } from './parse-rule-set.ts'
import type { RuleSet } from './rule-set.ts'

/** Rules about the same values, and steps that change one of them. */
function largeRuleSet({ measurements, rules, steps }: { measurements: number; rules: number; steps: number }): RuleSet {
  return parseRuleSet(
    JSON.stringify({
      ruleLanguageVersion: '1.0',
      playerAttributes: [{ name: 'skill', type: 'number', default: 1 }],
      teams: [{ name: 't', minPlayers: 0, maxPlayers: 4, quantity: 4 }],
      rules: Array.from({ length: rules }, (_, index) => ({
        name: `r${index}`,
        type: 'distance',
        measurements: Array(measurements).fill('avg(teams[*].players.attributes[skill])'),
        referenceValue: 'sum(count(teams[*].players))',
        maxDistance: index,
      })),
      expansions: [
        {
          target: 'rules[r1].maxDistance',
          steps: Array.from({ length: steps }, (_, index) => ({ waitTimeSeconds: index + 1, value: index })),
        },
      ],
    }),
  )
}

it.each([
  ['measurements', (size: number) => ({ measurements: 2 * size, rules: 3, steps: 20 })],
  ['steps', (size: number) => ({ measurements: 3, rules: 3, steps: 2 * size })],
  ['rules', (size: number) => ({ measurements: 3, rules: size, steps: 20 })],
  [
    'measurements of one rule and steps that change it',
    (size: number) => ({ measurements: size, rules: 2, steps: size }),
  ],
])('takes no more than twice the steps for twice as many %s', (_, sizes) => {
  const lintOf = (size: number) => {
    const ruleSet = largeRuleSet(sizes(size))
    return () => lintRuleSet(ruleSet)
  }
  expect(growth(lintOf, 70)).toBeLessThan(2.1)
})
