import { describe, expect, it } from 'vitest'
import type { RatesView } from '#lib/tickets/views.ts'
import { meanWaits, openCourse, perMinute, ratesSentence } from './rates.ts'

const view: RatesView = {
  window: '1h',
  bucketMs: 60_000,
  from: '2026-01-15T10:00:00.000Z',
  measures: {
    started: [4, 0, 3],
    COMPLETED: [0, 2, 1],
    CANCELLED: [1, 0, 0],
    TIMED_OUT: [0, 0, 0],
    FAILED: [0, 1, 0],
    waitMs: [0, 3_000, 500],
  },
}

describe('rates', () => {
  it('are per minute, whatever a bucket is', () => {
    expect(perMinute(view, 'COMPLETED')).toEqual([0, 2, 1])
    expect(perMinute({ ...view, bucketMs: 15 * 60_000 }, 'COMPLETED')).toEqual([0, 2 / 15, 1 / 15])
    expect(perMinute(view, 'unheard of')).toEqual([])
  })
  it('know no wait where nothing was matched', () => {
    expect(meanWaits(view)).toEqual([null, 1_500, 500])
  })
  it('lead back from what is open now to what was open then', () => {
    expect(openCourse(view, 5)).toEqual([6, 3, 5])
    expect(openCourse(view, 0)).toEqual([1, 0, 0]) // never less than none, whatever was settled without an event
  })
  it('are told in a sentence', () => {
    expect(ratesSentence(view)).toBe(
      'In the last hour: 3 matched, 1 cancelled, 0 timed out, 1 failed; mean wait 1.2 s.',
    )
    const none = { ...view, window: '24h' as const, measures: { started: [1] } }
    expect(ratesSentence(none)).toBe('No ticket has ended in the last 24 hours.')
  })
})
