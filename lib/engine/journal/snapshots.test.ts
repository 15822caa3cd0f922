import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Engine, EngineEvent } from '#lib/engine/core/contract.ts'
import { createMemoryStore } from './memory-store.ts'
import { OutboxWriter } from './outbox.ts'
import { Snapshots } from './snapshots.ts'
import type { Snapshot, SnapshotStore } from './store.ts'

let log: ReturnType<typeof vi.spyOn>
beforeEach(() => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  log.mockRestore()
})

function setUp() {
  const asked: { through: number; done: PromiseWithResolvers<void>; signal: AbortSignal }[] = []
  const saved: Snapshot[] = []
  const store: SnapshotStore = {
    async *newestFirst() {},
    save: async (snapshot) => void saved.push(snapshot),
    makeAside(through, signal) {
      const done = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => done.reject(new Error('ended')))
      asked.push({ through, done, signal })
      return done.promise
    },
  }
  const memory = createMemoryStore(['waiting'])
  const outbox = new OutboxWriter(memory.outbox, () => {})
  return { asked, saved, outbox, memory, snapshots: new Snapshots(store, outbox, 10) }
}
const settled = () => vi.advanceTimersByTimeAsync(0)
const event = (position: number) => ({ position, index: 0, eventId: `e-${position}` }) as EngineEvent
const engine = { snapshot: () => 'state' } as Engine

it('asks for one every so many entries, and for the next only when that is made', async () => {
  const { asked, snapshots } = setUp()
  for (let position = 1; position <= 25; position++) snapshots.offer(position, true)
  expect(asked.map(({ through }) => through)).toEqual([10])
  asked[0]?.done.resolve()
  await settled()
  snapshots.offer(26, true)
  expect(asked.map(({ through }) => through)).toEqual([10, 26])
})

it('never asks for more than what the outbox holds all events of', async () => {
  vi.useRealTimers()
  const { asked, snapshots, outbox, memory } = setUp()
  const last = Promise.withResolvers<null>()
  vi.spyOn(memory.outbox, 'last').mockReturnValueOnce(last.promise)
  outbox.add([event(3), event(14)])
  snapshots.offer(20, true)
  expect(asked).toEqual([])
  last.resolve(null)
  await outbox.written()
  snapshots.offer(21, true)
  expect(asked.map(({ through }) => through)).toEqual([21])
})

it('says when one could not be made and tries again only after a while', async () => {
  const { asked, snapshots } = setUp()
  snapshots.offer(10, true)
  asked[0]?.done.reject(new Error('the disk is full'))
  await settled()
  expect(log).toHaveBeenCalledWith(expect.stringContaining('the disk is full'))
  snapshots.offer(30, true)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(60_000)
  snapshots.offer(31, true)
  expect(asked.map(({ through }) => through)).toEqual([10, 31])
})

it('waits for a quiet moment when there is little to save', async () => {
  const { asked, snapshots } = setUp()
  snapshots.startFrom(100, true)
  snapshots.offer(100, true)
  expect(asked.map(({ through }) => through)).toEqual([100]) // due however few entries follow
  asked[0]?.done.resolve()
  await settled()
  snapshots.offer(105, true)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(asked).toHaveLength(1) // too few to be worth it
})

it('ends the one under way at the end and takes the state as it is', async () => {
  const { asked, saved, snapshots } = setUp()
  snapshots.offer(10, true)
  await snapshots.takeLast({ engine, position: 12, timeMs: 5 })
  expect(asked[0]?.signal.aborted).toBe(true)
  expect(saved).toEqual([{ position: 12, timeMs: 5, state: 'state' }])
  expect(log).not.toHaveBeenCalled()
})
