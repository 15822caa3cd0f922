import { describe, expect, it } from 'vitest'
import {
  formatAbsolute,
  formatAge,
  formatAgo,
  formatClock,
  formatClockMs,
  formatCount,
  formatCountdown,
  formatDuration,
  formatElapsed,
  formatMoment,
  isTimeZone,
  secondsLeft,
} from './format-time.ts'

const at = Date.UTC(2026, 10, 20, 12, 2, 11, 402)

describe('formatElapsed', () => {
  it.each([
    [-5, '0:00'],
    [41_900, '0:41'],
    [127_000, '2:07'],
    [3_599_999, '59:59'],
    [3_600_000, '1:00:00'],
    [47 * 3_600_000, '47:00:00'],
    [52 * 3_600_000, '2 d 4 h'],
  ])('shows %d ms as %s', (ms, text) => expect(formatElapsed(ms)).toBe(text))
})

describe('formatDuration', () => {
  it.each([
    [548, '0.55 s'],
    [999, '1.0 s'],
    [0, '0 s'],
    [40_000, '40 s'],
    [600_000, '10 min'],
    [7_200_000, '2 h'],
    [17_150, '17.1 s'],
    [59_990, '1 min'],
    [124_000, '2 min 4 s'],
    [3_780_000, '1 h 3 min'],
    [93_600_000, '1 d 2 h'],
  ])('shows %d ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text))
})

describe('formatAge', () => {
  it.each([
    [300, 'now', 'now'],
    [3_000, '3 s', '3 s ago'],
    [61_000, '1 min', '1 min ago'],
    [7_200_000, '2 h', '2 h ago'],
    [432_000_000, '5 d', '5 d ago'],
  ])('shows %d ms as %s', (ms, age, ago) => {
    expect(formatAge(ms)).toBe(age)
    expect(formatAgo(ms)).toBe(ago)
  })
})

describe('a countdown', () => {
  it('rounds up, so that the last fraction of a second is still time', () => {
    expect(secondsLeft(10_001, 10_000)).toBe(1)
    expect(secondsLeft(10_000, 10_000)).toBe(0)
    expect(secondsLeft(9_000, 10_000)).toBe(0)
  })
  it('says when the time is up', () => {
    expect(formatCountdown(18)).toBe('18 s left')
    expect(formatCountdown(125)).toBe('2:05 left')
    expect(formatCountdown(0)).toBe('time is up')
  })
})

describe('moments', () => {
  it('are shown in the zone asked for', () => {
    expect(formatClock(at, 'UTC')).toBe('12:02:11')
    expect(formatClock(at, 'Asia/Tokyo')).toBe('21:02:11')
    expect(formatClockMs(at, 'Europe/Berlin')).toBe('13:02:11.402')
    expect(formatClockMs(at - 402, 'UTC')).toBe('12:02:11')
  })
  it('carry their date once they are not of today', () => {
    expect(formatMoment(at, at + 1000, 'UTC')).toBe('12:02:11')
    expect(formatMoment(at, at + 86_400_000, 'UTC')).toBe('20 Nov, 12:02')
    expect(formatMoment(at, at + 400 * 86_400_000, 'UTC')).toBe('20 Nov 2026, 12:02')
  })
  it('name the offset and the zone when everything is told', () => {
    expect(formatAbsolute(at, 'Europe/Berlin')).toBe('20 Nov 2026, 13:02:11.402 GMT+1 (Europe/Berlin)')
    expect(formatAbsolute(at, 'UTC')).toBe('20 Nov 2026, 12:02:11.402 UTC')
  })
  it('tell the two passes of a repeated hour apart', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30)
    expect(formatAbsolute(first, 'Europe/Berlin')).toContain('02:30:00.000 GMT+2')
    expect(formatAbsolute(first + 3_600_000, 'Europe/Berlin')).toContain('02:30:00.000 GMT+1')
  })
})

it('groups counts alike for everyone', () => {
  expect(formatCount(1204)).toBe('1,204')
})

it('knows a time zone from anything else a cookie may hold', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true)
  expect(isTimeZone('Mars/Base')).toBe(false)
  expect(isTimeZone('')).toBe(false)
})
