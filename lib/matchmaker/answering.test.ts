import { beforeEach, describe, expect, it } from 'vitest'
import { createAnswering } from './answering.ts'
import type { Matchmaker } from './matchmaker.ts'

let time = 0
let failure: Error | null = null
let probes = 0
let hold: Promise<void> | null = null
beforeEach(() => {
  time = Date.parse('2026-11-20T13:00:00Z')
  failure = null
  probes = 0
  hold = null
})

function setting() {
  const answer = async () => {
    const waited = hold
    await waited
    if (failure) throw failure
  }
  const answering = createAnswering(
    {
      describeTickets: async () => {
        await answer()
        return []
      },
      probe: async () => {
        probes++
        await answer()
      },
    } as unknown as Matchmaker,
    () => time,
  )
  const changes: (string | null)[] = []
  answering.watch(() => changes.push(answering.outage()?.since ?? null))
  return { answering, changes, describe: () => answering.matchmaker.describeTickets(['t']) }
}

describe('a GameLift that stops answering', () => {
  it('is noticed by the next describe, since when it was asked, and told once', async () => {
    const { answering, changes, describe } = setting()
    await describe()
    expect(answering.outage()).toBeNull()
    failure = new Error('no answer came')
    await expect(describe()).rejects.toThrow()
    time += 5_000
    await expect(describe()).rejects.toThrow()
    expect(answering.outage()).toEqual({ since: '2026-11-20T13:00:00.000Z', message: 'no answer came' })
    failure = null
    await describe()
    expect(answering.outage()).toBeNull()
    expect(changes).toEqual(['2026-11-20T13:00:00.000Z', null])
  })

  it('is noticed without any ticket, by a question after ten seconds of silence', async () => {
    const { answering, changes } = setting()
    failure = new Error('no answer came')
    time += 9_999
    await answering.probe()
    expect(probes).toBe(0)
    time += 1
    await answering.probe()
    expect([probes, changes]).toEqual([1, ['2026-11-20T13:00:10.000Z']])
    await answering.probe()
    expect(probes).toBe(1)
    time += 5_000
    failure = null
    await answering.probe()
    expect([probes, answering.outage()]).toEqual([2, null])
  })

  it('has been silent since the earliest question that got no answer, whichever failed first', async () => {
    const { answering, describe } = setting()
    let fail = () => {}
    hold = new Promise((_, reject) => {
      fail = () => reject(new Error('timed out'))
    })
    const slow = describe()
    hold = null
    failure = new Error('no answer came')
    time += 10_000
    await answering.probe()
    expect(answering.outage()?.since).toBe('2026-11-20T13:00:10.000Z')
    fail()
    await expect(slow).rejects.toThrow('timed out')
    expect(answering.outage()?.since).toBe('2026-11-20T13:00:00.000Z')
  })

  it('is asked nothing while its describes succeed, and one thing at a time', async () => {
    const { answering, describe } = setting()
    time += 20_000
    await describe()
    await answering.probe()
    expect(probes).toBe(0)
    time += 20_000
    hold = new Promise(() => {})
    void answering.probe()
    time += 20_000
    void answering.probe()
    expect(probes).toBe(1)
  })

  it('answers when a later question was answered before an earlier one failed', async () => {
    const { answering, describe } = setting()
    let fail = () => {}
    hold = new Promise((_, reject) => {
      fail = () => reject(new Error('timed out'))
    })
    const slow = describe()
    hold = null
    time += 1_000
    await describe()
    fail()
    await expect(slow).rejects.toThrow('timed out')
    expect(answering.outage()).toBeNull()
  })
})
