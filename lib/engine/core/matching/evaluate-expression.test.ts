import { describe, expect, it } from 'vitest'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { CandidateSet } from './candidate-set.ts'
import type { Aggregation } from './columns.ts'
import { compileEvery, compileExpression } from './evaluate-expression.ts'
import { Plan } from './plan.ts'
import { RuleCounts } from './rule-counts.ts'
import { aTicket } from './testing/pool-builders.ts'
import { DEFAULT_OPTIONS } from './testing/run-pass.ts'
import { ticketFacts } from './ticket-facts.ts'

/** red: a solo (n 4, l [x, y]) and a party (n 1 and 9, l [y] and [y, z]); blue: one player (n 10, l [y, x]); grey: nobody. */
function evaluated(text: string, aggregation: Aggregation, weight: 'player' | 'ticket' = 'player') {
  const comparable = text.startsWith('count') || !text.includes('[l]')
  const plan = new Plan(
    parseRuleSet(
      JSON.stringify({
        ruleLanguageVersion: '1.0',
        playerAttributes: [
          { name: 'n', type: 'number' },
          { name: 'l', type: 'string_list' },
        ],
        teams: ['red', 'blue', 'grey'].map((name) => ({ name, minPlayers: 0, maxPlayers: 3 })),
        rules: [
          comparable && !text.includes('[playerId]')
            ? { name: 'r', type: 'comparison', operation: '=', measurements: [text], referenceValue: 0 }
            : { name: 'r', type: 'collection', operation: 'intersection', measurements: [text], minCount: 0 },
        ],
      }),
    ),
    { ...DEFAULT_OPTIONS, partyValueWeight: weight },
  )
  const rule = plan.ruleSet.rules[0]
  const expression = rule?.type === 'comparison' || rule?.type === 'collection' ? rule.measurements[0] : undefined
  if (expression === undefined) throw new Error('the rule has no measurement')
  const columnOf = (attribute: string) => plan.columns.of(attribute, aggregation)
  const evaluate = compileExpression(expression, columnOf)
  const every = compileEvery(expression, columnOf)
  const set = new CandidateSet(3, new RuleCounts(1))
  const add = (id: string, team: number, players: { n: number; l: string[] }[]) =>
    set.add(
      ticketFacts(
        aTicket(
          id,
          players.map((attributes) => ({ attributes })),
        ),
        plan.factsPlan,
      ),
      team,
    )
  add('solo', 0, [{ n: 4, l: ['x', 'y'] }])
  add('party', 0, [
    { n: 1, l: ['y'] },
    { n: 9, l: ['y', 'z'] },
  ])
  add('other', 1, [{ n: 10, l: ['y', 'x'] }])
  const visited: (number | string)[] = []
  every(set, (value) => visited.push(value) > 0)
  return { value: evaluate(set), visited }
}

describe('values', () => {
  it.each<[string, unknown]>([
    ['teams[red].players.attributes[n]', [4, 1, 9]],
    ['teams[*].players.attributes[n]', [[4, 1, 9], [10], []]],
    ['teams[blue, red].players.attributes[n]', [[10], [4, 1, 9]]],
    ['flatten(teams[*].players.attributes[n])', [4, 1, 9, 10]],
    ['min(teams[red].players.attributes[n])', 1],
    ['max(flatten(teams[*].players.attributes[n]))', 10],
    ['sum(flatten(teams[*].players.attributes[n]))', 24],
    ['avg(flatten(teams[*].players.attributes[n]))', 6],
    ['median(flatten(teams[*].players.attributes[n]))', 6.5],
    ['median(teams[red].players.attributes[n])', 4],
    ['stddev(teams[*].players.attributes[n])', [Math.sqrt(98 / 9), 0, undefined]],
    ['avg(teams[*].players.attributes[n])', [14 / 3, 10, undefined]],
    ['sum(teams[*].players.attributes[n])', [14, 10, 0]],
    ['max(avg(teams[*].players.attributes[n]))', 10],
    ['avg(teams[grey].players.attributes[n])', undefined],
    ['min(count(teams[*].players))', 0],
    ['count(teams[red].players)', 3],
    ['count(flatten(teams[*].players))', 4],
    ['count(teams[*].players.attributes[l])', [3, 1, 0]],
    ['count(teams[*])', 3],
    ['teams[red].players[playerId]', ['solo-p1', 'party-p1', 'party-p2']],
    ['flatten(teams[*].players[playerId])', ['solo-p1', 'party-p1', 'party-p2', 'other-p1']],
    ['teams[red].players.attributes[l]', [['x', 'y'], ['y'], ['y', 'z']]],
    ['flatten(teams[*].players.attributes[l])', [['x', 'y'], ['y'], ['y', 'z'], ['y', 'x']]],
    ['flatten(teams[red].players.attributes[l])', ['x', 'y', 'y', 'y', 'z']],
    ['flatten(flatten(teams[*].players.attributes[l]))', ['x', 'y', 'y', 'y', 'z', 'y', 'x']],
    ['set_intersection(flatten(teams[*].players.attributes[l]))', ['y']],
    ['set_intersection(teams[*].players.attributes[l])', [['y'], ['y', 'x'], []]],
    ['set_intersection(teams[*].players[playerId])', []],
    ['count(set_intersection(flatten(teams[*].players.attributes[l])))', 1],
  ])('%s', (text, value) => {
    expect(evaluated(text, 'none').value).toEqual(value)
  })
})

describe('party aggregation', () => {
  it.each<[Aggregation, unknown, unknown]>([
    ['avg', [4, 5, 5], [4, 5]],
    ['max', [4, 9, 9], [4, 9]],
    ['min', [4, 1, 1], [4, 1]],
  ])('%s replaces the numbers of a party, once per player or once per ticket', (aggregation, perPlayer, perTicket) => {
    const text = 'teams[red].players.attributes[n]'
    expect(evaluated(text, aggregation, 'player').value).toEqual(perPlayer)
    expect(evaluated(text, aggregation, 'ticket').value).toEqual(perTicket)
  })
  it('joins or intersects the lists of a party', () => {
    const text = 'teams[red].players.attributes[l]'
    expect(evaluated(text, 'union', 'ticket').value).toEqual([
      ['x', 'y'],
      ['y', 'z'],
    ])
    expect(evaluated(text, 'intersection', 'ticket').value).toEqual([['x', 'y'], ['y']])
  })
  it('leaves head counts and player ids alone', () => {
    expect(evaluated('count(teams[red].players)', 'avg', 'ticket').value).toBe(3)
    expect(evaluated('teams[red].players[playerId]', 'avg', 'ticket').value).toHaveLength(3)
  })
})

it.each([
  'teams[*].players.attributes[n]',
  'flatten(teams[*].players.attributes[n])',
  'avg(teams[*].players.attributes[n])',
  'count(teams[*].players)',
])('visits the same values that it yields: %s', (text) => {
  const { value, visited } = evaluated(text, 'none')
  expect(visited).toEqual([value].flat(3).filter((one) => one !== undefined))
})
