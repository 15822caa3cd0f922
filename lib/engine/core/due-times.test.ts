import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { DueTimes } from './due-times.ts'

it('gives the earliest, equal ones in the order they were set, whatever was set, moved and deleted before', () => {
  const steps = fc.array(
    fc.record({
      key: fc.nat(12).map(String),
      atMs: fc.nat(9),
      kind: fc.constantFrom('set', 'set', 'delete', 'reopen'),
    }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(steps, (all) => {
      let times = new DueTimes()
      let expected: { key: string; atMs: number }[] = []
      for (const { key, atMs, kind } of all) {
        if (kind === 'reopen') {
          times = DueTimes.from(JSON.parse(JSON.stringify(times)))
          continue
        }
        expected = expected.filter((other) => other.key !== key)
        if (kind === 'set') {
          times.set(key, atMs)
          expected.push({ key, atMs })
        } else times.delete(key)
      }
      const sorted = expected.toSorted((a, b) => a.atMs - b.atMs)
      expect(times.nextMs()).toBe(sorted[0]?.atMs ?? null)
      for (const { key, atMs } of sorted) {
        expect(times.get(key)).toBe(atMs)
        expect(times.takeDue(atMs - 1)).toBeNull()
        expect(times.takeDue(atMs)).toBe(key)
      }
      expect(times.nextMs()).toBeNull()
    }),
  )
})
