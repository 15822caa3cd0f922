import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '#lib/flexmatch/result.ts'
import { createAnswering } from './answering.ts'
import type { Matchmaker } from './matchmaker.ts'
import { notAsked } from './not-asked.ts'

let time = 0
let failure: Error | null = null
let probes = 0
let hold: Promise<void> | null = null
let told: (string | null)[] = []
beforeEach(() => {
  time = Date.parse('2026-11-20T13:00:00Z')
  failure = null
  probes = 0
  hold = null
  told = []
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
    { now: () => time, tell: async (outage) => void told.push(outage?.message ?? null) },
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

  it('is noticed without any ticket, by a question after a while of silence', async () => {
    const { answering, changes } = setting()
    failure = new Error('no answer came')
    time += 7_499
    await answering.probe()
    expect(probes).toBe(0)
    time += 1
    await answering.probe()
    expect([probes, changes]).toEqual([1, ['2026-11-20T13:00:07.500Z']])
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

describe('many replicas', () => {
  it('show what one of them has found, and hear from the others how it ends', async () => {
    const { answering, changes } = setting()
    const outage = { since: '2026-11-20T12:59:58.000Z', message: 'no answer came' }
    answering.hear({ outage, ageMs: 1_000 }, time)
    expect([answering.outage(), changes]).toEqual([outage, ['2026-11-20T12:59:58.000Z']])
    time += 2_000
    answering.hear({ outage: null, ageMs: 500 }, time)
    expect([answering.outage(), changes.length]).toEqual([null, 2])
    expect(told).toEqual([])
  })

  it('believe themselves more than what was found earlier, and nobody who has gone', async () => {
    const { answering, describe } = setting()
    await describe()
    answering.hear({ outage: { since: '2026-11-20T12:59:00.000Z', message: 'old' }, ageMs: 1 }, time)
    expect(answering.outage()).toBeNull()
    time += 60_000
    answering.hear({ outage: { since: '2026-11-20T12:59:00.000Z', message: 'old' }, ageMs: 16_000 }, time)
    expect(answering.outage()).toBeNull()
  })

  it('ask nothing that another one has asked a moment ago', async () => {
    const { answering } = setting()
    time += 20_000
    answering.hear({ outage: null, ageMs: 2_000 }, time)
    await answering.probe()
    time += 6_000
    answering.hear({ outage: { since: '2026-11-20T13:00:20.000Z', message: 'away' }, ageMs: 1_000 }, time)
    await answering.probe()
    expect(probes).toBe(0)
    time += 4_000
    await answering.probe()
    expect(probes).toBe(1)
  })

  it('are told at once of what changes, and now and then of what stays', async () => {
    const { describe } = setting()
    await describe()
    time += 1_000
    await describe()
    failure = new Error('no answer came')
    await expect(describe()).rejects.toThrow()
    await expect(describe()).rejects.toThrow()
    time += 4_000
    await expect(describe()).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve))
    expect(told).toEqual([null, 'no answer came', 'no answer came'])
  })
})

it('to be asked for fewer requests is an answer, and what was not asked says nothing', async () => {
  const { answering, describe } = setting()
  failure = notAsked('MATCHMAKER_UNAVAILABLE', 'not that often')
  await expect(describe()).rejects.toThrow()
  expect(answering.outage()).toBeNull()
  const throttling = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })
  failure = new AppError('MATCHMAKER_UNAVAILABLE', 'fewer requests', { cause: throttling })
  time += 1_000
  await expect(describe()).rejects.toThrow()
  expect(answering.outage()).toBeNull()
  time += 7_000
  await answering.probe()
  expect(probes).toBe(0)
})
