import { describe, expect, it } from 'vitest'
import { growth } from '#lib/flexmatch/testing/count-steps.ts'
import { parseFilter, parseSort } from './search-filter.ts'
import type { GameSessionState } from './state.ts'

const session = (more: Partial<GameSessionState> = {}) =>
  ({
    arn: 'arn:s',
    name: 'Final 1',
    maximumPlayers: 10,
    currentPlayers: 4,
    createdMs: 1_700_000_000_000,
    properties: [
      { Key: 'mode', Value: 'ranked' },
      { Key: 'map.size', Value: '5' },
    ],
    ...more,
  }) as GameSessionState

describe('a filter', () => {
  it.each([
    ["gameSessionName = 'Final 1'", true],
    ["gameSessionName='final 1'", false],
    ["gameSessionName <> 'x'", true],
    ["gameSessionId = 'arn:s'", true],
    ["gameSessionProperties.mode = 'ranked'", true],
    ['gameSessionProperties.mode = "ranked"', true],
    ["gameSessionProperties.map.size = '5'", true],
    ["gameSessionProperties.absent = 'x'", false],
    ["gameSessionProperties.absent <> 'x'", true],
    ['maximumSessions>=10', true],
    ['maximumSessions > 10', false],
    ['playerSessionCount<5 AND playerSessionCount>3', true],
    ['creationTimeMillis < 1700000000001', true],
    ['hasAvailablePlayerSessions=true', true],
    ['hasAvailablePlayerSessions <> TRUE', false],
    ['NOT maximumSessions = 10', false],
    ['NOT (maximumSessions = 10 AND playerSessionCount = 5)', true],
    ['maximumSessions = 10 OR maximumSessions = 1 AND playerSessionCount = 1', true],
    ['(maximumSessions = 10 OR maximumSessions = 1) AND playerSessionCount = 1', false],
    ['NOT maximumSessions = 1 AND playerSessionCount = 4', true],
    ["gameSessionName = 'OR' or gameSessionName = 'Final 1'", true],
  ])('%s is %s', (text, expected) => {
    expect(parseFilter(text)(session())).toBe(expected)
  })

  it.each([
    ['mode = 1', /expected an operand/],
    ['constructor = 1', /expected an operand/],
    ['maximumSessions', /expected one of =/],
    ['maximumSessions == 1', /expected a number at character 18/],
    ["maximumSessions = '1'", /expected a number/],
    ['maximumSessions = 1 2', /expected AND, OR or the end at character 21/],
    ["gameSessionName > 'a'", /comparators for a string/],
    ['gameSessionName = a', /string in single quotes/],
    ["gameSessionName = 'a", /quote is not closed/],
    ['hasAvailablePlayerSessions = 1', /true or false/],
    ['(maximumSessions = 1', /expected \) at the end/],
    ['AND', /expected an operand/],
    ['maximumSessions = 1 AND', /expected an operand .* at the end/],
    [`${'('.repeat(40)}maximumSessions = 1${')'.repeat(40)}`, /nested more than 32/],
    [`${'NOT '.repeat(40)}maximumSessions = 1`, /nested more than 32/],
  ])('%s is refused', (text, message) => {
    expect(() => parseFilter(text)).toThrow(message)
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ type: 'InvalidRequestException' }))
  })

  it('refuses hostile text', () => {
    expect(() => parseFilter(`${"'a' ".repeat(250)}"`)).toThrow()
    expect(() => parseFilter(' '.repeat(1000))).toThrow()
  })

  it('takes twice the steps for twice the text', () => {
    const chain = (count: number) => Array(count).fill("(maximumSessions >= 10 OR gameSessionName = 'x')").join(' AND ')
    expect(growth((count) => () => parseFilter(chain(count)), 100)).toBeLessThan(2.1)
    const quotes = (count: number) => () => {
      expect(() => parseFilter(`maximumSessions = 1 AND ${"'a' ".repeat(count)}"`)).toThrow()
    }
    expect(growth(quotes, 500)).toBeLessThan(2.1)
  })
})

describe('a sort', () => {
  const order = (text: string, ...sessions: GameSessionState[]) => sessions.sort(parseSort(text)).map(({ arn }) => arn)
  const named = (arn: string, name: string | null) => session({ arn, name })

  it('puts sessions without the value last, either way', () => {
    const list = [named('none', null), named('b', 'b'), named('a', 'a')]
    expect(order('gameSessionName ASC', ...list)).toEqual(['a', 'b', 'none'])
    expect(order(' gameSessionName  desc ', ...list)).toEqual(['b', 'a', 'none'])
  })

  it.each(['', 'gameSessionName', 'nothing ASC', 'gameSessionName UP', 'gameSessionName ASC, x DESC'])(
    '%j is refused',
    (text) => {
      expect(() => parseSort(text)).toThrow(/operand followed by ASC or DESC/)
    },
  )
})
