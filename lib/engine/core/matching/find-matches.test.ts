import { describe, expect, it } from 'vitest'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { aTicket, type PlayerSpec, seeded, solos, T0 } from './testing/pool-builders.ts'
import { matchedIds, runPass, shapes } from './testing/run-pass.ts'

const SKILL = 'flatten(teams[*].players.attributes[skill])'

/** Two teams `a` and `b`, 1 to 2 players each, with these parts. */
function aRuleSet(parts: Record<string, unknown> = {}): RuleSet {
  return parseRuleSet(
    JSON.stringify({
      ruleLanguageVersion: '1.0',
      playerAttributes: [{ name: 'skill', type: 'number', default: 0 }],
      teams: ['a', 'b'].map((name) => ({ name, minPlayers: 1, maxPlayers: 2 })),
      ...parts,
    }),
  )
}
const spreadOf = (maxDistance: number, parts: Record<string, unknown> = {}) => ({
  name: 'spread',
  type: 'distance',
  measurements: [`max(${SKILL})`],
  referenceValue: `min(${SKILL})`,
  maxDistance,
  ...parts,
})
const backfill = (
  id: string,
  teams: string[],
  extra: { at?: number; region?: string | null; player?: PlayerSpec } = {},
) =>
  aTicket(
    id,
    teams.map((team) => ({ team, ...extra.player })),
    { at: extra.at ?? 0, backfill: { automatic: false, region: extra.region ?? null } },
  )

describe('the order of anchors', () => {
  it('starts with the oldest ticket; arrival decides between equals', () => {
    const pool = [
      aTicket('c', [{}], { at: 2 }),
      aTicket('b', [{}], { at: 1, arrival: 2 }),
      aTicket('a', [{}], { at: 1, arrival: 1 }),
    ]
    const ruleSet = aRuleSet({ teams: [{ name: 'a', minPlayers: 2, maxPlayers: 2 }] })
    expect(matchedIds({ ruleSet, pool, at: 9 })).toEqual([['a', 'b']])
  })
  it.each([
    ['normal', 'older'],
    ['high', 'session'],
    ['low', 'older'],
  ])('with backfillPriority %s begins with %s', (backfillPriority, first) => {
    const ruleSet = aRuleSet({ algorithm: { backfillPriority } })
    const pool = [
      backfill('session', ['a'], { at: 1 }),
      ...['older', 'younger'].map((id, at) => aTicket(id, [{}], { at: at * 2 })),
    ]
    expect(matchedIds({ ruleSet, pool, at: 9 })[0]?.[0]).toBe(first)
    const [ids] = matchedIds({ ruleSet, pool, at: 9 })
    expect(ids?.indexOf('session')).toBe({ normal: 1, high: 0, low: 2 }[backfillPriority])
  })
  it('goes on with the next ticket when one cannot be matched', () => {
    const ruleSet = aRuleSet({ rules: [spreadOf(5)], teams: [{ name: 'a', minPlayers: 2, maxPlayers: 2 }] })
    expect(matchedIds({ ruleSet, pool: solos([{ skill: 100 }, { skill: 1 }, { skill: 2 }]) })).toEqual([['t2', 't3']])
  })
})

describe('tickets that can never match', () => {
  const ruleSet = aRuleSet({ playerAttributes: [{ name: 'skill', type: 'number' }] })
  it('leaves out a ticket without an attribute that has no default, also if no rule uses it', () => {
    expect(matchedIds({ ruleSet, pool: solos([{}, { skill: 1 }, { skill: 2 }]) })).toEqual([['t2', 't3']])
  })
  it('leaves out a ticket with a value of another type', () => {
    expect(matchedIds({ ruleSet, pool: solos([{ skill: '7' }, { skill: 1 }, { skill: 2 }]) })).toEqual([['t2', 't3']])
  })
  it('is not confused by attributes named like parts of every object', () => {
    const odd = aRuleSet({
      playerAttributes: [
        { name: 'constructor', type: 'number' },
        { name: '__proto__', type: 'string', default: 'x' },
      ],
    })
    expect(matchedIds({ ruleSet: odd, pool: solos([{}, { constructor: 1 }, { constructor: 2 }]) })).toEqual([
      ['t2', 't3'],
    ])
  })
})

describe('parties', () => {
  it('are never split', () => {
    const pool = [aTicket('three', [{}, {}, {}]), ...solos([{}])]
    expect(shapes({ ruleSet: aRuleSet(), pool, at: 9999 })).toEqual([])
  })
  it('are packed where they fit', () => {
    const ruleSet = aRuleSet({ teams: ['a', 'b', 'c'].map((name) => ({ name, minPlayers: 3, maxPlayers: 3 })) })
    const sizes = [1, 1, 1, 2, 2, 2]
    const pool = sizes.map((size, index) =>
      aTicket(
        `t${index}`,
        Array.from({ length: size }, () => ({})),
        { arrival: index },
      ),
    )
    expect(shapes({ ruleSet, pool })).toEqual(['3/3/3'])
  })
})

describe('backfill tickets', () => {
  const ruleSet = aRuleSet()
  it('keep their players on their teams and take one session per match', () => {
    const pool = [backfill('one', ['a', 'b']), backfill('other', ['a'], { at: 1 }), ...solos([{}, {}, {}])]
    const matches = matchedIds({ ruleSet, pool, at: 9 })
    expect(matches.map((ids) => ids.filter((id) => id === 'one' || id === 'other').length)).toEqual([1, 1])
    const [match] = runPass({ ruleSet, pool, at: 9 }).matches
    expect(match?.tickets.find(({ ticketId }) => ticketId === 'one')?.teams).toEqual(['a', 'b'])
  })
  it('need at least one other ticket', () => {
    expect(matchedIds({ ruleSet, pool: [backfill('one', ['a', 'b'])] })).toEqual([])
  })
  it('of an empty session can be joined', () => {
    expect(matchedIds({ ruleSet, pool: [backfill('empty', []), ...solos([{}, {}])] })).toEqual([['empty', 't1', 't2']])
  })
  it("are matched in their session's region only", () => {
    const near = aRuleSet({ rules: [{ name: 'near', type: 'latency', maxLatency: 50 }] })
    const both = { latencyMs: { east: 20, west: 20 } }
    const west = aTicket('west', [{ latencyMs: { west: 20 } }])
    const east = aTicket('east', [{ latencyMs: { east: 20 } }], { arrival: 1 })
    const session = backfill('session', ['a'], { region: 'east', player: both })
    expect(matchedIds({ ruleSet: near, pool: [session, west] })).toEqual([])
    expect(matchedIds({ ruleSet: near, pool: [session, west, east] })).toEqual([['session', 'east']])
  })
  it('do not aggregate their players: they are separate people', () => {
    const rule = { ...spreadOf(15), partyAggregation: 'max' }
    const session = aTicket(
      's',
      [10, 40].map((skill) => ({ team: 'a', attributes: { skill } })),
      { backfill: { automatic: true, region: null } },
    )
    expect(matchedIds({ ruleSet: aRuleSet({ rules: [rule] }), pool: [session, ...solos([{ skill: 40 }])] })).toEqual([])
  })
})

describe('additionalPlayerCount', () => {
  it('keeps slots free', () => {
    const pool = solos([{}, {}, {}, {}])
    expect(matchedIds({ ruleSet: aRuleSet(), pool })[0]).toHaveLength(4)
    expect(matchedIds({ ruleSet: aRuleSet(), pool, additionalPlayerCount: 1 })[0]).toHaveLength(3)
    expect(matchedIds({ ruleSet: aRuleSet(), pool, additionalPlayerCount: 3 })).toEqual([])
  })
})

describe('options', () => {
  const oneTeam = [{ name: 'a', minPlayers: 3, maxPlayers: 3 }]
  const party = aTicket(
    'party',
    [10, 30].map((skill) => ({ attributes: { skill, word: 'x' } })),
  )
  it('partyValueWeight decides how much a party weighs in an average', () => {
    const average = {
      name: 'r',
      type: 'comparison',
      operation: '=',
      measurements: [`avg(${SKILL})`],
      partyAggregation: 'max',
      referenceValue: 20,
    }
    const ruleSet = aRuleSet({ teams: oneTeam, rules: [average] })
    // Per player (30 + 30 + 0) / 3 = 20, per ticket (30 + 0) / 2 = 15.
    const pool = [party, ...solos([{ skill: 0 }])]
    expect(shapes({ ruleSet, pool, options: { partyValueWeight: 'player' } })).toEqual(['3'])
    expect(shapes({ ruleSet, pool, options: { partyValueWeight: 'ticket' } })).toEqual([])
  })
  it('stringPartyAggregation decides whether parties can pass a comparison of strings', () => {
    const same = {
      name: 'r',
      type: 'comparison',
      operation: '=',
      measurements: ['flatten(teams[*].players.attributes[word])'],
    }
    const ruleSet = aRuleSet({
      teams: oneTeam,
      playerAttributes: [
        { name: 'skill', type: 'number' },
        { name: 'word', type: 'string' },
      ],
      rules: [same],
    })
    const pool = [party, ...solos([{ skill: 0, word: 'x' }])]
    expect(shapes({ ruleSet, pool, options: { stringPartyAggregation: 'perPlayer' } })).toEqual(['3'])
    expect(shapes({ ruleSet, pool, options: { stringPartyAggregation: 'failParties' } })).toEqual([])
  })
  it('latency.requireCommonRegion decides whether one region must be good for all', () => {
    const ruleSet = aRuleSet({ rules: [{ name: 'near', type: 'latency', maxLatency: 50 }] })
    const pool = ['east', 'west'].map((region) => aTicket(region, [{ latencyMs: { [region]: 20 } }]))
    expect(shapes({ ruleSet, pool, options: { latency: { requireCommonRegion: true } } })).toEqual([])
    expect(shapes({ ruleSet, pool, options: { latency: { requireCommonRegion: false } } })).toEqual(['1/1'])
  })
})

it('does not drop two far-off tickets that a third would excuse from having a common region', () => {
  const rule = { name: 'near', type: 'latency', maxLatency: 60, maxDistance: 20, distanceReference: 'min' }
  const ruleSet = aRuleSet({ teams: [{ name: 'a', minPlayers: 3, maxPlayers: 3 }], rules: [rule] })
  const latencies: Record<string, number>[] = [{ east: 60 }, { east: 20 }, { west: 30 }]
  const pool = latencies.map((latencyMs, index) => aTicket(`t${index}`, [{ latencyMs }], { arrival: index }))
  expect(shapes({ ruleSet, pool, options: { latency: { requireCommonRegion: false } } })).toEqual(['3'])
})

describe('nextChangeMs', () => {
  const steps = [10, 30].map((waitTimeSeconds) => ({ waitTimeSeconds, value: 100 }))
  const ruleSet = aRuleSet({ rules: [spreadOf(1)], expansions: [{ target: 'rules[spread].maxDistance', steps }] })
  const pool = [
    aTicket('old', [{ attributes: { skill: 0 } }]),
    aTicket('new', [{ attributes: { skill: 500 } }], { at: 4 }),
  ]
  it('is the next instant at which a waiting ticket reaches a step', () => {
    const at = (seconds: number) => runPass({ ruleSet, pool, at: seconds }).nextChangeMs
    expect([at(4), at(10), at(14), at(30), at(34)]).toEqual([T0 + 10_000, T0 + 14_000, T0 + 30_000, T0 + 34_000, null])
  })
  it('is null without expansions, and for an empty pool', () => {
    expect(runPass({ ruleSet: aRuleSet(), pool: solos([{}]) }).nextChangeMs).toBeNull()
    expect(runPass({ ruleSet, pool: [] }).nextChangeMs).toBeNull()
  })
  it('does not look at tickets that were matched', () => {
    const matched = [aTicket('x', [{}], { at: 3 }), aTicket('y', [{}], { at: 3 })]
    expect(runPass({ ruleSet, pool: matched, at: 4 }).nextChangeMs).toBeNull()
  })
})

describe('rule metrics', () => {
  const ruleSet = aRuleSet({
    teams: [{ name: 'a', minPlayers: 2, maxPlayers: 2 }],
    rules: [
      spreadOf(5),
      { ...spreadOf(0), name: 'leaf', maxDistance: 1 },
      { name: 'gate', type: 'compound', statement: 'or(leaf, leaf)' },
    ],
  })
  it('has one entry per rule, compounds and their leaves included', () => {
    const [match] = runPass({ ruleSet, pool: solos([{ skill: 1 }, { skill: 2 }]) }).matches
    expect(match?.metrics.map(({ ruleName }) => ruleName)).toEqual(['spread', 'leaf', 'gate'])
    for (const { passedCount } of match?.metrics ?? []) expect(passedCount).toBeGreaterThan(0)
  })
  it('tells of a waiting ticket how often each rule refused', () => {
    const { metricsByTicket } = runPass({ ruleSet, pool: solos([{ skill: 1 }, { skill: 50 }, { skill: 99 }]) })
    expect(metricsByTicket.get('t1')?.[0]).toMatchObject({ ruleName: 'spread', failedCount: 2 })
    expect([...metricsByTicket.keys()].sort()).toEqual(['t1', 't2', 't3'])
  })
})

describe('a rule set and a pool made to hurt', () => {
  it('are cut off, and the pass says that there is more to do', () => {
    // Averages never prune, so every ticket fits every other and the search cannot end early.
    const rule = { name: 'r', type: 'comparison', operation: '>', measurements: [`avg(${SKILL})`], referenceValue: 1e9 }
    const teams = ['a', 'b', 'c', 'd'].map((name) => ({ name, minPlayers: 4, maxPlayers: 5 }))
    const ruleSet = aRuleSet({ teams, rules: [rule] })
    const random = seeded(5)
    const pool = solos(Array.from({ length: 2000 }, () => ({ skill: Math.floor(random() * 1000) })))
    const result = runPass({ ruleSet, pool, at: 7 })
    expect(result.matches).toEqual([])
    expect(result.nextChangeMs).toBe(T0 + 7000)
    expect(result.metricsByTicket.size).toBeLessThan(pool.length)
  })
  it('have a limit of two hundred players, whatever an expansion says', () => {
    const expansions = [{ target: 'teams[a].maxPlayers', steps: [{ waitTimeSeconds: 1, value: 1_000_000 }] }]
    const pool = solos(Array.from({ length: 250 }, () => ({})))
    expect(matchedIds({ ruleSet: aRuleSet({ expansions }), pool, at: 2 })[0]).toHaveLength(200)
  })
})
