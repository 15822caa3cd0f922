import { describe, expect, it } from 'vitest'
import { changePump } from './change-pump.ts'

/** A clock moved by hand, and refetches that end when told. */
function aPump() {
  let time = 0
  const timers: { at: number; run: () => void }[] = []
  const started: string[] = []
  const ends: (() => void)[] = []
  const clock = {
    now: () => time,
    after: (ms: number, run: () => void) => {
      const timer = { at: time + ms, run }
      timers.push(timer)
      return timer
    },
    cancel: (timer: unknown) => {
      const index = timers.indexOf(timer as (typeof timers)[number])
      if (index >= 0) timers.splice(index, 1)
    },
  }
  const pump = changePump(
    (topic) => {
      started.push(`${topic}@${time}`)
      return new Promise<void>((resolve) => ends.push(resolve))
    },
    250,
    clock,
  )
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    pump,
    started,
    async end() {
      ends.shift()?.()
      await settle()
    },
    async moveTo(next: number) {
      time = next
      for (const timer of timers.splice(0).toSorted((a, b) => a.at - b.at)) {
        if (timer.at <= time) timer.run()
        else timers.push(timer)
      }
      await settle()
    },
  }
}

describe('changePump', () => {
  it('acts on the first hint at once', () => {
    const { pump, started } = aPump()
    pump.hint('tickets')
    expect(started).toEqual(['tickets@0'])
  })

  it('never starts a second refetch while the first one runs, and reads once more afterwards', async () => {
    const { pump, started, end, moveTo } = aPump()
    pump.hint('tickets')
    await moveTo(400)
    pump.hint('tickets')
    pump.hint('tickets')
    expect(started).toEqual(['tickets@0'])
    await end()
    expect(started).toEqual(['tickets@0', 'tickets@400'])
    await end()
    expect(started).toHaveLength(2)
  })

  it('spaces refetches, and the last change is always read', async () => {
    const { pump, started, end, moveTo } = aPump()
    pump.hint('tickets')
    pump.hint('tickets')
    await moveTo(10)
    await end()
    expect(started).toHaveLength(1)
    await moveTo(250)
    expect(started).toEqual(['tickets@0', 'tickets@250'])
  })

  it('keeps topics apart', () => {
    const { pump, started } = aPump()
    pump.hint('tickets')
    pump.hint('counts')
    expect(started).toEqual(['tickets@0', 'counts@0'])
  })

  it('does nothing more once stopped', async () => {
    const { pump, started, end, moveTo } = aPump()
    pump.hint('tickets')
    pump.hint('tickets')
    pump.stop()
    await end()
    await moveTo(1000)
    pump.hint('tickets')
    expect(started).toHaveLength(1)
  })
})
