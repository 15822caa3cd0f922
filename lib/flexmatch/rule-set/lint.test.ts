import { describe, expect, it } from 'vitest'
import type { LintContext } from './lint-warning.ts'
import {
  batch,
  COUNT_A,
  COUNT_B,
  collection,
  comparison,
  expanded,
  FLAT_N,
  found,
  latency,
  limits,
  N,
  one,
  onTeamA,
  type Parts,
  rules,
  S,
  spread,
  steps,
  texts,
  twoLeaves,
} from './testing/lint-builders.ts'

type Case = [name: string, expected: string, parts: Parts, nearMiss: Parts, context?: LintContext, missed?: LintContext]

describe('a warning is given for what it is about, and not for what only comes near', () => {
  const usesN = comparison(FLAT_N, '=')
  const noDefault = { playerAttributes: [{ name: 'n', type: 'number' }], ...usesN }
  const maxDistance = 'rules[r0].maxDistance'
  const twos = { teams: [one('a', 2, 5), one('b', 2, 5)] }
  const cases: Case[] = [
    [
      'an attribute without default that no ticket sends',
      'attribute-never-sent playerAttributes[0]',
      noDefault,
      { playerAttributes: N, ...usesN },
      { sentAttributes: new Set(['N']) },
    ],
    [
      'an attribute without default that tickets do send',
      'attribute-never-sent playerAttributes[0]',
      noDefault,
      noDefault,
      { sentAttributes: new Set() },
      { sentAttributes: new Set(['n']) },
    ],
    [
      'an attribute nothing uses, where an algorithm would be a use',
      'attribute-unused playerAttributes[0]',
      { playerAttributes: N },
      { playerAttributes: N, algorithm: { batchingPreference: 'sorted', sortByAttributes: ['n'] } },
    ],
    [
      'an attribute nothing uses, where a reference in an expansion would be a use',
      'attribute-unused playerAttributes[0]',
      expanded({ playerAttributes: N, ...comparison(COUNT_A, '<', 3) }, steps('rules[r0].referenceValue', [5, 4])),
      expanded(
        { playerAttributes: N, ...comparison(COUNT_A, '<', 3) },
        steps('rules[r0].referenceValue', [5, `max(${FLAT_N})`]),
      ),
    ],
    [
      'a party larger than every team, unless an expansion makes room',
      'party-too-large teams',
      {},
      expanded({}, steps('teams[b].maxPlayers', [9, 6])),
      { largestParty: 6 },
    ],
    [
      'a party larger than every team, when room is made after the timeout only',
      'party-too-large teams',
      {},
      {},
      { largestParty: 6 },
      { largestParty: 5 },
    ],
    [
      'teams that start with one player, and a match for one player that is meant',
      'match-of-one teams',
      { teams: [one('a', 1, 5)] },
      { teams: [one('a', 1, 1)] },
    ],
    [
      'minimums that come down to one player, at the later of two steps',
      'match-of-one expansions[0].steps[0].value',
      expanded(twos, steps('teams[a].minPlayers', [9, 0]), steps('teams[b].minPlayers', [7, 1])),
      expanded(twos, steps('teams[a].minPlayers', [9, 0])),
    ],
    [
      'minDistance above maxDistance',
      'rule-never-passes rules[0].minDistance',
      spread({ minDistance: 11, maxDistance: 10 }),
      spread({ minDistance: 10, maxDistance: 10 }),
    ],
    [
      'a distance below 0',
      'rule-never-passes rules[0].maxDistance',
      spread({ maxDistance: -1 }),
      spread({ maxDistance: 0 }),
    ],
    ['a batch distance below 0', 'rule-never-passes rules[0].maxDistance', batch(-1), batch(0)],
    [
      'minDistance above maxDistance until an expansion comes',
      'rule-never-passes rules[0].minDistance',
      spread({ minDistance: 11, maxDistance: 10 }),
      expanded(spread({ minDistance: 11, maxDistance: 10 }), steps(maxDistance, [5, 11])),
    ],
    [
      'minCount above maxCount',
      'rule-never-passes rules[0].minCount',
      collection({ operation: 'intersection', minCount: 3, maxCount: 2 }),
      collection({ operation: 'intersection', minCount: 2, maxCount: 2 }),
    ],
    [
      'contains with a minCount above what maxPlayers allow',
      'rule-never-passes rules[0].minCount',
      collection({ operation: 'contains', referenceValue: 'x', minCount: 11 }),
      collection({ operation: 'contains', referenceValue: 'x', minCount: 10 }),
    ],
    [
      'a minCount above the length of the reference',
      'rule-never-passes rules[0].minCount',
      collection({ operation: 'reference_intersection_count', referenceValue: ['x', 'y', 'y'], minCount: 3 }),
      collection({ operation: 'reference_intersection_count', referenceValue: ['x', 'y', 'z'], minCount: 3 }),
    ],
    [
      'a latency below 1 ms',
      'rule-never-passes rules[0].maxLatency',
      latency({ maxLatency: 0 }),
      latency({ maxLatency: 1 }),
    ],
    [
      'a head count above maxPlayers',
      'rule-never-passes rules[0].referenceValue',
      comparison(COUNT_A, '>', 5),
      comparison(COUNT_A, '>', 4),
    ],
    [
      'a head count above maxPlayers that an expansion reaches',
      'rule-never-passes rules[0].referenceValue',
      comparison(COUNT_A, '=', 6),
      expanded(comparison(COUNT_A, '=', 6), steps('teams[a].maxPlayers', [5, 6])),
    ],
    [
      'equal head counts of teams whose sizes cannot meet',
      'rule-never-passes rules[0].referenceValue',
      { teams: [one('a', 1, 2), one('b', 3, 5)], ...comparison(COUNT_A, '=', COUNT_B) },
      { teams: [one('a', 1, 3), one('b', 3, 5)], ...comparison(COUNT_A, '=', COUNT_B) },
    ],
    [
      'equal head counts of all teams whose sizes cannot meet',
      'rule-never-passes rules[0].measurements',
      { teams: [one('a', 1, 2), one('b', 3, 5)], ...comparison('count(teams[*].players)', '=') },
      { teams: [one('a', 1, 3), one('b', 3, 5)], ...comparison('count(teams[*].players)', '=') },
    ],
    [
      'a count of teams, which is a constant',
      'rule-never-passes rules[0].referenceValue',
      comparison('count(teams[*])', '=', 3),
      comparison('count(teams[*].players)', '=', 3),
    ],
    [
      'a value that is less than itself',
      'rule-never-passes rules[0].referenceValue',
      { playerAttributes: N, ...comparison(`avg(${FLAT_N})`, '<', `avg(${FLAT_N})`) },
      { playerAttributes: N, ...comparison(`avg(${FLAT_N})`, '<', `max(${FLAT_N})`) },
    ],
    [
      'a negative deviation, unless the team may be empty and the rule then has nothing to test',
      'rule-never-passes rules[0].referenceValue',
      { playerAttributes: N, ...comparison('stddev(teams[a].players.attributes[n])', '<', 0) },
      {
        playerAttributes: N,
        teams: [one('a', 0, 5), one('b', 2, 5)],
        ...comparison('stddev(teams[a].players.attributes[n])', '<', 0),
      },
    ],
    [
      'a compound that contradicts itself',
      'rule-never-passes rules[2].statement',
      twoLeaves('and(and(r0, r1), not(r0))'),
      twoLeaves('and(r0, r1)'),
    ],
    [
      'a head count that maxPlayers guarantees',
      'rule-always-passes rules[0].referenceValue',
      comparison(COUNT_A, '<=', 5),
      comparison(COUNT_A, '<=', 4),
    ],
    [
      'a head count that minPlayers guarantees, unless an expansion lowers it',
      'rule-always-passes rules[0].referenceValue',
      comparison(COUNT_A, '>=', 1),
      expanded(
        { teams: [one('a', 1, 5), one('b', 2, 5)], ...comparison(COUNT_A, '>=', 1) },
        steps('teams[a].minPlayers', [5, 0]),
      ),
    ],
    [
      'a head count of everybody that minPlayers guarantee',
      'rule-always-passes rules[0].referenceValue',
      comparison('count(flatten(teams[*].players))', '>=', 2),
      comparison('count(flatten(teams[*].players))', '>=', 3),
    ],
    [
      'a head count, but no count of values: a party may count as one value',
      'rule-always-passes rules[0].referenceValue',
      { ...twos, ...comparison(COUNT_A, '>=', 2) },
      { ...twos, playerAttributes: N, ...comparison('count(teams[a].players.attributes[n])', '>=', 2) },
    ],
    [
      'head counts that maxPlayers keeps close',
      'rule-always-passes rules[0].maxDistance',
      rules({ type: 'distance', measurements: [COUNT_A], referenceValue: COUNT_B, maxDistance: 4 }),
      rules({ type: 'distance', measurements: [COUNT_A], referenceValue: COUNT_B, maxDistance: 3 }),
    ],
    [
      'a minDistance of 0',
      'rule-always-passes rules[0].minDistance',
      spread({ minDistance: 0 }),
      spread({ minDistance: 1 }),
    ],
    [
      'a minCount of 0 alone',
      'rule-always-passes rules[0].minCount',
      collection({ operation: 'intersection', minCount: 0 }),
      collection({ operation: 'intersection', minCount: 1 }),
    ],
    [
      'contains with a maxCount nobody can exceed',
      'rule-always-passes rules[0].maxCount',
      collection({ operation: 'contains', referenceValue: 'x', maxCount: 10 }),
      collection({ operation: 'contains', referenceValue: 'x', maxCount: 9 }),
    ],
    [
      'one value that is compared with nothing',
      'rule-always-passes rules[0].measurements',
      { playerAttributes: N, ...comparison(`avg(${FLAT_N})`, '=') },
      { playerAttributes: N, ...comparison('avg(teams[*].players.attributes[n])', '=') },
    ],
    [
      'the leaves of an or',
      'rule-not-enforced-alone rules[2].statement',
      twoLeaves('or(r0, r1)'),
      twoLeaves('and(r0, and(r1, r0))'),
    ],
    [
      'the leaves of a not',
      'rule-not-enforced-alone rules[2].statement',
      twoLeaves('and(r0, not(r1))'),
      twoLeaves('and(r0, r1)'),
    ],
    [
      'the leaves of a xor',
      'rule-not-enforced-alone rules[2].statement',
      twoLeaves('xor(r0, r1)'),
      twoLeaves('and(r1, r0)'),
    ],
    [
      'a latency rule when no ticket sends latency',
      'latency-without-data rules[0]',
      latency({ maxLatency: 50 }),
      {},
      { latencySent: false },
    ],
    [
      'a step at the request timeout',
      'expansion-after-timeout expansions[0].steps[1].waitTimeSeconds',
      expanded(spread({ maxDistance: 1 }), steps(maxDistance, [5, 2], [60, 3], [70, 4])),
      expanded(spread({ maxDistance: 1 }), steps(maxDistance, [5, 2], [59, 3])),
      { requestTimeoutSeconds: 60 },
    ],
    [
      'a step that repeats the value',
      'expansion-without-effect expansions[0].steps[1].value',
      expanded(spread({ maxDistance: 1 }), steps(maxDistance, [5, 2], [10, 2])),
      expanded(spread({ maxDistance: 1 }), steps(maxDistance, [5, 2], [10, 3])),
    ],
    [
      'a step that repeats what every team has, and one that changes one of them',
      'expansion-without-effect expansions[0].steps[0].value',
      expanded({}, steps('teams[a, b].maxPlayers', [5, 5])),
      expanded({ teams: [one('a', 1, 5), one('b', 1, 4)] }, steps('teams[a, b].maxPlayers', [5, 5])),
    ],
    [
      'a step that repeats a reference',
      'expansion-without-effect expansions[0].steps[0].value',
      expanded(
        { playerAttributes: S, ...comparison('flatten(teams[*].players.attributes[s])', '=', 'x') },
        steps('rules[r0].referenceValue', [5, 'x']),
      ),
      expanded(
        { playerAttributes: S, ...comparison('flatten(teams[*].players.attributes[s])', '=', 'x') },
        steps('rules[r0].referenceValue', [5, 'y']),
      ),
    ],
    [
      'a distance of strings that is expanded',
      'expansion-without-effect expansions[0].target',
      expanded(
        { playerAttributes: S, ...rules({ type: 'batchDistance', batchAttribute: 's' }) },
        steps(maxDistance, [5, 2]),
      ),
      { playerAttributes: S, ...rules({ type: 'batchDistance', batchAttribute: 's' }) },
    ],
    [
      'a distance that shrinks',
      'expansion-tightens expansions[0].steps[1].value',
      expanded(spread({ maxDistance: 1 }), steps(maxDistance, [5, 9], [10, 8])),
      expanded(spread({ maxDistance: 1 }), steps(maxDistance, [5, 8], [10, 9])),
    ],
    [
      'a limit that appears only with time',
      'expansion-tightens expansions[0].steps[0].value',
      expanded(latency({ maxDistance: 9, distanceReference: 'min' }), steps('rules[r0].maxLatency', [5, 90])),
      expanded(latency({ maxDistance: 9, distanceReference: 'min' }), steps(maxDistance, [5, 90])),
    ],
    [
      'a reference that becomes harder to reach',
      'expansion-tightens expansions[0].steps[0].value',
      expanded({ playerAttributes: N, ...comparison(FLAT_N, '>=', 10) }, steps('rules[r0].referenceValue', [5, 11])),
      expanded({ playerAttributes: N, ...comparison(FLAT_N, '>=', 10) }, steps('rules[r0].referenceValue', [5, 9])),
    ],
    [
      'teams that need more players later',
      'expansion-tightens expansions[0].steps[0].value',
      expanded({}, steps('teams[a].minPlayers', [5, 2])),
      expanded({ teams: [one('a', 3, 5), one('b', 3, 5)] }, steps('teams[a].minPlayers', [5, 2])),
    ],
    [
      'a step after which a rule can no longer pass',
      'expansion-never-passes expansions[0].steps[1].value',
      expanded(spread({ minDistance: 3, maxDistance: 9 }), steps('rules[r0].minDistance', [5, 2], [10, 10])),
      expanded(spread({ minDistance: 3, maxDistance: 9 }), steps('rules[r0].minDistance', [5, 2], [10, 0])),
    ],
    [
      'a step after which a team needs more players than it takes, unless it then takes more',
      'expansion-never-passes expansions[0].steps[0].value',
      expanded({ teams: [one('a', 2, 4), one('b', 2, 4)] }, steps('teams[a].maxPlayers', [5, 1])),
      expanded(
        { teams: [one('a', 2, 4), one('b', 2, 4)] },
        steps('teams[a].maxPlayers', [5, 6]),
        steps('teams[a].minPlayers', [5, 1]),
      ),
    ],
    [
      'two rules about the same count that leave nothing',
      'rules-contradict rules[1].referenceValue',
      rules(
        { type: 'comparison', measurements: [COUNT_A], operation: '>=', referenceValue: 3 },
        { type: 'comparison', measurements: [COUNT_A], operation: '<', referenceValue: 3 },
      ),
      rules(
        { type: 'comparison', measurements: [COUNT_A], operation: '>=', referenceValue: 3 },
        { type: 'comparison', measurements: [COUNT_A], operation: '<=', referenceValue: 3 },
      ),
    ],
    [
      'a distance that is beyond what another rule allows',
      'rules-contradict rules[2].referenceValue',
      { playerAttributes: N, ...limits({ high: 10 }, { low: -5 }, { around: 20, within: 9 }) },
      { playerAttributes: N, ...limits({ high: 10 }, { low: -5 }, { around: 20, within: 10 }) },
    ],
    [
      'two rules that no step brings together',
      'rules-contradict rules[1].referenceValue',
      expanded(
        { playerAttributes: N, ...limits({ low: 20 }, { around: 5, within: 1 }) },
        steps('rules[r1].maxDistance', [9, 14]),
      ),
      expanded(
        { playerAttributes: N, ...limits({ low: 20 }, { around: 5, within: 1 }) },
        steps('rules[r1].maxDistance', [9, 15]),
      ),
    ],
    [
      'one text and another',
      'rules-contradict rules[1].referenceValue',
      { playerAttributes: S, ...texts('x', 'y') },
      { playerAttributes: S, ...texts('x', 'x') },
    ],
    [
      'values that a party does not share under min and max are not the same',
      'rules-contradict rules[1].referenceValue',
      { playerAttributes: N, ...limits({ low: 20, partyAggregation: 'max' }, { high: 10, partyAggregation: 'max' }) },
      { playerAttributes: N, ...limits({ low: 20, partyAggregation: 'max' }, { high: 10, partyAggregation: 'min' }) },
    ],
    [
      'two rules about a team that is never empty',
      'rules-contradict rules[1].referenceValue',
      {
        playerAttributes: N,
        teams: [one('a', 1, 3), one('b', 2, 3)],
        ...onTeamA,
      },
      {
        playerAttributes: N,
        teams: [one('a', 0, 3), one('b', 2, 3)],
        ...onTeamA,
      },
    ],
  ]
  it.each(cases)('%s', (_name, expected, parts, nearMiss, context, missed) => {
    expect(found(parts, context)).toEqual([expected])
    expect(found(nearMiss, missed ?? context)).toEqual([])
  })
})
