import { describe, expect, it } from 'vitest'
import { createRateLimit } from './rate-limit.ts'

function setting(most: number, withinSeconds: number) {
  const clock = { now: 1_000_000 }
  return { clock, limit: createRateLimit({ most, withinSeconds }, () => clock.now) }
}

describe('a limit', () => {
  it('holds in any time of its length, not only from minute to minute', () => {
    const { clock, limit } = setting(3, 60)
    clock.now += 59_000
    expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([null, null, null])
    clock.now += 2_000
    expect(limit.take('a')).toBe(58)
    clock.now += 58_000
    expect(limit.take('a')).toBeNull()
  })

  it('says how long to wait, at least a second, and who waits so long is let through', () => {
    const { clock, limit } = setting(2, 10)
    limit.take('a')
    clock.now += 3_500
    limit.take('a')
    const wait = limit.take('a')
    expect(wait).toBe(7)
    clock.now += (wait ?? 0) * 1_000
    expect(limit.take('a')).toBeNull()
    clock.now += 2_999
    expect(limit.take('a')).toBe(1)
  })

  it('does not count what was refused, and nobody for another', () => {
    const { clock, limit } = setting(1, 10)
    limit.take('a')
    for (let n = 0; n < 100; n++) expect(limit.take('a')).not.toBeNull()
    expect(limit.take('b')).toBeNull()
    clock.now += 10_000
    expect(limit.take('a')).toBeNull()
  })

  it('forgets who was not heard of for longest when there are too many, and stays small', () => {
    const { limit } = setting(1, 1_000_000)
    limit.take('first')
    for (let n = 0; n < 10_000; n++) limit.take(`n-${n}`)
    expect(limit.take('first')).toBeNull()
    expect(limit.take('n-9999')).not.toBeNull()
  })
})
