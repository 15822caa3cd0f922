import { describe, expect, it, vi } from 'vitest'
import { WireError } from './errors.ts'
import { INPUT_SHAPES } from './operations.ts'
import { validateInput } from './validate.ts'

function refusal(operation: keyof typeof INPUT_SHAPES, input: unknown): { type: string; message: string } {
  try {
    validateInput(INPUT_SHAPES[operation], input)
  } catch (error) {
    if (error instanceof WireError) return { type: error.type, message: error.message }
    throw error
  }
  throw new Error('The input was accepted.')
}

const start = { TicketId: 't-1', ConfigurationName: 'duel', Players: [{ PlayerId: 'p-1' }] }

describe('the walker', () => {
  it('keeps known members and drops the rest, whatever they are called', () => {
    const input = JSON.parse(
      '{"TicketId":"t-1","ConfigurationName":"duel","Players":[{"PlayerId":"p-1","Nickname":"x"}],"Unknown":1,"__proto__":{"polluted":true},"constructor":2}',
    )
    const known = validateInput(INPUT_SHAPES.StartMatchmaking, input)
    expect(known).toEqual(start)
    expect('polluted' in known).toBe(false)
    expect(Object.getPrototypeOf(known)).toBe(Object.prototype)
  })

  it('takes null and an empty ticket id as absent', () => {
    expect(validateInput(INPUT_SHAPES.StartMatchmaking, { ...start, TicketId: '' })).not.toHaveProperty('TicketId')
    expect(validateInput(INPUT_SHAPES.StartMatchmaking, { ...start, TicketId: null })).not.toHaveProperty('TicketId')
    expect(refusal('StopMatchmaking', { TicketId: '' }).message).toBe(
      "1 validation error detected: Value null at 'ticketId' failed to satisfy constraint: Member must not be null",
    )
  })

  it.each([
    [
      'a pattern',
      { ...start, TicketId: 'a b' },
      "Value 'a b' at 'ticketId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9-\\.]*$",
    ],
    [
      'a maximum length',
      { ...start, TicketId: 'a'.repeat(129) },
      `Value '${'a'.repeat(129)}' at 'ticketId' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ],
    [
      'a sensitive value',
      { ...start, Players: [{ PlayerId: 'p' }, { PlayerId: '' }] },
      "Value at 'players.2.member.playerId' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'a missing player id',
      { ...start, Players: [{}] },
      "Value null at 'players.1.member.playerId' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a minimum value',
      { ...start, Players: [{ PlayerId: 'p', LatencyInMs: { 'eu-west-1': 0 } }] },
      "Value '0' at 'players.1.member.latencyInMs.eu-west-1.member' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'no players',
      { ...start, Players: [] },
      "Value at 'players' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'eleven players',
      { ...start, Players: Array.from({ length: 11 }, (_, i) => ({ PlayerId: `p${i}` })) },
      "Value at 'players' failed to satisfy constraint: Member must have length less than or equal to 10",
    ],
    [
      'two attribute types at once',
      { ...start, Players: [{ PlayerId: 'p', PlayerAttributes: { a: { N: 1, S: 'x' } } }] },
      "Value at 'players.1.member.playerAttributes.a.member' failed to satisfy constraint: Member must have exactly one of [S, N, SL, SDM]",
    ],
    [
      'an empty attribute name',
      { ...start, Players: [{ PlayerId: 'p', PlayerAttributes: { '': { N: 1 } } }] },
      "Value at 'players.1.member.playerAttributes' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length greater than or equal to 1]",
    ],
    [
      'a reserved attribute name',
      { ...start, Players: [{ PlayerId: 'p', PlayerAttributes: JSON.parse('{"__proto__":{"N":1}}') }] },
      "Value at 'players.1.member.playerAttributes' failed to satisfy constraint: Map keys must satisfy constraint: [Reserved name]",
    ],
    [
      'a null in a list',
      { ...start, Players: [null] },
      "Value null at 'players.1.member' failed to satisfy constraint: Member must not be null",
    ],
  ])('answers %s in the words of the service', (_, input, constraint) => {
    expect(refusal('StartMatchmaking', input)).toEqual({
      type: 'InvalidRequestException',
      message: `1 validation error detected: ${constraint}`,
    })
  })

  it('names every violation of a request at once, and shows only the first twenty', () => {
    expect(refusal('AcceptMatch', { PlayerIds: [], AcceptanceType: 'MAYBE' }).message).toBe(
      "3 validation errors detected: Value null at 'ticketId' failed to satisfy constraint: Member must not be null; " +
        "Value at 'playerIds' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value 'MAYBE' at 'acceptanceType' failed to satisfy constraint: Member must satisfy enum value set: [ACCEPT, REJECT]",
    )
    const { message } = refusal('AcceptMatch', {
      TicketId: 't',
      AcceptanceType: 'ACCEPT',
      PlayerIds: Array(50).fill(''),
    })
    expect(message).toMatch(/^50 validation errors detected: /)
    expect(message).toMatch(/; and 30 more$/)
  })

  it.each([
    ['a number for a text', { ...start, TicketId: 5 }, "The value of 'ticketId' must be a string, not a number."],
    ['a text for a list', { ...start, Players: 'p-1' }, "The value of 'players' must be a list, not a string."],
    [
      'a list for an object',
      { ...start, Players: [[]] },
      "The value of 'players.1.member' must be an object, not a list.",
    ],
    [
      'infinity',
      { ...start, Players: [{ PlayerId: 'p', PlayerAttributes: { a: { N: Number.POSITIVE_INFINITY } } }] },
      "The value of 'players.1.member.playerAttributes.a.member.n' must be a finite number.",
    ],
    [
      'a fraction for an integer',
      { ...start, Players: [{ PlayerId: 'p', LatencyInMs: { eu: 1.5 } }] },
      "The value of 'players.1.member.latencyInMs.eu.member' must be a 32-bit integer.",
    ],
    [
      'an integer of 64 bits',
      { ...start, Players: [{ PlayerId: 'p', LatencyInMs: { eu: 2n ** 63n } }] },
      "The value of 'players.1.member.latencyInMs.eu.member' must be a 32-bit integer.",
    ],
    [
      'NUL',
      { ...start, Players: [{ PlayerId: 'a\0b' }] },
      "The value of 'players.1.member.playerId' contains a NUL character.",
    ],
    [
      'half a surrogate pair',
      { ...start, ConfigurationName: 'a\ud800' },
      "The value of 'configurationName' contains half of a surrogate pair.",
    ],
    ['a list instead of a request', [], 'The request must be an object, not a list.'],
    ['null instead of a request', null, 'The request must be an object, not null.'],
  ])('calls %s a SerializationException that names the member', (_, input, message) => {
    expect(refusal('StartMatchmaking', input)).toEqual({ type: 'SerializationException', message })
  })

  it('counts characters as the service does, not halves of surrogate pairs', () => {
    const player = { PlayerId: 'p', PlayerAttributes: { flag: { S: '🏁'.repeat(100) } } }
    expect(() => validateInput(INPUT_SHAPES.StartMatchmaking, { ...start, Players: [player] })).not.toThrow()
    const longer = { PlayerId: 'p', PlayerAttributes: { flag: { S: '🏁'.repeat(101) } } }
    expect(refusal('StartMatchmaking', { ...start, Players: [longer] }).message).toContain('less than or equal to 100')
  })

  it('does not try the pattern of what is too long: a megabyte of it would take minutes', () => {
    const tried = vi.spyOn(RegExp.prototype, 'test')
    const AliasId = `arn:${':alias/alias-'.repeat(70_000)} `
    expect(refusal('DescribeGameSessions', { AliasId }).message).toMatch(/^1 validation error.* to 512$/)
    const lengths = tried.mock.calls.map(([text]) => text.length)
    tried.mockRestore()
    expect(lengths.filter((length) => length > 512)).toEqual([])
  })

  it('turns -0 into 0, which is what a replay would read', () => {
    const players = [{ PlayerId: 'p', PlayerAttributes: { a: { N: -0 } } }]
    const known = validateInput(INPUT_SHAPES.StartMatchmaking, { ...start, Players: players })
    expect(known).toEqual(JSON.parse(JSON.stringify(known)))
    expect(Object.is((known.Players as typeof players)[0]?.PlayerAttributes.a.N, 0)).toBe(true)
  })
})
