import { describe, expect, it } from 'vitest'
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { aTicket, type PlayerSpec, solos } from '#lib/engine/core/matching/testing/pool-builders.ts'
import { aRuleSet, ask, verdictOf } from './testing/ask.ts'

const SKILLS = 'flatten(teams[*].players.attributes[skill])'
const MODES = 'flatten(teams[*].players.attributes[mode])'
const MAPS = 'flatten(teams[*].players.attributes[maps])'

/** What the one rule measures on the two, who fill a 1v1. */
function refusal(rule: Record<string, unknown>, pool: readonly PoolTicket[]) {
  const { weighed, nearestMiss } = ask(aRuleSet(1, { rules: [{ name: 'r', ...rule }] }), pool)
  const [ticket] = weighed.tickets
  expect(ticket?.refusals).toEqual(nearestMiss?.refusals)
  return ticket?.refusals[0]
}

const apart = (bound: string, limit: number | string, value: number | string, missBy: number | null) => ({
  bound,
  limit,
  value,
  missBy,
})

describe('the numbers of a refusal', () => {
  it.each([
    [
      'a distance too far from a reference',
      { type: 'distance', measurements: [SKILLS], referenceValue: `min(${SKILLS})`, maxDistance: 100 },
      solos([{ skill: 100 }, { skill: 212 }]),
      { what: `distance of ${SKILLS} from min(${SKILLS})`, ...apart('at most', 100, 112, 12) },
    ],
    [
      'a distance too close to a number',
      { type: 'distance', measurements: [`avg(${SKILLS})`], referenceValue: 100, minDistance: 40 },
      solos([{ skill: 100 }, { skill: 120 }]),
      { what: `distance of avg(${SKILLS}) from 100`, ...apart('at least', 40, 10, 30) },
    ],
    [
      'team averages too far from each other',
      {
        type: 'distance',
        measurements: ['avg(teams[red].players.attributes[skill])'],
        referenceValue: 'avg(teams[blue].players.attributes[skill])',
        maxDistance: 10,
      },
      solos([{ skill: 100 }, { skill: 130 }]),
      apart('at most', 10, 30, 20),
    ],
    [
      'numbers of the batch too far apart',
      { type: 'batchDistance', batchAttribute: 'skill', maxDistance: 20 },
      solos([{ skill: 70 }, { skill: 100 }]),
      { what: 'distance between skill values', ...apart('at most', 20, 30, 10) },
    ],
    [
      'strings of the batch that differ',
      { type: 'batchDistance', batchAttribute: 'mode' },
      solos([{ mode: 'duel' }, { mode: 'rush' }]),
      { what: 'mode', ...apart('equal to', 'duel', 'rush', null) },
    ],
    [
      'a number that fails its comparison',
      { type: 'comparison', measurements: [`max(${SKILLS})`], operation: '<=', referenceValue: 50 },
      solos([{ skill: 10 }, { skill: 65 }]),
      { what: `max(${SKILLS})`, ...apart('at most', 50, 65, 15) },
    ],
    [
      'a number that must be below another and is the same',
      { type: 'comparison', measurements: [`max(${SKILLS})`], operation: '<', referenceValue: 50 },
      solos([{ skill: 10 }, { skill: 50 }]),
      apart('below', 50, 50, 0),
    ],
    [
      'strings that must all be equal',
      { type: 'comparison', measurements: [MODES], operation: '=' },
      solos([{ mode: 'duel' }, { mode: 'rush' }]),
      { what: MODES, ...apart('equal to', 'duel', 'rush', null) },
    ],
    [
      'strings that must all differ',
      { type: 'comparison', measurements: [MODES], operation: '!=' },
      solos([{ mode: 'duel' }, { mode: 'duel' }]),
      apart('other than', 'duel', 'duel', null),
    ],
    [
      'lists that share too little',
      { type: 'collection', measurements: [MAPS], operation: 'intersection', minCount: 2 },
      solos([{ maps: ['a', 'b', 'c'] }, { maps: ['c', 'd'] }]),
      { what: `count shared by ${MAPS}`, ...apart('at least', 2, 1, 1) },
    ],
    [
      'too many lists with a value',
      { type: 'collection', measurements: [MAPS], operation: 'contains', referenceValue: 'a', maxCount: 1 },
      solos([{ maps: ['a'] }, { maps: ['a', 'd'] }]),
      { what: `count of a in ${MAPS}`, ...apart('at most', 1, 2, 1) },
    ],
    [
      'a list that shares too little with a reference',
      {
        type: 'collection',
        measurements: [MAPS],
        operation: 'reference_intersection_count',
        referenceValue: ['a', 'b'],
        minCount: 1,
      },
      solos([{ maps: ['a'] }, { maps: ['d'] }]),
      { what: `count shared by ${MAPS} with ["a","b"]`, ...apart('at least', 1, 0, 1) },
    ],
  ])('are those of %s', (_name, rule, pool, measured) => {
    expect(refusal(rule, pool)).toMatchObject({ reason: 'rule', ruleName: 'r', ruleType: rule.type, measured })
  })

  const players = (...latencies: PlayerSpec['latencyMs'][]) =>
    latencies.map((latencyMs, index) => aTicket(`t${index + 1}`, [latencyMs ? { latencyMs } : {}], { arrival: index }))

  it('are those of the region that comes closest to suiting both', () => {
    const pool = players({ east: 40, west: 20 }, { east: 90, west: 62 })
    expect(refusal({ type: 'latency', maxLatency: 50 }, pool)?.measured).toEqual({
      what: 'latency in west',
      ...apart('at most', 50, 62, 12),
      unit: 'ms',
    })
  })

  it('are latencies too far apart where each alone is low enough', () => {
    const pool = players({ east: 40 }, { east: 90 })
    const rule = { type: 'latency', maxLatency: 100, maxDistance: 30, distanceReference: 'min' }
    expect(refusal(rule, pool)).toMatchObject({
      measured: { what: 'distance from the lowest latency in east', ...apart('at most', 30, 50, 20), unit: 'ms' },
      sentence:
        'Rule "r" refuses: distance from the lowest latency in east is 50 ms, must be at most 30 ms, missed by 20 ms.',
    })
  })

  it('are none where no region was reported by both', () => {
    const pool = players({ east: 40 }, { west: 20 })
    expect(refusal({ type: 'latency', maxLatency: 50 }, pool)).toMatchObject({
      measured: null,
      sentence: 'Rule "r" refuses: no region was reported by all tickets.',
    })
  })

  it('are those of the nearest way for a compound to hold, and its sentence tells of every leaf', () => {
    const near = {
      name: 'near',
      type: 'distance',
      measurements: [`max(${SKILLS})`],
      referenceValue: `min(${SKILLS})`,
      maxDistance: 20,
    }
    const same = { name: 'same', type: 'comparison', measurements: [MODES], operation: '=' }
    const rules = [near, same, { name: 'r', type: 'compound', statement: 'or(near, same)' }]
    const pool = solos([
      { skill: 1, mode: 'duel' },
      { skill: 31, mode: 'rush' },
    ])
    const { weighed } = ask(aRuleSet(1, { rules }), pool)
    expect(weighed.reasons).toMatchObject([{ ruleName: 'r', ruleType: 'compound', refusedCount: 1, passedCount: 0 }])
    const [first] = weighed.tickets[0]?.refusals ?? []
    expect(first).toMatchObject({ ruleName: 'r', measured: apart('at most', 20, 30, 10) })
    expect(first?.sentence).toBe(
      `Rule "r" refuses: or(near, same) does not hold: "near" fails (distance of max(${SKILLS}) from min(${SKILLS}) is 30, must be at most 20, missed by 10); "same" fails (${MODES} is "rush", must be equal to "duel").`,
    )
  })

  it('are those of the best match where pairs fit and full teams do not', () => {
    const rule = {
      name: 'Fair',
      type: 'distance',
      measurements: ['avg(teams[red].players.attributes[skill])'],
      referenceValue: 'avg(teams[blue].players.attributes[skill])',
      maxDistance: 10,
    }
    const pool = solos([{ skill: 100 }, { skill: 212 }, { skill: 300 }, { skill: 500 }])
    const explained = ask(aRuleSet(2, { rules: [rule] }), pool)
    expect(explained.weighed).toMatchObject({ fittingTickets: 3, refusedTickets: 0 })
    expect(verdictOf(explained, 'waiting')).toMatchObject({ playersNeeded: 0, certain: true })
    // 100 and 500 against 212 and 300: no other split comes closer.
    expect(explained.nearestMiss).toMatchObject({
      kind: 'match',
      ticketIds: expect.arrayContaining(['t2', 't3', 't4']),
      refusals: [{ ruleName: 'Fair', measured: apart('at most', 10, 44, 34) }],
    })
  })
})
