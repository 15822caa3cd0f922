import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseRuleSet } from './parse-rule-set.ts'
import { aRuleSet, refusal, withRule } from './testing/rule-set-builders.ts'

const FLAT_N = 'flatten(teams[*].players.attributes[n])'
const FLAT_L = 'flatten(teams[*].players.attributes[l])'
const N = [{ name: 'n', type: 'number' }]

const fixtures = (kind: string) => {
  const folder = new URL(`./fixtures/${kind}/`, import.meta.url)
  return readdirSync(folder).map((file) => ({ file, body: readFileSync(new URL(file, folder), 'utf8') }))
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
    '12-compound-batch-distance-leaf.json': ['rules[2].statement', /"bd" is of type batchDistance/],
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

describe('what must be accepted', () => {
  it.each([
    ['an empty name', aRuleSet({ name: '' })],
    ['empty arrays', aRuleSet({ playerAttributes: [], rules: [], expansions: [] })],
    ['no rules at all', aRuleSet({})],
    ['a team that may stay empty', aRuleSet({ teams: [{ name: 'a', minPlayers: 0, maxPlayers: 1 }] })],
    ['a match of one player', aRuleSet({ teams: [{ name: 'a', minPlayers: 1, maxPlayers: 1 }] })],
    [
      'a numeric string as batch distance',
      withRule({ type: 'batchDistance', batchAttribute: 'n', maxDistance: '500' }),
    ],
    ['measurements in one string', withRule({ type: 'comparison', operation: '=', measurements: FLAT_N })],
    [
      'hyphens and spaces in names',
      aRuleSet({
        teams: [{ name: 'red team-1', minPlayers: 1, maxPlayers: 2 }],
        playerAttributes: [{ name: 'my skill-level', type: 'number' }],
        rules: [
          {
            name: 'a rule-name',
            type: 'comparison',
            operation: '>=',
            referenceValue: 1,
            measurements: ['min(teams[red team-1].players.attributes[my skill-level])'],
          },
        ],
        expansions: [
          { target: 'rules[a rule-name].referenceValue', steps: [{ waitTimeSeconds: 5, value: 0 }] },
          { target: 'teams[red team-1].minPlayers', steps: [{ waitTimeSeconds: 5, value: 0 }] },
        ],
      }),
    ],
    [
      'balanced with forty players and a comparison rule',
      aRuleSet({
        teams: [{ name: 'a', minPlayers: 1, maxPlayers: 20, quantity: 2 }],
        playerAttributes: N,
        algorithm: { strategy: 'balanced', balancedAttribute: 'n' },
        rules: [{ name: 'r', type: 'comparison', operation: '=', measurements: [FLAT_N] }],
      }),
    ],
    [
      'a large match',
      aRuleSet({
        teams: [{ name: 'a', minPlayers: 1, maxPlayers: 41 }],
        playerAttributes: N,
        algorithm: { strategy: 'balanced', balancedAttribute: 'n' },
      }),
    ],
    ['keys it does not know', withRule({ type: 'latency', maxLatency: 50, description: 'near', mood: [1] })],
    ['a description', withRule({ type: 'latency', maxLatency: 50, description: 'near' })],
  ])('%s', (_, body) => {
    expect(() => parseRuleSet(body)).not.toThrow()
  })

  it('takes the last of two equal keys', () => {
    const body = aRuleSet({}).replace('{', '{"ruleLanguageVersion": "9",')
    expect(parseRuleSet(body).teams).toHaveLength(2)
  })
})

describe('what a rule set means', () => {
  it('fills in defaults', () => {
    expect(parseRuleSet(aRuleSet({ name: undefined }))).toMatchObject({
      name: null,
      size: 'small',
      algorithm: {
        strategy: 'exhaustiveSearch',
        batchingPreference: 'random',
        backfillPriority: 'normal',
        expansionAgeSelection: 'newest',
        sortByAttributes: [],
        balancedAttribute: null,
      },
    })
    expect(parseRuleSet(withRule({ type: 'latency', maxLatency: 5 })).rules[0]).toMatchObject({
      partyAggregation: 'avg',
    })
    const collection = { type: 'collection', operation: 'intersection', measurements: FLAT_L, minCount: 1 }
    expect(parseRuleSet(withRule(collection)).rules[0]).toMatchObject({ partyAggregation: 'union', maxCount: null })
  })

  it('numbers the copies of a team and lets the base name stand for all of them', () => {
    const { teams, rules, expansions } = parseRuleSet(
      aRuleSet({
        teams: [{ name: 'squad', minPlayers: 1, maxPlayers: 2, quantity: 3 }],
        rules: [
          { name: 'all', type: 'comparison', operation: '=', measurements: ['count(teams[squad].players)'] },
          {
            name: 'one',
            type: 'comparison',
            operation: '=',
            measurements: ['count(teams[squad_2].players)'],
            referenceValue: 1,
          },
        ],
        expansions: [{ target: 'teams[squad].minPlayers', steps: [{ waitTimeSeconds: 1, value: 0 }] }],
      }),
    )
    expect(teams.map(({ name, baseName }) => [name, baseName])).toEqual([
      ['squad_1', 'squad'],
      ['squad_2', 'squad'],
      ['squad_3', 'squad'],
    ])
    expect(rules[0]).toMatchObject({
      measurements: [{ type: { levels: 1 }, argument: { teams: [0, 1, 2], grouped: true } }],
    })
    expect(rules[1]).toMatchObject({
      measurements: [{ type: { levels: 0 }, argument: { teams: [1], grouped: false } }],
    })
    expect(expansions[0]).toMatchObject({ kind: 'team', teams: [0, 1, 2] })
  })

  it('takes an empty string for no default, and an empty list for one', () => {
    const { playerAttributes } = parseRuleSet(
      aRuleSet({
        playerAttributes: [
          { name: 's', type: 'string', default: '' },
          { name: 'l', type: 'string_list', default: [] },
          { name: 'm', type: 'string_number_map', default: { a: 1 } },
        ],
      }),
    )
    expect(playerAttributes).toEqual([
      { name: 's', type: 'string' },
      { name: 'l', type: 'string_list', default: { SL: [] } },
      { name: 'm', type: 'string_number_map', default: { SDM: { a: 1 } } },
    ])
  })

  it('reads a reference as an expression if it is one, else as a literal', () => {
    const measurements = ['teams[a].players.attributes[s]']
    const literal = { type: 'comparison', operation: '=', measurements, referenceValue: 'avg(teams[a]' }
    expect(parseRuleSet(withRule(literal)).rules[0]).toMatchObject({
      referenceValue: { kind: 'string', value: 'avg(teams[a]' },
    })
    const number = {
      type: 'comparison',
      operation: '<',
      measurements: 'count(teams[a].players)',
      referenceValue: 'count(teams[b].players)',
    }
    expect(parseRuleSet(withRule(number)).rules[0]).toMatchObject({ referenceValue: { kind: 'expression' } })
  })
})

describe('names that objects have by themselves', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  it.each(names)('%s is a name like any other', (name) => {
    const body = `{"ruleLanguageVersion": "1.0", "__proto__": {"polluted": true},
      "teams": [{"name": "${name}", "minPlayers": 1, "maxPlayers": 2}],
      "playerAttributes": [{"name": "${name}", "type": "string_number_map", "default": {"${name}": 1}}],
      "rules": [{"name": "${name}", "type": "comparison", "operation": "=", "measurements": "count(teams[${name}].players)"}],
      "expansions": [{"target": "teams[${name}].minPlayers", "steps": [{"waitTimeSeconds": 1, "value": 0}]}]}`
    const ruleSet = parseRuleSet(body)
    expect(ruleSet.teams[0]?.name).toBe(name)
    expect(Object.keys(ruleSet.playerAttributes[0]?.default?.SDM ?? {})).toEqual([name])
    expect('polluted' in {}).toBe(false)
  })
  it.each(names)('%s is not found where it was not declared', (name) => {
    const rule = { type: 'comparison', operation: '=', measurements: `flatten(teams[*].players.attributes[${name}])` }
    expect(refusal(withRule(rule)).reasons[0]?.message).toMatch(/declares no attribute/)
    expect(refusal(withRule({ type: name })).reasons[0]?.path).toBe('rules[0].type')
    expect(refusal(withRule({ type: 'compound', statement: `not(${name})` })).reasons[0]?.message).toMatch(
      /no rule called/,
    )
    const ofTeam = { type: 'comparison', operation: '=', measurements: `count(teams[${name}].players)` }
    expect(refusal(withRule(ofTeam)).reasons[0]?.message).toMatch(/no team/)
  })
})
