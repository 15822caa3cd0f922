import { expect, it } from 'vitest'
import { ruleSetSummary } from './rule-set-summary.ts'

it('tells teams, rules and expansions', () => {
  const body = JSON.stringify({
    teams: [
      { name: 'red', minPlayers: 5, maxPlayers: 5 },
      { name: 'squad', minPlayers: 1, maxPlayers: 3, quantity: 4 },
    ],
    rules: [{ name: 'FairSkill' }, { name: 'FastConnection' }],
    expansions: [{}],
  })
  expect(ruleSetSummary(body)).toBe('red of 5, 4 × squad of 1–3 · rules: FairSkill, FastConnection · 1 expansion')
})

it.each([
  ['{}', 'no teams · no rules'],
  ['[]', 'Not a JSON object.'],
  ['{', 'Not valid JSON.'],
  ['{"teams":[null,3],"rules":"x"}', 'no teams · no rules'],
])('copes with %s', (body, text) => expect(ruleSetSummary(body)).toBe(text))
