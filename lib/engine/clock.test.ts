import { describe, expect, it } from 'vitest'
import { createClock, startClock } from './clock.ts'

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

describe('a clock under control', () => {
  it('stands still while it is paused, whatever the machine does', () => {
    const { clock, now } = clockAt(0, { wall: 1_000, monotonic: 0 })
    clock.pause()
    now.wall = 9_000
    now.monotonic = 8_000
    expect([clock.paused, clock.nowMs()]).toEqual([true, 1_000])
  })

  it('goes on from where it stood, behind the machine after a pause and ahead of it after a jump', () => {
    const { clock, now } = clockAt(0, { wall: 1_000, monotonic: 0 })
    clock.pause()
    now.wall = 9_000
    now.monotonic = 8_000
    clock.resume()
    expect(clock.nowMs()).toBe(1_000)
    now.wall += 50
    now.monotonic += 50
    expect([clock.paused, clock.nowMs()]).toEqual([false, 1_050])
    clock.standAt(61_050)
    clock.resume()
    now.wall += 7
    now.monotonic += 7
    expect(clock.nowMs()).toBe(61_057)
  })

  it('keeps its distance from the wall clock over a suspend', () => {
    const { clock, now } = clockAt(0, { wall: 1_000, monotonic: 0 })
    clock.standAt(60_000)
    clock.resume()
    now.wall += 3_600_000
    expect(clock.nowMs()).toBe(3_660_000)
  })

  it('never goes back', () => {
    const { clock } = clockAt(0, { wall: 1_000, monotonic: 0 })
    clock.standAt(2_000)
    expect(() => clock.standAt(1_999)).toThrow('The clock is at 2000 and does not go back to 1999.')
    expect(clock.nowMs()).toBe(2_000)
  })

  it('begins a new journal at any time, standing or running', () => {
    const sources = { wallMs: () => 1_000_000, monotonicMs: () => 3 }
    const early = startClock(0, { mode: 'running', startAtMs: 5_000 }, sources)
    expect([early.nowMs(), early.paused]).toEqual([5_000, false])
    const standing = startClock(0, { mode: 'paused', startAtMs: null }, sources)
    expect([standing.nowMs(), standing.paused]).toEqual([1_000_000, true])
  })

  it('stands at the very moment it is to begin at, though the machine goes on meanwhile', () => {
    let wall = 1_000_000
    const sources = { wallMs: () => wall++, monotonicMs: () => wall }
    expect(startClock(0, { mode: 'paused', startAtMs: 5_000 }, sources).nowMs()).toBe(5_000)
  })

  it('goes on with a journal whatever its start was', () => {
    const sources = { wallMs: () => 1_000_000, monotonicMs: () => 3 }
    expect(startClock(7_000_000, { mode: 'paused', startAtMs: 5_000 }, sources).nowMs()).toBe(7_000_000)
  })
})
