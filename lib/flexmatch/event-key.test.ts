import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentOf, eventKey } from './event-key.ts'
import type { EventEnvelope } from './events.ts'
import { anEvent, aTicket, envelopeOf } from './testing/builders.ts'
import { playedHistory } from './testing/histories.ts'

const keyOf = (...given: Parameters<typeof anEvent>) => eventKey(anEnvelope(...given))
const anEnvelope = (...given: Parameters<typeof anEvent>) => envelopeOf(anEvent(...given)) as unknown as EventEnvelope

describe('the key of an event', () => {
  it('is the same for copies that differ in id, in the form of their time and in the order of what they list', () => {
    const first = aTicket('t1', [{ playerId: 'ana', accepted: true }, { playerId: 'bo' }])
    const second = aTicket('t2', [{ playerId: 'cy', accepted: false }])
    const fact = anEvent('AcceptMatch', { id: 'from-sns', time: 5_120, tickets: [first, second] })
    const copy = anEvent('AcceptMatch', { id: 'from-the-bus', time: 5_120, tickets: [second, first] })
    const key = eventKey(envelopeOf(fact) as unknown as EventEnvelope)
    expect(key).toMatch(/^[\w-]{22}$/)
    expect(eventKey(envelopeOf(copy, true) as unknown as EventEnvelope)).toBe(key)
  })

  it.each([
    ['type', keyOf('MatchmakingTimedOut')],
    ['second', keyOf('MatchmakingSearching', { time: 1_000 })],
    ['configuration', keyOf('MatchmakingSearching', { configuration: 'arena-casual' })],
    ['ticket', keyOf('MatchmakingSearching', { tickets: [aTicket('t2', ['ana'])] })],
    ['estimate', keyOf('MatchmakingSearching', { estimatedWaitMillis: 12 })],
  ])('is another one for another %s', (_, other) => {
    expect(other).not.toBe(keyOf('MatchmakingSearching'))
  })

  it('is another one for another match, outcome or answer', () => {
    const answered = (accepted: boolean) =>
      keyOf('AcceptMatch', { tickets: [aTicket('t1', [{ playerId: 'ana', accepted }])] })
    const keys = [
      keyOf('AcceptMatch'),
      answered(true),
      answered(false),
      keyOf('AcceptMatch', { matchId: 'm2' }),
      keyOf('AcceptMatchCompleted'),
      keyOf('AcceptMatchCompleted', { acceptance: 'TimedOut' }),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('tells every two events of a match apart that say different things', () => {
    fc.assert(
      fc.property(playedHistory, ({ events }) => {
        const contents = events.map((event) => contentOf(envelopeOf(event) as unknown as EventEnvelope))
        for (const [index, event] of events.entries()) {
          const twin = contents.indexOf(contents[index] as string)
          if (twin !== index) expect(events[twin]?.detail).toEqual(event.detail)
        }
      }),
      { numRuns: 300 },
    )
  })
})
