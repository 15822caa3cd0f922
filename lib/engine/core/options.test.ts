import { expect, it } from 'vitest'
import type { EngineOptionsPatch } from './contract.ts'
import { createEngine } from './engine.ts'
import { DEFAULT_OPTIONS, mergeOptions } from './options.ts'

it('changes what is given, at any depth, and leaves the base alone', () => {
  const before = structuredClone(DEFAULT_OPTIONS)
  const merged = mergeOptions(DEFAULT_OPTIONS, { tickMs: 50, placement: { delayMs: 0, maxActiveSessions: 3 } })
  expect(merged).toEqual({
    ...before,
    tickMs: 50,
    placement: { ...before.placement, delayMs: 0, maxActiveSessions: 3 },
  })
  expect(DEFAULT_OPTIONS).toEqual(before)
})

it.each([
  [{ tickMs: 0 }, /tickMs must be a whole number from 1/],
  [{ tickMs: 1.5 }, /tickMs must be a whole number/],
  [{ placement: { delayMs: -1 } }, /placement\.delayMs must be/],
  [{ placement: { outcome: 'explode' } }, /placement\.outcome must be one of fulfil, fail, time-out/],
  [{ placement: null }, /placement must be an object/],
  [{ placement: { maxActiveSessions: 'x' } }, /or null/],
  [{ acceptance: { cancelledEvent: 'yes' } }, /true or false/],
  [{ region: 'moon' }, /AWS region name/],
  [{ accountId: '1' }, /twelve digits/],
  [{ seed: '' }, /seed must be/],
  [{ unknown: 1 }, /There is no option unknown/],
  [JSON.parse('{"__proto__":{"tickMs":1}}'), /There is no option __proto__/],
  [{ limits: { tagsPerResource: 1000 } }, /from 0 to 200/],
])('refuses %j', (patch, message) => {
  expect(() => mergeOptions(DEFAULT_OPTIONS, patch as EngineOptionsPatch)).toThrow(message)
})

it('gives an engine from an older snapshot the default of an option that came later', () => {
  const state = JSON.parse(createEngine(mergeOptions(DEFAULT_OPTIONS, { tickMs: 7 })).snapshot())
  delete state.options.limits.liveGameSessions
  const { options } = createEngine(DEFAULT_OPTIONS, JSON.stringify(state))
  expect([options.tickMs, options.limits.liveGameSessions]).toEqual([7, 10_000])
})
