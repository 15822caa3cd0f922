import { expect, it } from 'vitest'
import { aDesk, start } from './testing/desk.ts'

const ruleSet = JSON.stringify({
  ruleLanguageVersion: '1.0',
  playerAttributes: [
    { name: 'skill', type: 'number' },
    { name: 'mode', type: 'string', default: 'any' },
    { name: 'maps', type: 'string_list', default: [] },
    { name: 'roles', type: 'string_number_map', default: { any: 1 } },
  ],
  teams: [{ name: 'all', minPlayers: 2, maxPlayers: 2 }],
})
const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
const record = (count: number, value: unknown) => Object.fromEntries(many(count, (i) => [`k${i}`, value]))

it.each([
  ['no players', [], /1 to 10 players/],
  ['eleven players', many(11, (i) => ({ PlayerId: `p${i}` })), /1 to 10 players; this one has 11/],
  ['a player without an id', [{}], /must have a PlayerId/],
  ['a player twice', [{ PlayerId: 'p' }, { PlayerId: 'p' }], /p is listed more than once/],
  ['eleven attributes', [{ PlayerId: 'p', PlayerAttributes: record(11, { N: 1 }) }], /has 11 attributes/],
  [
    'a list of 101',
    [{ PlayerId: 'p', PlayerAttributes: { maps: { SL: many(101, (i) => `m${i}`) } } }],
    /has 101 strings/,
  ],
  ['a map of 11', [{ PlayerId: 'p', PlayerAttributes: { roles: { SDM: record(11, 1) } } }], /has 11 pairs/],
  ['a value of no type', [{ PlayerId: 'p', PlayerAttributes: { skill: {} } }], /exactly one of S, N, SL, SDM/],
  ['a value of two types', [{ PlayerId: 'p', PlayerAttributes: { skill: { S: '1', N: 1 } } }], /exactly one of/],
  ['another type than declared', [{ PlayerId: 'p', PlayerAttributes: { skill: { S: '1' } } }], /declares it as number/],
  ['a number that is none', [{ PlayerId: 'p', PlayerAttributes: { skill: { N: Number.NaN } } }], /not finite/],
])('refuses %s', (_case, Players, message) => {
  const refusal = aDesk({ ruleSet }).refused('StartMatchmaking', { ConfigurationName: 'duel', Players })
  expect(refusal.type).toBe('InvalidRequestException')
  expect(refusal.message).toMatch(message)
})

it('refuses a configuration it does not know, by name and by ARN', () => {
  const desk = aDesk()
  const arn = 'arn:aws:gamelift:us-east-1:000000000000:matchmakingconfiguration/'
  for (const ConfigurationName of ['nothing', `${arn}nothing`, arn.replace('us-east-1', 'eu-west-1').concat('duel')]) {
    const Players = [{ PlayerId: 'p' }]
    expect(desk.refused('StartMatchmaking', { ConfigurationName, Players }).type).toBe('NotFoundException')
  }
})

it('takes the ARN with or without the account and shows the plain name', () => {
  const desk = aDesk()
  for (const account of ['000000000000', '']) {
    const { MatchmakingTicket } = desk.send('StartMatchmaking', {
      ConfigurationName: `arn:aws:gamelift:us-east-1:${account}:matchmakingconfiguration/duel`,
      Players: [{ PlayerId: 'p' }],
    })
    expect(MatchmakingTicket).toMatchObject({ ConfigurationName: 'duel' })
  }
})

it('refuses a ticket id that is taken by an active or by a finished ticket', () => {
  const desk = aDesk()
  start(desk, 'a')
  const again = { TicketId: 'a', ConfigurationName: 'duel', Players: [{ PlayerId: 'other' }] }
  expect(desk.refused('StartMatchmaking', again).message).toMatch(/already exists/)
  desk.send('StopMatchmaking', { TicketId: 'a' })
  expect(desk.refused('StartMatchmaking', again).type).toBe('InvalidRequestException')
})

it('makes a UUID when the ticket id is absent or empty', () => {
  const desk = aDesk()
  const ids = [undefined, ''].map((TicketId, i) => {
    const input = {
      ...(TicketId !== undefined && { TicketId }),
      ConfigurationName: 'duel',
      Players: [{ PlayerId: `p${i}` }],
    }
    return (desk.send('StartMatchmaking', input).MatchmakingTicket as { TicketId: string }).TicketId
  })
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(ids[1]).not.toBe(ids[0])
})

it('drops repeated strings of a list, and echoes an attribute that is not declared', () => {
  const desk = aDesk({ ruleSet })
  const PlayerAttributes = { maps: { SL: ['x', 'y', 'x'] }, hat: { S: 'red' }, roles: { SDM: { tank: 2 } } }
  desk.send('StartMatchmaking', {
    TicketId: 'a',
    ConfigurationName: 'duel',
    Players: [{ PlayerId: 'p', PlayerAttributes }],
  })
  expect(desk.ticket('a')?.Players).toEqual([
    { PlayerId: 'p', PlayerAttributes: { ...PlayerAttributes, maps: { SL: ['x', 'y'] } } },
  ])
})

it('takes a player without a required attribute, or refuses it at once, by option', () => {
  const input = { ConfigurationName: 'duel', Players: [{ PlayerId: 'p' }] }
  expect(aDesk({ ruleSet }).apply({ operation: 'StartMatchmaking', input }).ok).toBe(true)
  const strict = aDesk({ ruleSet, options: { missingAttribute: 'refuse' } })
  expect(strict.refused('StartMatchmaking', input).message).toMatch(/lacks attribute skill/)
})

it('is not confused by attributes and players named like the members of an object', () => {
  const desk = aDesk()
  const PlayerAttributes = JSON.parse('{"__proto__":{"N":1},"constructor":{"S":"x"}}')
  const Players = [{ PlayerId: '__proto__', PlayerAttributes }, { PlayerId: 'constructor' }]
  desk.send('StartMatchmaking', { TicketId: 'a', ConfigurationName: 'duel', Players })
  desk.pass(1000)
  expect(JSON.stringify(desk.ticket('a')?.Players)).toBe(JSON.stringify(Players))
})
