import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TickTimer } from './tick-timer.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

function timerOver(due: { atMs: number | null }, tick: () => Promise<void>, wasAsked = false) {
  const timer = new TickTimer({ dueAtMs: () => due.atMs, nowMs: () => Date.now(), wasAsked: () => wasAsked, tick })
  timer.reschedule()
  return timer
}

it('ticks when something is due, and not before', async () => {
  const due = { atMs: 1_000 as number | null }
  const tick = vi.fn(async () => {
    due.atMs = null
  })
  timerOver(due, tick)
  await vi.advanceTimersByTimeAsync(999)
  expect(tick).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(tick).toHaveBeenCalledOnce()
})

it('waits for what is due earlier once it is told', async () => {
  const due = { atMs: 60_000 as number | null }
  const tick = vi.fn(async () => {
    due.atMs = null
  })
  const timer = timerOver(due, tick)
  due.atMs = 10
  timer.reschedule()
  await vi.advanceTimersByTimeAsync(10)
  expect(tick).toHaveBeenCalledOnce()
})

it('gives everybody else a turn before each tick when something stays due', async () => {
  vi.useRealTimers()
  // A tick takes no time here, however busy the machine is: after one that takes a millisecond there is a pause.
  vi.useFakeTimers({ toFake: ['performance'] })
  const tick = vi.fn(async () => {})
  const timer = timerOver({ atMs: 0 }, tick)
  for (let turn = 0; turn < 100; turn++) {
    await new Promise(setImmediate)
    expect(tick.mock.calls.length).toBeLessThanOrEqual(turn + 1)
  }
  expect(tick.mock.calls.length).toBeGreaterThan(90)
  timer.stop()
})

it('leaves as much time between long ticks as they take, when something stays due', async () => {
  const tick = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 6)))
  const timer = timerOver({ atMs: 0 }, tick)
  await vi.advanceTimersByTimeAsync(120)
  expect(tick.mock.calls.length).toBeGreaterThan(7)
  expect(tick.mock.calls.length).toBeLessThan(12)
  timer.stop()
})

it('leaves most of the time to those who ask meanwhile', async () => {
  const tick = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 5)))
  const timer = timerOver({ atMs: 0 }, tick, true)
  await vi.advanceTimersByTimeAsync(200)
  expect(tick.mock.calls.length).toBeGreaterThan(8)
  expect(tick.mock.calls.length).toBeLessThan(13)
  timer.stop()
})

it('tries a failed tick again after a second', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const tick = vi.fn(() => Promise.reject(new Error('no database')))
  timerOver({ atMs: 0 }, tick)
  await vi.advanceTimersByTimeAsync(3_100)
  expect(tick).toHaveBeenCalledTimes(4)
  log.mockRestore()
})

it('can wait for longer than a timer of Node can', async () => {
  const tick = vi.fn(async () => {})
  timerOver({ atMs: 2 ** 33 }, tick)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(tick).not.toHaveBeenCalled()
})
