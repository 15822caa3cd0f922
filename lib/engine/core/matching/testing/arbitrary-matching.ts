/** Generated rule sets and pools for property tests: small numbers, so that matches are possible and boundaries are hit. */
import fc from 'fast-check'
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { aTicket, type PlayerSpec } from './pool-builders.ts'
import { DEFAULT_OPTIONS, type PassSpec } from './run-pass.ts'

const NUMBERS = [
  'flatten(teams[*].players.attributes[n])',
  'teams[*].players.attributes[n]',
  'teams[a].players.attributes[n]',
]
const NUMBER = [
  'min(flatten(teams[*].players.attributes[n]))',
  'max(flatten(teams[*].players.attributes[n]))',
  'avg(flatten(teams[*].players.attributes[n]))',
  'median(flatten(teams[*].players.attributes[n]))',
  'stddev(flatten(teams[*].players.attributes[n]))',
  'sum(teams[a].players.attributes[n])',
  'avg(teams[a].players.attributes[n])',
  'count(teams[a].players)',
  'max(count(teams[*].players))',
  'min(count(teams[*].players))',
  'max(avg(teams[*].players.attributes[n]))',
  'min(max(teams[*].players.attributes[n]))',
]
const PER_TEAM = [
  'avg(teams[*].players.attributes[n])',
  'max(teams[*].players.attributes[n])',
  'count(teams[*].players)',
]
const STRINGS = [
  'flatten(teams[*].players.attributes[s])',
  'teams[*].players.attributes[s]',
  'teams[a].players.attributes[s]',
]
const LISTS = [
  'flatten(teams[*].players.attributes[l])',
  'teams[*].players.attributes[l]',
  'teams[a].players.attributes[l]',
  'flatten(teams[a].players.attributes[l])',
  'set_intersection(flatten(teams[*].players.attributes[l]))',
]
const LIST_REFERENCES = [
  'x',
  ['x', 'y'],
  'set_intersection(flatten(teams[*].players.attributes[l]))',
  'flatten(teams[*].players[playerId])',
]

const small = fc.integer({ min: 0, max: 6 })
const none = (weight: number): undefined[] => Array.from({ length: weight }, () => undefined)
const aggregation = fc.option(fc.constantFrom('min', 'max', 'avg'), { nil: undefined })
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })

const comparison = fc.oneof(
  fc.record({
    type: fc.constant('comparison'),
    measurements: fc.constantFrom(...NUMBERS, ...NUMBER, ...PER_TEAM).map((one) => [one]),
    operation: fc.constantFrom('<', '<=', '=', '!=', '>', '>='),
    referenceValue: fc.oneof(small, fc.constantFrom(...NUMBER)),
    partyAggregation: aggregation,
  }),
  fc.record({
    type: fc.constant('comparison'),
    measurements: fc.constantFrom(...NUMBERS, ...STRINGS, 'count(teams[*].players)').map((one) => [one]),
    operation: fc.constantFrom('=', '!='),
    partyAggregation: aggregation,
  }),
  fc.record({
    type: fc.constant('comparison'),
    measurements: fc.constantFrom(...STRINGS).map((one) => [one]),
    operation: fc.constantFrom('=', '!='),
    referenceValue: fc.constantFrom('x', 'y'),
  }),
)
const distance = fc.record({
  type: fc.constant('distance'),
  measurements: fc.constantFrom(...NUMBERS, ...NUMBER, ...PER_TEAM).map((one) => [one]),
  referenceValue: fc.oneof(small, fc.constantFrom(...NUMBER)),
  minDistance: fc.constantFrom(...none(5), 0, 1, 2),
  maxDistance: small,
  partyAggregation: aggregation,
})
const collection = fc.record({
  type: fc.constant('collection'),
  measurements: fc.constantFrom(...LISTS).map((one) => [one]),
  operation: fc.constantFrom('intersection', 'reference_intersection_count'),
  referenceValue: fc.constantFrom(...LIST_REFERENCES),
  minCount: fc.constantFrom(0, 1, 1, 2),
  maxCount: maybe(fc.integer({ min: 1, max: 3 })),
  partyAggregation: maybe(fc.constantFrom('union', 'intersection')),
})
const contains = collection.map((rule) => ({ ...rule, operation: 'contains', referenceValue: 'x' }))
const latency = fc.record({
  type: fc.constant('latency'),
  maxLatency: fc.constantFrom(50, 80, 120),
  maxDistance: maybe(fc.constantFrom(20, 40)),
  distanceReference: fc.constantFrom('min', 'avg'),
  partyAggregation: aggregation,
})
const batchDistance = fc.oneof(
  fc.record({
    type: fc.constant('batchDistance'),
    batchAttribute: fc.constant('n'),
    maxDistance: small,
    partyAggregation: aggregation,
  }),
  fc.record({ type: fc.constant('batchDistance'), batchAttribute: fc.constant('s') }),
)
const rule = fc.oneof(comparison, comparison, distance, distance, collection, contains, latency, batchDistance)
const statement = fc.constantFrom('or(r0, r1)', 'and(r0, r1)', 'xor(r0, r1)', 'not(r0)', 'or(not(r0), r1)')

const team = fc.tuple(fc.constantFrom(0, 1, 1, 1, 2), fc.integer({ min: 1, max: 3 }), fc.constantFrom(1, 1, 1, 2))
const rules = fc.tuple(fc.array(rule, { maxLength: 3 }), fc.option(statement, { nil: null, freq: 2 }))

const EXPANDABLE: Record<string, string> = {
  distance: 'maxDistance',
  collection: 'minCount',
  latency: 'maxLatency',
  comparison: 'referenceValue',
}

const ruleSet = fc
  .record({
    teams: fc.array(team, { minLength: 1, maxLength: 2 }),
    rules,
    age: fc.constantFrom('newest', 'oldest'),
    priority: fc.constantFrom('normal', 'high', 'low'),
    stepValues: fc.array(small, { minLength: 2, maxLength: 2 }),
    teamSteps: maybe(fc.tuple(fc.constantFrom('minPlayers', 'maxPlayers'), fc.integer({ min: 1, max: 3 }))),
  })
  .map(({ teams, rules: [plain, compound], age, priority, stepValues, teamSteps }) => {
    const named = plain.map((one, index) => ({ name: `r${index}`, ...one }))
    const usable =
      compound !== null && named.slice(0, 2).every(({ type }) => type !== 'batchDistance') && named.length >= 2
    const first = named[0] as { type: string; referenceValue?: unknown; maxLatency?: number } | undefined
    const property = first ? EXPANDABLE[first.type] : undefined
    const isNumber = property !== 'referenceValue' || typeof first?.referenceValue === 'number'
    const factor = property === 'maxLatency' ? 30 : 1
    const expansions: unknown[] = []
    if (property && isNumber) {
      const steps = stepValues.map((value, index) => ({ waitTimeSeconds: 10 * (index + 1), value: value * factor }))
      expansions.push({ target: `rules[r0].${property}`, steps })
    }
    if (teamSteps) {
      expansions.push({ target: `teams[a].${teamSteps[0]}`, steps: [{ waitTimeSeconds: 15, value: teamSteps[1] }] })
    }
    return {
      ruleLanguageVersion: '1.0',
      playerAttributes: [
        { name: 'n', type: 'number', default: 2 },
        { name: 's', type: 'string', default: 'x' },
        { name: 'l', type: 'string_list', default: ['x'] },
      ],
      algorithm: { expansionAgeSelection: age, backfillPriority: priority },
      teams: teams.map(([min, max, quantity], index) => ({
        name: index === 0 ? 'a' : 'b',
        minPlayers: Math.min(min, max),
        maxPlayers: max,
        // `teams[a]` in an expression must stay one team.
        quantity: index === 0 ? 1 : quantity,
      })),
      rules: usable ? [...named, { name: 'gate', type: 'compound', statement: compound }] : named,
      expansions,
    }
  })

const player: fc.Arbitrary<PlayerSpec> = fc.record({
  attributes: fc.record(
    {
      n: small,
      s: fc.constantFrom('x', 'y'),
      l: fc.subarray(['x', 'y', 'z', 't0-p1']),
    },
    { requiredKeys: ['n'] },
  ),
  latencyMs: fc.record(
    { east: fc.constantFrom(20, 60, 90), west: fc.constantFrom(30, 70, 140) },
    { requiredKeys: ['east'] },
  ),
})

const ticket = fc.record({
  players: fc.oneof(
    { weight: 3, arbitrary: fc.array(player, { minLength: 1, maxLength: 1 }) },
    fc.array(player, { minLength: 2, maxLength: 3 }),
  ),
  at: fc.constantFrom(0, 0, 3, 8, 14, 20),
  backfill: fc.constantFrom(...none(7), 'east', null),
  team: fc.constantFrom('a', 'a', 'b'),
})

/** Everything one pass needs. The pool holds up to `largest` tickets. */
export function arbitraryPass(largest: number): fc.Arbitrary<PassSpec & { body: string }> {
  return fc
    .record({
      body: ruleSet,
      tickets: fc.array(ticket, { minLength: Math.min(3, largest), maxLength: largest }),
      at: fc.constantFrom(20, 25, 33, 60),
      additionalPlayerCount: fc.constantFrom(0, 0, 0, 1),
      seed: fc.integer(),
      options: fc.record({
        latency: fc.record({ requireCommonRegion: fc.boolean() }),
        partyValueWeight: fc.constantFrom('player' as const, 'ticket' as const),
        stringPartyAggregation: fc.constantFrom('perPlayer' as const, 'perPlayer' as const, 'failParties' as const),
      }),
    })
    .map(({ body, tickets, options, ...rest }) => {
      const parsed = parseRuleSet(JSON.stringify(body))
      const pool: PoolTicket[] = tickets.map(({ players, at, backfill, team }, index) => {
        const one = parsed.teams.find(({ baseName }) => baseName === team)?.name ?? 'a'
        const placed = backfill === undefined ? players : players.map((one_) => ({ ...one_, team: one }))
        return aTicket(`t${index}`, placed, {
          at,
          arrival: index,
          backfill: backfill === undefined ? null : { automatic: false, region: backfill },
        })
      })
      return { body: JSON.stringify(body), ruleSet: parsed, pool, options: { ...DEFAULT_OPTIONS, ...options }, ...rest }
    })
}
