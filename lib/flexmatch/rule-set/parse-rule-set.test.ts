import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseRuleSet } from './parse-rule-set.ts'
import { RuleSetError } from './rule-set-error.ts'

const fixtures = (kind: string) => {
  const folder = new URL(`./fixtures/${kind}/`, import.meta.url)
  return readdirSync(folder).map((file) => ({ file, body: readFileSync(new URL(file, folder), 'utf8') }))
}

function refusal(body: string): RuleSetError {
  try {
    parseRuleSet(body)
  } catch (error) {
    if (error instanceof RuleSetError) return error
    throw error
  }
  throw new Error('the rule set was accepted')
}

describe('the fixtures', () => {
  it.each(fixtures('valid'))('accepts $file', ({ body }) => {
    expect(parseRuleSet(body).teams.length).toBeGreaterThan(0)
  })

  const expected: Record<string, [path: string, message: RegExp]> = {
    '01-wrong-language-version.json': ['ruleLanguageVersion', /must be "1.0"/],
    '02-no-teams.json': ['teams', /at least one team/],
    '03-min-above-max.json': ['teams[0].minPlayers', /is 3, more than maxPlayers, which is 2/],
    '04-duplicate-team-after-quantity.json': ['teams[1].name', /already called "a_1"/],
    '05-undeclared-attribute.json': ['rules[0].measurements[0]', /declares no attribute "ghost"/],
    '06-unknown-team-in-expression.json': ['rules[0].measurements[0]', /no team "c"/],
    '07-ordering-without-reference.json': ['rules[0].referenceValue', /operation ">" needs one/],
    '08-large-match-exhaustive.json': ['algorithm.strategy', /must be "balanced" for a large match/],
    '09-large-match-forbidden-rule.json': ['rules[0].type', /cannot use comparison rules/],
    '10-over-200-players.json': ['teams', /allow 201 players/],
    '11-compound-forward-reference.json': ['rules[0].statement', /no rule called "later" is defined before/],
    '12-compound-batch-distance-leaf.json': ['rules[2].statement', /"bd" is a batchDistance rule/],
    '13-expansion-times-not-increasing.json': [
      'expansions[0].steps[1].waitTimeSeconds',
      /must be more than the step before, 20; is 20/,
    ],
    '14-expansion-of-compound.json': ['expansions[0].target', /compound rule cannot be expanded/],
    '15-balanced-attribute-not-number.json': ['algorithm.balancedAttribute', /"s" is a string/],
    '16-sorted-without-attributes.json': ['algorithm.sortByAttributes', /is missing/],
    '17-unknown-rule-type.json': ['rules[0].type', /must be one of .* is "similarity"/],
    '18-map-sort-without-key.json': ['rules[0].mapKey', /is missing/],
    '19-duplicate-rule-name.json': ['rules[1].name', /another rule is already called "r"/],
    '20-bad-party-aggregation.json': ['rules[0].partyAggregation', /"union", "intersection", is "avg"/],
    '21-comment-in-json.json': ['', /comments are not allowed \(line 2, column 3\)/],
    '22-truncated.json': ['', /the document ends where .* \(line \d, column \d+\)/],
    '23-broken-expression.json': ['rules[0].measurements[0]', /expected "\)", found the end \(column 35\)/],
    '24-unknown-function.json': ['rules[0].measurements[0]', /unknown function "mode" \(column 1\)/],
  }
  it.each(fixtures('invalid'))('refuses $file for its one reason', ({ file, body }) => {
    const { reasons } = refusal(body)
    const [path, message] = expected[file] ?? ['?', /never/]
    expect(reasons.map((reason) => reason.path)).toEqual([path])
    expect(reasons.find((reason) => reason.path === path)?.message).toMatch(message)
  })
})
