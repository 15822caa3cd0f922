import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import { type PlayerFacts, PlayerState } from './player-state.ts'

// Few names, so that runs meet the same shapes in other orders and as other types; `__proto__` must stay a key.
const names = fc.constantFrom('skill', 'mode', 'a', 'b', '10', '9', '__proto__', 'constructor')
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true })
const texts = fc.oneof(fc.constantFrom('abbey', 'basin', 'canyon'), fc.string({ maxLength: 200 }))
const record = <T>(values: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(names, values), { selector: ([name]) => name, maxLength: 6 }).map(Object.fromEntries<T>)
const attribute: fc.Arbitrary<AttributeValue> = fc.oneof(
  texts.map((S) => ({ S })),
  numbers.map((N) => ({ N })),
  fc.array(texts, { maxLength: 40 }).map((SL) => ({ SL })),
  record(numbers).map((SDM) => ({ SDM })),
)
const facts: fc.Arbitrary<PlayerFacts> = fc.record({
  playerId: fc.string(),
  attributes: fc.option(record(attribute)),
  latencyMs: fc.option(record(fc.nat(500))),
  team: fc.option(fc.constantFrom('red', 'blue')),
})

function sorted<T, U>(given: Record<string, T>, copy: (value: T) => U): Record<string, U> {
  return Object.fromEntries(
    Object.keys(given)
      .sort()
      .map((key) => [key, copy(given[key]!)]),
  )
}
function canonical({ S, N, SL, SDM }: AttributeValue): AttributeValue {
  if (S !== undefined) return { S }
  if (N !== undefined) return { N: N + 0 }
  if (SL !== undefined) return { SL: [...new Set(SL)] }
  return { SDM: sorted(SDM!, (number) => number + 0) }
}

it('gives back what it was made of: keys sorted, lists without repeats, no -0', () => {
  fc.assert(
    fc.property(fc.array(facts, { minLength: 1 }), (many) => {
      const players = many.map(PlayerState.of)
      players.forEach((player, index) => {
        const { playerId, attributes, latencyMs, team } = many[index]!
        const expected = {
          playerId,
          attributes: attributes && sorted(attributes, canonical),
          latencyMs: latencyMs && sorted(latencyMs, Number),
          team,
        }
        expect(JSON.stringify(player)).toBe(JSON.stringify(expected))
        expect(JSON.stringify(PlayerState.of(player.toJSON()))).toBe(JSON.stringify(expected))
        expect(player.attributes && Object.keys(player.attributes)).toEqual(
          attributes && Object.keys(expected.attributes!),
        )
      })
    }),
  )
})

it('keeps nothing of the request, and what it gives away is not its own', () => {
  const maps = ['abbey', 'basin']
  const player = PlayerState.of({
    playerId: 'p',
    attributes: { maps: { SL: maps } },
    latencyMs: { here: 1 },
    team: null,
  })
  maps.push('canyon')
  player.attributes!.skill = { N: 1 }
  player.latencyMs!.here = 2
  expect(player.toJSON()).toEqual({
    playerId: 'p',
    attributes: { maps: { SL: ['abbey', 'basin'] } },
    latencyMs: { here: 1 },
    team: null,
  })
  expect(player.withTeam('red').team).toBe('red')
  expect(player.team).toBeNull()
})

it('holds what callers with ever new attribute names send', () => {
  const players = Array.from({ length: 30_000 }, (_, index) =>
    PlayerState.of({ playerId: 'p', attributes: { [`name${index}`]: { N: index } }, latencyMs: null, team: null }),
  )
  const kept = players.filter(({ attributes }, index) => attributes?.[`name${index}`]?.N === index)
  expect(kept).toHaveLength(players.length)
})
