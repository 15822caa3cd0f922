import { describe, expect, it } from 'vitest'
import type { EngineEvent, EngineOptions } from '#lib/engine/core/contract.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { planDelivery } from './delivery-plan.ts'

const RELIABLE = DEFAULT_OPTIONS.events
const START_MS = 1_770_142_800_000

/** One event every 100 ms. */
const events = (count: number): EngineEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    position: index + 1,
    index: 0,
    eventId: `event-${index}`,
    timeMs: START_MS + index * 100,
    resourceArn: 'arn',
    detail: { type: 'PlacementFailed', placementId: '', startTime: '', endTime: '' },
  }))

/** The numbers of the events that have been sent `afterMs` after the start, in the order they were sent. */
function sent(options: Partial<EngineOptions['events']>, count: number, afterMs: number): number[] {
  const numbers: number[] = []
  let left = events(count)
  for (;;) {
    const plan = planDelivery(left, { ...RELIABLE, ...options }, { nowMs: START_MS + afterMs, isAll: true })
    if (plan.taken === 0) return numbers
    numbers.push(...plan.send.map(({ position }) => position - 1))
    left = left.slice(plan.taken)
  }
}
const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index)
const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b)

describe('delivery', () => {
  it('is at once, in order and once by default', () => {
    expect(RELIABLE).toEqual({ delayMs: 0, repeatPercent: 0, shuffleMs: 0 })
    expect(sent({}, 50, 4900)).toEqual(inOrder(50))
  })

  it('events.delayMs: sends each event that much later', () => {
    expect(sent({ delayMs: 1000 }, 50, 999)).toEqual([])
    expect(sent({ delayMs: 1000 }, 50, 1000)).toEqual([0])
    expect(sent({ delayMs: 1000 }, 50, 3950)).toEqual(inOrder(30))
    const plan = planDelivery(events(1), { ...RELIABLE, delayMs: 1000 }, { nowMs: START_MS + 300, isAll: true })
    expect(plan).toEqual({ taken: 0, send: [], waitMs: 700 })
  })

  it.each([
    [0, 0, 0],
    [100, 1000, 1000],
    [30, 250, 350],
  ])('events.repeatPercent %i: repeats so many of a thousand, and always the same', (repeatPercent, least, most) => {
    const numbers = sent({ repeatPercent }, 1000, 100_000)
    expect(numbers.slice(0, 1000)).toEqual(inOrder(1000))
    const repeats = numbers.slice(1000)
    expect(new Set(repeats).size).toBe(repeats.length)
    expect(repeats.length).toBeGreaterThanOrEqual(least)
    expect(repeats.length).toBeLessThanOrEqual(most)
    expect(sent({ repeatPercent }, 1000, 100_000)).toEqual(numbers)
  })

  it('events.shuffleMs: sends the events of one period together when it is over, in another order', () => {
    expect(sent({ shuffleMs: 2000 }, 100, 1999)).toEqual([])
    const first = sent({ shuffleMs: 2000 }, 100, 2000)
    expect(sorted(first)).toEqual(inOrder(20))
    expect(first).not.toEqual(inOrder(20))
    const all = sent({ shuffleMs: 2000 }, 100, 60_000)
    expect(all.slice(0, 20)).toEqual(first)
    for (let period = 0; period < 5; period++) {
      const part = all.slice(period * 20, period * 20 + 20)
      expect(sorted(part)).toEqual(inOrder(20).map((number) => number + period * 20))
    }
  })

  it('loses nothing when all three come together, and scatters what is repeated', () => {
    const faults = { delayMs: 500, repeatPercent: 100, shuffleMs: 1000 }
    const numbers = sent(faults, 40, 60_000)
    expect(sorted(numbers)).toEqual(inOrder(40).flatMap((number) => [number, number]))
    expect(numbers.slice(0, 10)).not.toEqual(numbers.slice(10, 20))
    expect(sent(faults, 40, 1499)).toEqual([])
    expect(sent(faults, 40, 1500)).toEqual(numbers.slice(0, 20))
  })

  it('waits to see the whole of a period, however it is read', () => {
    const options = { ...RELIABLE, shuffleMs: 2000 }
    const now = { nowMs: START_MS + 60_000, isAll: false }
    expect(planDelivery(events(15), options, now)).toEqual({ taken: 0, send: [], waitMs: null })
    expect(planDelivery(events(25), options, now).send).toEqual(planDelivery(events(40), options, now).send)
  })
})
