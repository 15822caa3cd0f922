import { describe, expect, it } from 'vitest'
import { ExpressionError } from './expression.ts'
import { parseExpression } from './parse-expression.ts'
import { describeType, resolveExpression, type Scope } from './resolve-expression.ts'

const scope: Scope = {
  teamCount: 4,
  teams: new Map([
    ['red', { indexes: [0], many: false }],
    ['blue', { indexes: [1], many: false }],
    ['squad', { indexes: [2, 3], many: true }],
    ['squad_1', { indexes: [2], many: false }],
    ['squad_2', { indexes: [3], many: false }],
  ]),
  attributes: new Map([
    ['n', { name: 'n', type: 'number' }],
    ['s', { name: 's', type: 'string' }],
    ['l', { name: 'l', type: 'string_list' }],
    ['my skill', { name: 'my skill', type: 'number' }],
  ]),
}
const typeOf = (text: string) => describeType(resolveExpression(parseExpression(text), scope).type)

describe('types', () => {
  it.each([
    ['teams[red].players', 'a list of players'],
    ['teams[red].players.attributes[n]', 'a list of numbers'],
    ['teams[red].players[playerId]', 'a list of strings'],
    ['teams[red].players[playerid]', 'a list of strings'],
    ['team[red].players.attributes[l]', 'a list of string lists'],
    ['teams[*].players', 'a list of lists of players'],
    ['teams[red,blue].players.attributes[n]', 'a list of lists of numbers'],
    ['teams[squad].players.attributes[n]', 'a list of lists of numbers'],
    ['teams[squad_1].players.attributes[n]', 'a list of numbers'],
    ['avg(teams[red].players.attributes[n])', 'a single number'],
    ['avg(teams[*].players.attributes[n])', 'a list of numbers'],
    ['max(avg(teams[*].players.attributes[n]))', 'a single number'],
    ['count(teams[*].players)', 'a list of numbers'],
    ['count(teams[red].players.attributes[l])', 'a single number'],
    ['count(teams[*])', 'a single number'],
    ['flatten(teams[*].players.attributes[n])', 'a list of numbers'],
    ['flatten(teams[*].players.attributes[l])', 'a list of string lists'],
    ['flatten(teams[red].players.attributes[l])', 'a list of strings'],
    ['flatten(flatten(teams[*].players.attributes[l]))', 'a list of strings'],
    ['flatten(teams[red].players.attributes[n])', 'a list of numbers'],
    ['set_intersection(flatten(teams[*].players.attributes[l]))', 'a single string list'],
    ['set_intersection(teams[*].players.attributes[l])', 'a list of string lists'],
    ['set_intersection(teams[*].players[playerId])', 'a single string list'],
    ['count(set_intersection(flatten(teams[*].players.attributes[l])))', 'a single number'],
  ])('%s is %s', (text, type) => {
    expect(typeOf(text)).toBe(type)
  })
})

it.each([
  'count (teams[*].players)',
  ' count( teams [ * ] . players ) ',
  'min(teams[ red , blue ].players.attributes[ my skill ])',
  'count(\tteams[red]\n.players)',
])('allows blanks: %j', (text) => {
  expect(() => typeOf(text)).not.toThrow()
})

describe('errors name the column', () => {
  it.each([
    ['', 1, /expected a function or teams/],
    ['5', 1, /expected a function or teams/],
    ['players', 1, /neither a function call nor teams/],
    ['mode(teams[red].players)', 1, /unknown function "mode"/],
    ['avg(mode(teams[red].players))', 5, /unknown function "mode"/],
    ['count(teams[red].players', 25, /expected "\)", found the end/],
    ['count(teams[red].players))', 26, /expected the end of the expression, found "\)"/],
    ['teams', 6, /expected "\[" and team names/],
    ['teams[red', 6, /is not closed/],
    ['teams[]', 1, /team name is empty/],
    ['teams[red,]', 1, /team name is empty/],
    ['teams[red].player', 12, /expected "players"/],
    ['teams[red].players.skill', 20, /expected "attributes"/],
    ['teams[red].players[name]', 19, /only \[playerId\]/],
    ['teams[red].players.attributes[]', 1, /attribute name is empty/],
    ['teams[green].players', 1, /no team "green"/],
    ['avg(teams[red].players.attributes[x])', 5, /no attribute "x"/],
    ['max(teams[red].players.attributes[s])', 1, /max needs a list of numbers, but this is a list of strings/],
    ['avg(count(teams[red].players))', 1, /avg needs a list of numbers, but this is a single number/],
    ['count(count(teams[red].players))', 1, /count needs a list/],
    ['set_intersection(teams[red].players.attributes[s])', 1, /needs a list of string lists/],
    ['avg(teams[red].players, teams[blue].players)', 23, /expected "\)", found ","/],
  ])('%j at %i', (text, column, message) => {
    const error = (() => {
      try {
        typeOf(text)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(ExpressionError)
    expect(error).toMatchObject({ column, message: expect.stringMatching(message) })
  })
})
