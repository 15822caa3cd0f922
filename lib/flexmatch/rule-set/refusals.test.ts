import { describe, expect, it } from 'vitest'
import { countSteps, growth } from '#lib/flexmatch/testing/count-steps.ts'
import { aRuleSet, refusal, withRule, withRules } from './testing/rule-set-builders.ts'

type Case = [what: string, body: string, path: string, message: RegExp]
const comparison = (parts: Record<string, unknown>) =>
  withRule({ type: 'comparison', operation: '=', measurements: 'count(teams[a].players)', referenceValue: 1, ...parts })
const distance = (parts: Record<string, unknown>) =>
  withRule({ type: 'distance', measurements: ['count(teams[a].players)'], referenceValue: 1, maxDistance: 1, ...parts })
const collection = (parts: Record<string, unknown>) =>
  withRule({
    type: 'collection',
    operation: 'intersection',
    measurements: 'flatten(teams[*].players.attributes[l])',
    minCount: 1,
    ...parts,
  })
const latency = (parts: Record<string, unknown>) => withRule({ type: 'latency', ...parts })
const sort = (parts: Record<string, unknown>) =>
  withRule({ type: 'absoluteSort', sortDirection: 'ascending', sortAttribute: 'n', ...parts })
const team = (parts: Record<string, unknown>) =>
  aRuleSet({ teams: [{ name: 'a', minPlayers: 1, maxPlayers: 2, ...parts }] })
const compound = (statement: string) =>
  withRules([
    { type: 'latency', maxLatency: 50 },
    { type: 'absoluteSort', sortDirection: 'ascending', sortAttribute: 'n' },
    { type: 'compound', statement: 'not(r0)' },
    { type: 'compound', statement },
  ])
const expansion = (target: string, steps: unknown = [{ waitTimeSeconds: 5, value: 1 }]) =>
  withRules(
    [
      { type: 'latency', maxLatency: 50 },
      {
        type: 'collection',
        operation: 'contains',
        measurements: 'teams[a].players.attributes[l]',
        referenceValue: 'x',
        minCount: 1,
      },
      { type: 'absoluteSort', sortDirection: 'ascending', sortAttribute: 'n' },
    ],
    { expansions: [{ target, steps }] },
  )
const large = {
  teams: [{ name: 'a', minPlayers: 1, maxPlayers: 50 }],
  algorithm: { strategy: 'balanced', balancedAttribute: 'n' },
}

const cases: Record<string, Case[]> = {
  'the document': [
    ['an array', '[]', '', /must be a JSON object, this is an array/],
    ['nothing', '', '', /1 to 65535 characters, this one has 0/],
    ['a version that is a number', aRuleSet({ ruleLanguageVersion: 1 }), 'ruleLanguageVersion', /must be "1.0", is 1/],
    ['no version', aRuleSet({ ruleLanguageVersion: undefined }), 'ruleLanguageVersion', /is missing/],
    ['a name that is no string', aRuleSet({ name: 5 }), 'name', /must be a string/],
    ['rules that are no array', aRuleSet({ rules: {} }), 'rules', /must be an array/],
    ['a rule that is no object', aRuleSet({ rules: [1] }), 'rules[0]', /must be an object, is 1/],
  ],
  teams: [
    ['none', aRuleSet({ teams: undefined }), 'teams', /is missing/],
    ['a team without name', team({ name: undefined }), 'teams[0].name', /is missing/],
    ['an empty name', team({ name: '' }), 'teams[0].name', /not be empty/],
    ['a team without minPlayers', team({ minPlayers: undefined }), 'teams[0].minPlayers', /is missing/],
    ['a team without maxPlayers', team({ maxPlayers: undefined }), 'teams[0].maxPlayers', /is missing/],
    ['a fraction', team({ maxPlayers: 1.5 }), 'teams[0].maxPlayers', /integer of at least 1, is 1.5/],
    ['a size in quotes', team({ minPlayers: '1' }), 'teams[0].minPlayers', /integer of at least 0, is the string "1"/],
    ['no players', team({ maxPlayers: 0, minPlayers: 0 }), 'teams[0].maxPlayers', /at least 1, is 0/],
    ['no copies', team({ quantity: 0 }), 'teams[0].quantity', /at least 1, is 0/],
    [
      'two of one name',
      aRuleSet({ teams: [1, 2].map(() => ({ name: 'a', minPlayers: 1, maxPlayers: 1 })) }),
      'teams[1].name',
      /"a"/,
    ],
  ],
  attributes: [
    ['no name', aRuleSet({ playerAttributes: [{ type: 'number' }] }), 'playerAttributes[0].name', /is missing/],
    ['no type', aRuleSet({ playerAttributes: [{ name: 'n' }] }), 'playerAttributes[0].type', /is missing/],
    [
      'an unknown type',
      aRuleSet({ playerAttributes: [{ name: 'n', type: 'int' }] }),
      'playerAttributes[0].type',
      /is "int"/,
    ],
    [
      'two of one name',
      aRuleSet({ playerAttributes: [1, 2].map(() => ({ name: 'n', type: 'number' })) }),
      'playerAttributes[1].name',
      /already called "n"/,
    ],
    ...(
      [
        ['number', '5', /must be a number/],
        ['string', 5, /must be a string/],
        ['string_list', ['a', 1], /array of strings/],
        ['string_number_map', { a: 'b' }, /values are numbers/],
      ] as const
    ).map(
      ([type, value, message]): Case => [
        `a default that is no ${type}`,
        aRuleSet({ playerAttributes: [{ name: 'n', type, default: value }] }),
        'playerAttributes[0].default',
        message,
      ],
    ),
  ],
  rules: [
    ['no name', withRule({ name: undefined, type: 'latency', maxLatency: 5 }), 'rules[0].name', /is missing/],
    ['no type', withRule({}), 'rules[0].type', /is missing/],
  ],
  expressions: [
    [
      'a map',
      comparison({ measurements: 'flatten(teams[*].players.attributes[m])' }),
      'rules[0].measurements',
      /string_number_map/,
    ],
    [
      'text to average',
      comparison({ measurements: ['avg(teams[a].players.attributes[s])'] }),
      'rules[0].measurements[0]',
      /needs a list of numbers, but this is a list of strings/,
    ],
    [
      'an average of an average',
      comparison({ measurements: ['avg(avg(teams[a].players.attributes[n]))'] }),
      'rules[0].measurements[0]',
      /this is a single number/,
    ],
    ['no expression', comparison({ measurements: [5] }), 'rules[0].measurements[0]', /must be an expression, is 5/],
    ['no measurements', comparison({ measurements: undefined }), 'rules[0].measurements', /is missing/],
    ['empty measurements', comparison({ measurements: [] }), 'rules[0].measurements', /at least one/],
  ],
  'comparison rules': [
    ['no operation', comparison({ operation: undefined }), 'rules[0].operation', /is missing/],
    ['an unknown operation', comparison({ operation: '==' }), 'rules[0].operation', /is "=="/],
    [
      'players to compare',
      comparison({ measurements: 'teams[a].players' }),
      'rules[0].measurements',
      /needs numbers or strings/,
    ],
    [
      'numbers and strings together',
      comparison({ measurements: ['count(teams[a].players)', 'teams[a].players.attributes[s]'] }),
      'rules[0].measurements',
      /mix numbers and strings/,
    ],
    [
      'an order of strings',
      comparison({ measurements: 'teams[a].players.attributes[s]', operation: '<', referenceValue: 'x' }),
      'rules[0].operation',
      /must be "=" or "!=" for strings/,
    ],
    [
      'a number beside strings',
      comparison({ measurements: 'teams[a].players.attributes[s]' }),
      'rules[0].referenceValue',
      /string like the measurements/,
    ],
    [
      'text beside numbers',
      comparison({ referenceValue: 'high' }),
      'rules[0].referenceValue',
      /a number or an expression/,
    ],
    [
      'a list to compare with',
      comparison({ referenceValue: 'count(teams[*].players)' }),
      'rules[0].referenceValue',
      /single number, yields a list of numbers/,
    ],
  ],
  'distance rules': [
    ['no reference', distance({ referenceValue: undefined }), 'rules[0].referenceValue', /is missing/],
    ['no bound', distance({ maxDistance: undefined }), 'rules[0].maxDistance', /needs minDistance or maxDistance/],
    [
      'a list as reference',
      distance({ referenceValue: 'teams[a].players.attributes[n]' }),
      'rules[0].referenceValue',
      /yields a list of numbers/,
    ],
    [
      'strings',
      distance({ measurements: ['teams[a].players.attributes[s]'] }),
      'rules[0].measurements[0]',
      /needs numbers/,
    ],
  ],
  'collection rules': [
    ['an unknown operation', collection({ operation: 'union' }), 'rules[0].operation', /is "union"/],
    [
      'no reference',
      collection({ operation: 'contains' }),
      'rules[0].referenceValue',
      /operation "contains" needs one/,
    ],
    ['no count', collection({ minCount: undefined }), 'rules[0].minCount', /needs minCount or maxCount/],
    [
      'numbers',
      collection({ measurements: 'count(teams[*].players)' }),
      'rules[0].measurements',
      /needs lists of strings/,
    ],
    [
      'a list to look for',
      collection({ operation: 'contains', referenceValue: ['x'] }),
      'rules[0].referenceValue',
      /must be a string, is an array/,
    ],
    [
      'an expression to look for',
      collection({ operation: 'contains', referenceValue: 'teams[a].players[playerId]' }),
      'rules[0].referenceValue',
      /is an expression/,
    ],
    [
      'numbers in the reference',
      collection({ operation: 'reference_intersection_count', referenceValue: ['x', 1] }),
      'rules[0].referenceValue',
      /strings only/,
    ],
    [
      'lists as reference',
      collection({ operation: 'reference_intersection_count', referenceValue: 'teams[a].players.attributes[l]' }),
      'rules[0].referenceValue',
      /must yield one list of strings/,
    ],
  ],
  'latency rules': [
    ['nothing set', latency({}), 'rules[0].maxLatency', /needs maxLatency or maxDistance/],
    ['a distance from nothing', latency({ maxDistance: 5 }), 'rules[0].distanceReference', /maxDistance needs it/],
    [
      'an unknown reference',
      latency({ maxDistance: 5, distanceReference: 'max' }),
      'rules[0].distanceReference',
      /is "max"/,
    ],
    [
      'a large match with distance',
      withRule({ type: 'latency', maxLatency: 5, maxDistance: 5, distanceReference: 'min' }, large),
      'rules[0].maxDistance',
      /only use maxLatency/,
    ],
  ],
  'batchDistance rules': [
    ['no attribute', withRule({ type: 'batchDistance', maxDistance: 1 }), 'rules[0].batchAttribute', /is missing/],
    [
      'a list',
      withRule({ type: 'batchDistance', batchAttribute: 'l', maxDistance: 1 }),
      'rules[0].batchAttribute',
      /is a string_list/,
    ],
    [
      'numbers without distance',
      withRule({ type: 'batchDistance', batchAttribute: 'n' }),
      'rules[0].maxDistance',
      /is missing/,
    ],
    [
      'a distance in words',
      withRule({ type: 'batchDistance', batchAttribute: 'n', maxDistance: 'far' }),
      'rules[0].maxDistance',
      /must be a number/,
    ],
  ],
  'sort rules': [
    ['an undeclared attribute', sort({ sortAttribute: 'x' }), 'rules[0].sortAttribute', /declares no attribute "x"/],
    ['an unknown direction', sort({ sortDirection: 'up' }), 'rules[0].sortDirection', /is "up"/],
    ['a list', sort({ sortAttribute: 'l' }), 'rules[0].sortAttribute', /cannot be a string_list/],
    ['an unknown map key', sort({ sortAttribute: 'm', mapKey: 'top' }), 'rules[0].mapKey', /is "top"/],
  ],
  'party aggregation': [
    ['union of numbers', comparison({ partyAggregation: 'union' }), 'rules[0].partyAggregation', /is "union"/],
    ['min of lists', collection({ partyAggregation: 'min' }), 'rules[0].partyAggregation', /is "min"/],
    ['sum of latencies', latency({ maxLatency: 1, partyAggregation: 'sum' }), 'rules[0].partyAggregation', /is "sum"/],
  ],
  'compound rules': [
    ['no statement', withRule({ type: 'compound' }), 'rules[0].statement', /is missing/],
    ['three operands', compound('and(r0, r0, r0)'), 'rules[3].statement', /"and" takes two operands \(column 11\)/],
    ['one operand', compound('or(r0)'), 'rules[3].statement', /"or" takes two operands/],
    ['two operands for not', compound('not(r0, r0)'), 'rules[3].statement', /"not" takes one operand/],
    ['an unknown operator', compound('nand(r0, r0)'), 'rules[3].statement', /unknown operator "nand"/],
    ['an unknown rule', compound('not(r9)'), 'rules[3].statement', /no rule called "r9"/],
    ['a compound inside', compound('not(r2)'), 'rules[3].statement', /"r2" is of type compound/],
    ['a sort rule inside', compound('not(r1)'), 'rules[3].statement', /"r1" is of type absoluteSort/],
    ['a bracket left open', compound('not(r0'), 'rules[3].statement', /expected "\)", found the end/],
    ['text after the end', compound('not(r0) r0'), 'rules[3].statement', /expected the end of the statement/],
    ['nothing inside', compound('not()'), 'rules[3].statement', /expected a rule name/],
  ],
  'large matches': [
    [
      'no balanced attribute',
      aRuleSet({ ...large, algorithm: { strategy: 'balanced' } }),
      'algorithm.balancedAttribute',
      /is missing/,
    ],
    [
      'the other strategy',
      withRules([], { ...large, algorithm: { strategy: 'exhaustiveSearch' } }),
      'algorithm.strategy',
      /must be "balanced"/,
    ],
    [
      'a compound',
      withRules(
        [
          { type: 'latency', maxLatency: 5 },
          { type: 'compound', statement: 'not(r0)' },
        ],
        large,
      ),
      'rules[1].type',
      /cannot use compound rules/,
    ],
  ],
  'the algorithm': [
    ['an unknown strategy', aRuleSet({ algorithm: { strategy: 'best' } }), 'algorithm.strategy', /is "best"/],
    [
      "the other strategy's batching",
      aRuleSet({ algorithm: { batchingPreference: 'fastestRegion' } }),
      'algorithm.batchingPreference',
      /is "fastestRegion"/,
    ],
    [
      'an unknown priority',
      aRuleSet({ algorithm: { backfillPriority: 'urgent' } }),
      'algorithm.backfillPriority',
      /is "urgent"/,
    ],
    [
      'an unknown age',
      aRuleSet({ algorithm: { expansionAgeSelection: 'mean' } }),
      'algorithm.expansionAgeSelection',
      /is "mean"/,
    ],
    [
      'an undeclared attribute',
      aRuleSet({ algorithm: { batchingPreference: 'sorted', sortByAttributes: ['x'] } }),
      'algorithm.sortByAttributes[0]',
      /"x"/,
    ],
    [
      'an undeclared balanced attribute',
      aRuleSet({ algorithm: { strategy: 'balanced', balancedAttribute: 'x' } }),
      'algorithm.balancedAttribute',
      /"x"/,
    ],
  ],
  expansions: [
    ['a target of another form', expansion('rule r0'), 'expansions[0].target', /must be rules\[name\]\.property/],
    ['an unknown rule', expansion('rules[r9].maxLatency'), 'expansions[0].target', /no rule "r9"/],
    ['an unknown team', expansion('teams[z].minPlayers'), 'expansions[0].target', /no team "z"/],
    [
      'an unknown property',
      expansion('rules[r0].minLatency'),
      'expansions[0].target',
      /"minLatency" of a latency rule/,
    ],
    ['the type of a rule', expansion('rules[r0].type'), 'expansions[0].target', /cannot be expanded/],
    ['a sort rule', expansion('rules[r2].sortDirection'), 'expansions[0].target', /cannot be expanded/],
    [
      'a distance without reference',
      expansion('rules[r0].maxDistance'),
      'expansions[0].target',
      /no distanceReference/,
    ],
    [
      'the quantity of a team',
      expansion('teams[a].quantity'),
      'expansions[0].target',
      /only minPlayers and maxPlayers/,
    ],
    ['no steps', expansion('rules[r0].maxLatency', []), 'expansions[0].steps', /at least one/],
    [
      'steps missing',
      withRules([], { expansions: [{ target: 'teams[a].minPlayers' }] }),
      'expansions[0].steps',
      /is missing/,
    ],
    [
      'a step at once',
      expansion('rules[r0].maxLatency', [{ waitTimeSeconds: 0, value: 1 }]),
      'expansions[0].steps[0].waitTimeSeconds',
      /at least 1/,
    ],
    [
      'a step without value',
      expansion('rules[r0].maxLatency', [{ waitTimeSeconds: 1 }]),
      'expansions[0].steps[0].value',
      /is missing/,
    ],
    [
      'text for a number',
      expansion('rules[r0].maxLatency', [{ waitTimeSeconds: 1, value: '9' }]),
      'expansions[0].steps[0].value',
      /must be a number/,
    ],
    [
      'a fraction of a player',
      expansion('teams[a].minPlayers', [{ waitTimeSeconds: 1, value: 0.5 }]),
      'expansions[0].steps[0].value',
      /integer of at least 0/,
    ],
    [
      'a number to look for',
      expansion('rules[r1].referenceValue'),
      'expansions[0].steps[0].value',
      /must be a string, is 1/,
    ],
    [
      'two for one target',
      withRules([], {
        expansions: ['teams[a].minPlayers', 'teams[a, b].minPlayers'].map((target) => ({
          target,
          steps: [{ waitTimeSeconds: 1, value: 0 }],
        })),
      }),
      'expansions[1].target',
      /another expansion already has this target/,
    ],
  ],
}

describe.each(Object.entries(cases))('%s', (_, rows) => {
  it.each(rows)('refuses %s', (_what, body, path, message) => {
    const { reasons } = refusal(body)
    expect(reasons.map((reason) => reason.path)).toContain(path)
    expect(reasons.find((reason) => reason.path === path)?.message).toMatch(message)
    expect(reasons).toHaveLength(1)
  })
})

it('reports everything that is wrong at once, each with its line', () => {
  const body = `{
  "ruleLanguageVersion": "2.0",
  "teams": [
    {"name": "a", "minPlayers": 2, "maxPlayers": 1}
  ],
  "rules": [
    {"name": "r", "type": "comparison", "operation": "?", "measurements": ["count(teams[x].players)", "avg("]}
  ]
}`
  const { reasons, message } = refusal(body)
  expect(reasons.map(({ path, line, column }) => [path, line, column])).toEqual([
    ['ruleLanguageVersion', 2, 26],
    ['teams[0].minPlayers', 4, 33],
    ['rules[0].measurements[0]', 7, 76],
    ['rules[0].measurements[1]', 7, 103],
    ['rules[0].operation', 7, 54],
  ])
  expect(message).toContain('teams[0].minPlayers: is 2, more than maxPlayers, which is 1; rules[0].measurements[0]: ')
})

describe('bodies made to hurt', () => {
  it.each([
    ['brackets', '['.repeat(60_000)],
    ['braces', '{"a":'.repeat(10_000)],
    [
      'expressions',
      comparison({ measurements: `${'min('.repeat(10_000)}teams[a].players.attributes[n]${')'.repeat(10_000)}` }),
    ],
    [
      'statements',
      withRules([
        { type: 'latency', maxLatency: 1 },
        { type: 'compound', statement: `${'not('.repeat(10_000)}r0${')'.repeat(10_000)}` },
      ]),
    ],
  ])('refuses %s nested ten thousand deep', (_, body) => {
    expect(refusal(body).reasons[0]?.message).toMatch(/nested deeper than \d+ levels/)
  })
  it('refuses a body of 65,536 characters and reads one of 65,535', () => {
    const filled = (length: number) =>
      aRuleSet({ name: '' }).replace('""', `"${'x'.repeat(length - aRuleSet({ name: '' }).length)}"`)
    expect(filled(65_535)).toHaveLength(65_535)
    expect(refusal(filled(65_536)).reasons[0]?.message).toMatch(/this one has 65536/)
    expect(() => refusal(filled(65_535))).toThrow('accepted')
    const wide = filled(65_535).replace(/x{9,}/, (xs) => '🏁'.repeat(xs.length))
    expect(() => refusal(wide)).toThrow('accepted') // characters, not halves of pairs
  })
  it.each(['\\u0000', '\\ud83d', '\\ude00x'])(
    'refuses a name with %s, which no database or event can carry',
    (sequence) => {
      const { reasons } = refusal(aRuleSet({}).replace('"a"', `"a${sequence}"`))
      expect(reasons.map(({ path }) => path)).toEqual(['teams[0].name'])
      expect(() => refusal(aRuleSet({}).replace('"a"', '"a\\ud83d\\ude00"'))).toThrow('accepted')
    },
  )
  it('does not expand a quantity of a billion, nor a thousand times two hundred', () => {
    expect(refusal(team({ quantity: 1_000_000_000 })).reasons[0]?.message).toMatch(/at most 200/)
    const teams = Array.from({ length: 1000 }, (_, i) => ({
      name: `t${i}`,
      minPlayers: 1,
      maxPlayers: 1,
      quantity: 200,
    }))
    expect(refusal(aRuleSet({ teams })).reasons[0]?.message).toMatch(/allow 200000 players .* at most 200/)
    const single = aRuleSet({ teams: teams.map((one) => ({ ...one, quantity: 1 })) })
    expect(countSteps(() => refusal(aRuleSet({ teams }))) / countSteps(() => refusal(single))).toBeLessThan(1.5)
  })
  it.each([
    ['rules that are none', (count: number) => ({ rules: Array(count).fill(0) })],
    [
      'teams of one name',
      (count: number) => ({ teams: Array(count).fill({ name: 'a', minPlayers: 9, maxPlayers: 1 }) }),
    ],
    ['measurements that do not parse', (count: number) => ({ rules: [{ measurements: Array(count).fill('min(') }] })],
    [
      'steps in no order',
      (count: number) => ({
        expansions: [{ target: 'teams[a].minPlayers', steps: Array(count).fill({ waitTimeSeconds: 1, value: 1 }) }],
      }),
    ],
  ])('takes twice the steps for twice as many %s', (_, content) => {
    expect(growth((count) => () => refusal(aRuleSet(content(count))), 300)).toBeLessThan(2.1)
  })
  it('refuses numbers beyond measure', () => {
    expect(refusal(team({}).replace('"maxPlayers":2', '"maxPlayers":1e999')).reasons[0]?.message).toMatch(/integer/)
    expect(
      refusal(latency({ maxLatency: 5 }).replace('"maxLatency":5', '"maxLatency":1e999')).reasons[0]?.message,
    ).toMatch(/must be a number/)
  })
  it('names a hundred reasons and counts the rest', () => {
    const { reasons } = refusal(aRuleSet({ rules: Array.from({ length: 2000 }, () => 0) }))
    expect(reasons).toHaveLength(101)
    expect(reasons.at(-1)?.message).toBe('1900 more reasons are not shown')
  })
})
