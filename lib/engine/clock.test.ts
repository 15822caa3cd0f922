import { expect, it } from 'vitest'
import { createClock } from './clock.ts'

function clockAt(lastMs: number, start: { wall: number; monotonic: number }) {
  const now = { ...start }
  const clock = createClock(lastMs, { wallMs: () => now.wall, monotonicMs: () => now.monotonic })
  return { clock, now }
}

it('follows the wall clock when that is ahead of the journal', () => {
  const { clock } = clockAt(500, { wall: 1_000, monotonic: 7 })
  expect(clock.nowMs()).toBe(1_000)
})

it('keeps moving when the wall clock is set back', () => {
  const { clock, now } = clockAt(0, { wall: 1_000_000, monotonic: 0 })
  clock.nowMs()
  now.wall = 5
  now.monotonic = 250
  expect(clock.nowMs()).toBe(1_000_250)
})

it('continues after the journal when the machine comes back with an earlier time', () => {
  const { clock, now } = clockAt(9_000, { wall: 1_000, monotonic: 50 })
  expect(clock.nowMs()).toBe(9_000)
  now.monotonic = 60
  expect(clock.nowMs()).toBe(9_010)
})

it('catches up with the wall clock after a suspend, which the monotonic clock does not count', () => {
  const { clock, now } = clockAt(0, { wall: 1_000, monotonic: 0 })
  clock.nowMs()
  now.wall = 3_600_000
  now.monotonic = 10
  expect(clock.nowMs()).toBe(3_600_000)
})
