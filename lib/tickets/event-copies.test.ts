import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHANNELS } from '#lib/environments/environment.ts'
import { type Copy, mergeCopies, type Occurrence } from './event-copies.ts'

const SECOND = 1_768_471_200_000
const aCopy = (channel: Copy['channel'], id: string, ms = 0): Copy => ({
  channel,
  id,
  at: SECOND + ms,
  receivedAt: SECOND + 5_000,
  ...(channel === 'eventbridge' && { inSeconds: true }),
})

const copies = fc.array(
  fc
    .record({
      channel: fc.constantFrom(...CHANNELS),
      id: fc.constantFrom('a', 'b', 'c'),
      at: fc.constantFrom(0, 120, 120, 870).map((ms) => SECOND + ms),
      receivedAt: fc.constant(SECOND),
    })
    .map((copy): Copy => (copy.channel === 'eventbridge' ? { ...copy, at: SECOND, inSeconds: true } : copy)),
  { minLength: 1, maxLength: 10 },
)
const substance = (occurrences: readonly Occurrence[]) =>
  occurrences.map(({ id, at, copies: own }) => ({ id, at, copies: own.map((copy) => JSON.stringify(copy)).sort() }))

describe('copies of one event', () => {
  it('are one event by three channels, at the most exact of their times', () => {
    const arrived = [aCopy('eventbridge', 'e'), aCopy('sns', 's', 120), aCopy('sqs', 'q', 120)]
    const { occurrences, outcomes } = mergeCopies('key', [], arrived)
    expect(outcomes).toEqual(['added', 'copy', 'copy'])
    expect(occurrences).toEqual([{ id: 'key', at: SECOND + 120, copies: expect.toSatisfy((own) => own.length === 3) }])
  })

  it('of a full second are told from those that have seconds only', () => {
    const [first, second] = [aCopy('sns', 'one', 0), aCopy('sns', 'two', 400)]
    const { occurrences } = mergeCopies('key', [], [first, second, aCopy('sqs', 'q', 400), aCopy('eventbridge', 'e')])
    expect(occurrences.map(({ at }) => at - SECOND)).toEqual([0, 400])
  })

  it('are two events where one channel brought two envelopes', () => {
    const first = mergeCopies('key', [], [aCopy('sqs', 'one'), aCopy('sqs', 'one')])
    expect(first.outcomes).toEqual(['added', 'repeated'])
    const second = mergeCopies('key', first.occurrences, [aCopy('sqs', 'two'), aCopy('sns', 'three')])
    expect(second.outcomes).toEqual(['added', 'copy'])
    expect(second.occurrences.map(({ id }) => id)).toEqual(['key', 'key.1'])
  })

  it('come to the same in whatever order, however often and however together they arrive', () => {
    fc.assert(
      fc.property(
        copies
          // One envelope has one time.
          .map((all) => all.map((copy) => ({ ...copy, at: timeByEnvelope(all, copy) })))
          .chain((all) =>
            fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
          ),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 20, maxLength: 20 }),
        ([all, arrived], sizes) => {
          let occurrences: Occurrence[] = []
          let added = 0
          for (let from = 0, part = 0; from < arrived.length; part++) {
            const to = from + (sizes[part % sizes.length] ?? 1)
            const merged = mergeCopies('key', occurrences, arrived.slice(from, to))
            occurrences = merged.occurrences
            added += merged.outcomes.filter((outcome) => outcome === 'added').length
            from = to
          }
          const distinct = [...new Map(all.map((copy) => [`${copy.channel} ${copy.id}`, copy])).values()]
          const most = Math.max(...CHANNELS.map((name) => distinct.filter(({ channel }) => channel === name).length))
          expect(substance(occurrences)).toEqual(substance(mergeCopies('key', [], distinct).occurrences))
          expect(occurrences).toHaveLength(most)
          expect(added).toBe(most)
        },
      ),
      { numRuns: 10_000 },
    )
  })
})

function timeByEnvelope(all: readonly Copy[], { channel, id }: Copy): number {
  return all.find((copy) => copy.channel === channel && copy.id === id)?.at ?? SECOND
}
