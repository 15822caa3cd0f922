import { afterEach, expect, it, vi } from 'vitest'
import type { EngineEvent, EngineOptions } from './core/contract.ts'
import { createMemoryStore } from './journal/memory-store.ts'
import { type Publisher, startPublisher } from './publisher.ts'
import { type EventReceiver, startEventReceiver } from './testing/event-receiver.ts'

const START_MS = 1_770_142_800_000
const FAULTS: EngineOptions['events'] = { delayMs: 0, repeatPercent: 20, shuffleMs: 1000 }

/** One event every 100 ms. */
function someEvents(count: number): EngineEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    position: index + 1,
    index: 0,
    eventId: `event-${index}`,
    timeMs: START_MS + index * 100,
    resourceArn: 'arn:aws:gamelift:eu-west-1:123456789012:gamesessionqueue/queue',
    detail: { type: 'PlacementFailed', placementId: '', startTime: '', endTime: '' },
  }))
}

const toStop: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of toStop.splice(0).reverse()) await stop()
})

async function aLine(answer?: Parameters<typeof startEventReceiver>[0]) {
  const receiver = await startEventReceiver(answer)
  toStop.push(() => receiver.close())
  const { outbox } = createMemoryStore(['receiver'])
  const clock = { nowMs: START_MS }
  const publish = (): Publisher => {
    const publisher = startPublisher({
      outbox,
      targets: [{ name: 'receiver', url: receiver.url, secret: null, type: 'eventbridge' }],
      timePrecision: 'milliseconds',
      faults: () => ({ options: FAULTS, nowMs: clock.nowMs }),
      backOff: { firstMs: 5, mostMs: 20 },
    })
    toStop.push(() => publisher.stop())
    return publisher
  }
  return { receiver, outbox, clock, publish }
}
const ids = (receiver: EventReceiver) => receiver.envelopes().map(({ id }) => id)

it('goes on where it was when it delivers badly, and sends nothing again that it had done with', async () => {
  const { receiver, outbox, clock, publish } = await aLine()
  await outbox.write(someEvents(40))
  clock.nowMs = START_MS + 2000
  const first = publish()
  await vi.waitFor(async () => expect(await outbox.registerTarget('receiver', '')).toMatchObject({ position: 20 }))
  await first.stop()
  const before = ids(receiver)
  expect(new Set(before)).toEqual(new Set(someEvents(20).map(({ eventId }) => eventId)))
  clock.nowMs = START_MS + 60_000
  publish()
  await vi.waitFor(() => expect(new Set(ids(receiver)).size).toBe(40))
  const after = new Set(ids(receiver).slice(before.length))
  expect(after.size).toBe(20)
  expect(before.some((id) => after.has(id))).toBe(false)
})

it('loses nothing of a period whose delivery fails half way, and delivers it in the same order again', async () => {
  const { receiver, outbox, clock, publish } = await aLine((_, request) => (request <= 3 ? 500 : 200))
  await outbox.write(someEvents(300))
  clock.nowMs = START_MS + 3_600_000
  publish()
  await vi.waitFor(() => expect(new Set(ids(receiver)).size).toBe(300))
  const once = await aLine()
  await once.outbox.write(someEvents(300))
  once.clock.nowMs = START_MS + 3_600_000
  once.publish()
  await vi.waitFor(() => expect(new Set(ids(once.receiver)).size).toBe(300))
  await vi.waitFor(() => expect(ids(receiver)).toEqual(ids(once.receiver)))
})
