import { describe, expect, it, vi } from 'vitest'
import { createClock } from './clock.ts'
import { TimeControl, type TimedEngine } from './time-control.ts'

/** An engine with something due at each of `dueMs`; one event per Tick. Its machine stands at 1,000 and can be moved. */
function engineWith(dueMs: number[]) {
  const machine = { wall: 1_000, monotonic: 0 }
  const clock = createClock(0, { wallMs: () => machine.wall, monotonicMs: () => machine.monotonic })
  const due = [...dueMs]
  const tickedAt: number[] = []
  const engine: TimedEngine = {
    clock,
    dueAtMs: () => due[0] ?? null,
    async tick() {
      await null
      tickedAt.push(clock.nowMs())
      while (due[0] !== undefined && due[0] <= clock.nowMs()) due.shift()
      return 1
    },
    clockChanged: vi.fn(),
  }
  return { engine, machine, tickedAt }
}

describe('moving the clock', () => {
  it('lets every Tick happen at its own due time, in order, and stands at the time asked for', async () => {
    const { engine, tickedAt } = engineWith([2_000, 31_000, 61_000, 90_000])
    const time = new TimeControl(engine)
    await time.pause()
    expect(await time.step(60_000)).toEqual({
      ...{ mode: 'paused', nowMs: 61_000, nextDueMs: 90_000 },
      ...{ ticks: 3, events: 3, cut: null },
    })
    expect(tickedAt).toEqual([2_000, 31_000, 61_000])
  })

  it('arrives with a Tick where nothing is due, so that the journal knows how far time has come', async () => {
    const { engine, tickedAt } = engineWith([90_000])
    expect(await new TimeControl(engine).step(60_000)).toMatchObject({ nowMs: 61_000, ticks: 0, events: 0 })
    expect(tickedAt).toEqual([61_000])
  })

  it('steps to the next due moment, and nowhere when nothing is due', async () => {
    const { engine, tickedAt } = engineWith([2_000, 31_000])
    const time = new TimeControl(engine)
    expect(await time.step(null)).toMatchObject({ nowMs: 2_000, ticks: 1 })
    expect(await time.step(null)).toMatchObject({ nowMs: 31_000, ticks: 1, nextDueMs: null })
    expect(await time.step(null)).toMatchObject({ nowMs: 31_000, ticks: 0 })
    expect(tickedAt).toEqual([2_000, 31_000])
  })

  it('does now what was due before the clock was paused', async () => {
    const { engine, tickedAt } = engineWith([400])
    expect(await new TimeControl(engine).step(null)).toMatchObject({ nowMs: 1_000, ticks: 1 })
    expect(tickedAt).toEqual([1_000])
  })

  it('leaves a running clock running, from where it was moved to', async () => {
    const { engine, machine } = engineWith([])
    const time = new TimeControl(engine)
    expect(await time.step(60_000)).toMatchObject({ mode: 'running', nowMs: 61_000 })
    machine.monotonic += 5
    machine.wall += 5
    expect(time.state().nowMs).toBe(61_005)
    expect(engine.clockChanged).toHaveBeenCalled()
  })

  it('refuses a time that has passed or does not exist, and changes nothing', async () => {
    const { engine } = engineWith([2_000])
    const time = new TimeControl(engine)
    await time.pause()
    await expect(time.runTo(999)).rejects.toMatchObject({
      type: 'InvalidRequestException',
      message: 'The clock is at 1970-01-01T00:00:01.000Z and never goes back.',
    })
    await expect(time.step(Number.MAX_SAFE_INTEGER)).rejects.toThrow('The clock ends at 9999-12-31T23:59:59.999Z.')
    expect(time.state()).toEqual({ mode: 'paused', nowMs: 1_000, nextDueMs: 2_000 })
  })

  it('is cut after a number of Ticks, says so, and goes on where it was', async () => {
    const { engine } = engineWith([2_000, 3_000, 4_000])
    const time = new TimeControl(engine, { ticks: 2, realMs: 10_000 })
    await time.pause()
    expect(await time.runTo(5_000)).toEqual({
      ...{ mode: 'paused', nowMs: 3_000, nextDueMs: 4_000, ticks: 2, events: 2 },
      cut: 'Stopped after 2 Ticks, before 1970-01-01T00:00:05.000Z. Step again to go on.',
    })
    expect(await time.runTo(5_000)).toMatchObject({ nowMs: 5_000, ticks: 1, cut: null })
  })

  it('is cut after some real time, should Ticks take too long', async () => {
    const { engine } = engineWith([2_000])
    const time = new TimeControl(engine, { ticks: 100, realMs: 0 })
    expect((await time.step(5_000)).cut).toMatch(/^Stopped after 0 ms of real time, /)
  })

  it('is done one call after the other', async () => {
    const { engine, tickedAt } = engineWith([2_000, 3_000])
    const time = new TimeControl(engine)
    await time.pause()
    const [first, second, resumed] = await Promise.all([time.step(1_000), time.step(1_000), time.resume()])
    expect([first.nowMs, second.nowMs, resumed.mode]).toEqual([2_000, 3_000, 'running'])
    expect(tickedAt).toEqual([2_000, 3_000])
  })

  it('stays where a Tick failed, and can be asked again', async () => {
    const { engine } = engineWith([2_000])
    const tick = vi.spyOn(engine, 'tick').mockRejectedValueOnce(new Error('no database'))
    const time = new TimeControl(engine)
    await time.pause()
    await expect(time.step(5_000)).rejects.toThrow('no database')
    expect(time.state()).toEqual({ mode: 'paused', nowMs: 2_000, nextDueMs: 2_000 })
    tick.mockRestore()
    expect(await time.runTo(6_000)).toMatchObject({ nowMs: 6_000, ticks: 1 })
  })
})
