import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { RequestRates } from './request-rates.ts'

/** How many of `count` requests at once are taken, one hundredth of a second apart from the next such crowd. */
function taken(rates: RequestRates, options: { enforced: boolean; percent: number }, count: number): number {
  let admitted = 0
  for (let request = 0; request < count; request++) {
    try {
      rates.admit('StartMatchmaking', options)
      admitted++
    } catch (error) {
      expect(error).toMatchObject({ type: 'ThrottlingException', message: 'Rate exceeded', status: 400 })
    }
  }
  return admitted
}

describe('request rates', () => {
  it.each([
    // requestRates.enforced
    [{ enforced: false, percent: 100 }, 1000, 'takes every request'],
    [{ enforced: true, percent: 100 }, 100, 'takes a hundred StartMatchmaking at once'],
    // requestRates.percent
    [{ enforced: true, percent: 25 }, 25, 'takes a quarter of them'],
    [{ enforced: true, percent: 1 }, 1, 'takes one'],
  ])('%j: of a thousand at once %i are taken', (options, admitted) => {
    expect(taken(new RequestRates(() => 0), options, 1000)).toBe(admitted)
  })

  it('are not enforced by default', () => {
    expect(DEFAULT_OPTIONS.requestRates).toEqual({ enforced: false, percent: 100 })
  })

  it('let as many through per second as the rate, however hard a client tries, and each operation has its own', () => {
    let nowMs = 0
    const rates = new RequestRates(() => nowMs)
    const options = { enforced: true, percent: 100 }
    let admitted = taken(rates, options, 1000)
    for (; nowMs < 10_000; nowMs += 10) admitted += taken(rates, options, 7)
    expect(Math.abs(admitted - 1100)).toBeLessThanOrEqual(1)
    expect(() => rates.admit('StopMatchmaking', options)).not.toThrow()
    taken(rates, options, 2)
    expect(() => rates.admit('StartMatchmaking', options)).toThrow('Rate exceeded')
  })

  it('give back no more than the burst after a rest', () => {
    let nowMs = 0
    const rates = new RequestRates(() => nowMs)
    const options = { enforced: true, percent: 10 }
    taken(rates, options, 100)
    nowMs = 3_600_000
    expect(taken(rates, options, 100)).toBe(10)
  })
})
