import { expect, it } from 'vitest'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { createMemoryStore } from './memory-store.ts'

const tick = JSON.stringify({ operation: 'Tick' })
const group = (position: number, count: number) => ({
  position,
  timeMs: position * 10,
  commands: Array(count).fill(tick),
})
const event = (position: number, index = 0) => ({ position, index, eventId: `e-${position}-${index}` }) as EngineEvent
const nobody = { patienceMs: 0, onLost: () => {} }

async function positionsAfter(store: ReturnType<typeof createMemoryStore>, position: number): Promise<number[]> {
  const positions: number[] = []
  for await (const entry of store.entriesAfter(position)) positions.push(entry.position)
  return positions
}

it('reads back the entries after any position, each with its time and command', async () => {
  const store = createMemoryStore()
  const held = await store.hold(nobody)
  await held.append(group(1, 3))
  await held.append(group(4, 1))
  expect(await positionsAfter(store, 1)).toEqual([2, 3, 4])
  const first = (await store.entriesAfter(3)[Symbol.asyncIterator]().next()).value
  expect(first).toEqual({ position: 4, timeMs: 40, command: { operation: 'Tick' }, text: tick })
})

it('holds the whole run until it has become a long one, and the newer half of it from then on', async () => {
  const store = createMemoryStore([], 3)
  const held = await store.hold(nobody)
  for (const position of [1, 2, 3]) await held.append(group(position, 1))
  expect(await positionsAfter(store, 0)).toEqual([1, 2, 3])
  await held.append(group(4, 1))
  expect(await positionsAfter(store, 2)).toEqual([3, 4])
  await expect(positionsAfter(store, 0)).rejects.toThrow('Entries before 3 are no longer in memory.')
})

it('keeps an event until every target has it', async () => {
  const { outbox } = createMemoryStore(['a', 'b'])
  await outbox.write([event(1), event(1, 1), event(2)])
  const start = await outbox.registerTarget('a', 'http://a')
  expect((await outbox.after(start)).map(({ eventId }) => eventId)).toEqual(['e-1-0', 'e-1-1', 'e-2-0'])
  await outbox.advanceTarget('a', event(2))
  expect(await outbox.after(start)).toHaveLength(3)
  await outbox.advanceTarget('b', event(1, 1))
  expect((await outbox.after(start)).map(({ eventId }) => eventId)).toEqual(['e-2-0'])
})

it('keeps no event when nobody is to get any, and knows which was the last', async () => {
  const { outbox } = createMemoryStore()
  await outbox.write([event(1), event(2)])
  expect(await outbox.after({ position: 0, index: 0 })).toEqual([])
  expect(await outbox.last()).toMatchObject({ position: 2 })
})

it('lets a target that takes nothing miss the oldest events, so that memory ends', async () => {
  const { outbox } = createMemoryStore(['away'])
  await outbox.write(Array.from({ length: 200_001 }, (_, index) => event(index + 1)))
  expect((await outbox.after({ position: 0, index: 0 }))[0]).toMatchObject({ position: 2 })
})
