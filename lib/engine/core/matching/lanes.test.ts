import { expect, it } from 'vitest'
import { EVERY_REGION, Lanes } from './lanes.ts'

it('are in the same order of size, whatever numbers their keys were given', () => {
  const slotsBySize = (keys: Record<number, number>) => {
    const lanes = new Lanes({ arrivalOf: (slot) => slot }, { hasKeys: true, byRegion: false })
    for (const [slot, key] of [0, 1, 2, 0, 1].map((mode, slot) => [slot, keys[mode]!] as const)) {
      lanes.enter(slot, key, EVERY_REGION, slot)
    }
    return lanes.bySize().map((lane) => lane.first())
  }
  expect(slotsBySize({ 0: 1, 1: 2, 2: 3 })).toEqual([0, 1, 2])
  expect(slotsBySize({ 0: 9, 1: 4, 2: 1 })).toEqual([0, 1, 2])
})
