import { expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { createRoster } from './roster.ts'

it('is the same for the same seed and another for another', () => {
  expect(createRoster('a', 'us-east-1')).toEqual(createRoster('a', 'us-east-1'))
  expect(createRoster('a', 'us-east-1')).not.toEqual(createRoster('b', 'us-east-1'))
})

it('has 240 different players whom GameLift accepts', () => {
  const roster = createRoster('matchdesk', 'eu-central-1')
  expect(new Set(roster.map(({ playerId }) => playerId)).size).toBe(240)
  for (const { playerId, latencyMs, maps } of roster) {
    expect(playerId).toMatch(/^[a-z]+-[a-z]+$/)
    expect(Object.keys(latencyMs)).toContain('eu-central-1')
    expect(Object.values(latencyMs).every((ms) => Number.isInteger(ms) && ms >= 1)).toBe(true)
    expect(maps.length).toBeGreaterThan(0)
  }
})

it('draws numbers that spread evenly, and waits that keep their mean', () => {
  const random = createRandom('spread')
  const mean = (draw: () => number) =>
    Array.from({ length: 20_000 }, draw).reduce((sum, value) => sum + value, 0) / 20_000
  expect(mean(() => random.next())).toBeCloseTo(0.5, 1)
  expect(mean(() => random.waitFor(60)) / 60).toBeCloseTo(1, 1)
  expect(mean(() => random.normal())).toBeCloseTo(0, 1)
})
