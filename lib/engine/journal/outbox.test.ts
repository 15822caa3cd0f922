import { expect, it, vi } from 'vitest'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { createMemoryStore } from './memory-store.ts'
import { OutboxWriter } from './outbox.ts'
import type { Outbox } from './store.ts'

const someEvents = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ position: first + index, index: 0 }) as EngineEvent)

/** An outbox that a target waits for, which therefore keeps everything, and whose writes are counted. */
function anOutbox(write = (outbox: Outbox, events: readonly EngineEvent[]) => outbox.write(events)) {
  const { outbox } = createMemoryStore(['waiting'])
  const written = vi.fn((events: readonly EngineEvent[]) => write(outbox, events))
  return { ...outbox, write: written }
}
const positions = async (outbox: Outbox) =>
  (await outbox.after({ position: 0, index: 0 })).map(({ position }) => position)

it('leaves out what a replay brings again, however the replay is cut', async () => {
  const outbox = anOutbox()
  await outbox.write(someEvents(1, 7))
  const writer = new OutboxWriter(outbox, () => {})
  writer.add(someEvents(1, 3))
  expect(await writer.written()).toBe(true)
  writer.add(someEvents(4, 6))
  writer.add(someEvents(7, 9))
  expect(await writer.written()).toBe(true)
  expect(await positions(outbox)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(outbox.write).toHaveBeenCalledTimes(2)
})

it('asks what is stored after a write that failed, and writes the rest', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  let failures = 0
  const outbox = anOutbox(async (stored, events) => {
    if (failures++ > 0) return stored.write(events)
    await stored.write(events.slice(0, 2))
    throw new Error('the answer was lost')
  })
  const writer = new OutboxWriter(outbox, () => {})
  writer.add(someEvents(1, 5))
  expect(await writer.written()).toBe(true)
  expect(await positions(outbox)).toEqual([1, 2, 3, 4, 5])
  log.mockRestore()
})

it('writes what comes within a moment together', async () => {
  const outbox = anOutbox()
  const writer = new OutboxWriter(outbox, () => {})
  for (let position = 1; position <= 50; position++) {
    writer.add(someEvents(position, position))
    await new Promise(setImmediate)
  }
  expect(await writer.written()).toBe(true)
  expect(await positions(outbox)).toHaveLength(50)
  expect(outbox.write.mock.calls.length).toBeLessThan(10)
})

it('takes what comes after its end for not written, and keeps nobody waiting for it', async () => {
  const writer = new OutboxWriter(anOutbox(), () => {})
  writer.close()
  writer.add(someEvents(1, 1))
  expect(await writer.written()).toBe(false)
})
