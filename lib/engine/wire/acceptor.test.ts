import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileAcceptor, NOT_ACCEPTED } from './acceptor.ts'
import { INPUT_SHAPES } from './operations.ts'
import type { Shape } from './shapes.ts'
import { walkInput } from './validate.ts'

const RUNS = 300

/** Mostly right values of a shape, with the odd wrong one at any depth. */
function valuesOf(shape: Shape): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 60, arbitrary: rightValuesOf(shape) }, { weight: 1, arbitrary: ODD })
}
const ODD: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, '', '\0', '\ud800', -0, NaN, 1.5, 2 ** 31, true, 7n, [], {}, new Uint8Array(1)),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constant('\u{1f3ae}'), minLength: 60, maxLength: 130 }), // two halves each
  fc.double(),
  fc.integer({ min: -(2 ** 33), max: 2 ** 33 }),
  fc.constant(JSON.parse('{"__proto__":{"N":1},"constructor":{"N":2}}')),
  fc.object({ maxDepth: 2 }),
)
function rightValuesOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string': {
      if (shape.enum) return fc.constantFrom(...shape.enum)
      if (shape.pattern) return fc.stringMatching(new RegExp(shape.pattern))
      const limits = { minLength: shape.min ?? 0, maxLength: Math.min(shape.max ?? 20, 40) }
      return fc.string({ unit: fc.constantFrom(...'abcXYZ019-:/.'), ...limits })
    }
    case 'integer':
      return fc.oneof(
        { weight: 30, arbitrary: fc.integer({ min: shape.min ?? -5, max: Math.min(shape.max ?? 1_000, 50_000) }) },
        { weight: 1, arbitrary: fc.constantFrom((shape.min ?? 0) - 1, (shape.max ?? 0) + 1) },
      )
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'list':
      return fc.array(valuesOf(shape.member), {
        minLength: shape.min ?? 0,
        maxLength: Math.min((shape.max ?? 3) + 1, 4),
      })
    case 'map':
      return fc
        .array(
          fc.tuple(
            fc.oneof(
              { weight: 30, arbitrary: valuesOf(shape.key).map(String) },
              { weight: 1, arbitrary: fc.constant('__proto__') },
            ),
            valuesOf(shape.value),
          ),
          {
            maxLength: 3,
          },
        )
        .map((entries) => JSON.parse('{}', () => Object.fromEntries(entries)))
    case 'struct':
      return fc.record(
        Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, valuesOf(member)])),
        { requiredKeys: [...shape.required] },
      )
  }
}

describe('the acceptor', () => {
  it.each(Object.keys(INPUT_SHAPES))('accepts of %s what the walker accepts, with the same copy', (name) => {
    const shape = INPUT_SHAPES[name as keyof typeof INPUT_SHAPES]
    const accept = compileAcceptor(shape)
    let accepted = 0
    fc.assert(
      fc.property(valuesOf(shape), (input) => {
        const copy = accept(input)
        if (copy === NOT_ACCEPTED) return
        accepted++
        const walked = walkInput(shape, input)
        expect(copy).toEqual(walked)
        expect(JSON.stringify(copy)).toBe(JSON.stringify(walked)) // the order of members is in the journal
      }),
      { numRuns: RUNS },
    )
    expect(accepted).toBeGreaterThan(RUNS / 100)
  })

  it('leaves to the walker only what it has words for', () => {
    const accept = compileAcceptor(INPUT_SHAPES.StartMatchmaking)
    const input = {
      TicketId: 't-1',
      ConfigurationName: 'duel',
      Players: [
        {
          PlayerId: 'p-1',
          Team: 'red',
          LatencyInMs: { 'eu-west-1': 20 },
          PlayerAttributes: {
            skill: { N: 1.5 },
            mode: { S: 'x' },
            maps: { SL: ['a', 'b'] },
            weights: { SDM: { a: 1 } },
          },
        },
      ],
    }
    expect(accept({ ...input, Unknown: 1 })).toEqual(input)
  })
})
