import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotWalk } from './slot-walk.ts'
import { SortedSlots } from './sorted-slots.ts'

/** Slot n arrived as the n-th, or several at once. */
const columns = { arrivalOf: (slot: number) => slot >> 1 }

/** What has to come out: values ascending, equals by arrival, then by slot. */
const inOrder = (entries: Iterable<[slot: number, value: number]>) =>
  [...entries]
    .sort(([a, x], [b, y]) => x - y || columns.arrivalOf(a) - columns.arrivalOf(b) || a - b)
    .map(([slot]) => slot)

function all(index: SortedSlots): number[] {
  const slots: number[] = []
  index.forRange(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (slot) => slots.push(slot))
  return slots
}

/** Few different values, so that runs of equal ones fill several blocks. */
const changes = fc.array(fc.tuple(fc.nat(600), fc.nat(5), fc.boolean()), { maxLength: 900, size: 'max' })

describe('an index of slots', () => {
  it('is in order whatever came and went', () => {
    fc.assert(
      fc.property(changes, (all_) => {
        const index = new SortedSlots(columns)
        const held = new Map<number, number>()
        for (const [slot, value, comes] of all_) {
          const known = held.get(slot)
          if (known !== undefined) {
            expect(index.remove(slot, known)).toBe(true)
            held.delete(slot)
          } else if (comes) {
            index.insert(slot, value)
            held.set(slot, value)
          } else expect(index.remove(slot, value)).toBe(false)
        }
        expect(all(index)).toEqual(inOrder(held))
        expect(index.length).toBe(held.size)
        expect([index.first(), index.last()]).toEqual([inOrder(held)[0] ?? -1, inOrder(held).at(-1) ?? -1])
        for (const bound of [-1, 0, 2, 5]) {
          const above = [...held.values()].filter((value) => value > bound)
          expect(index.firstAbove(bound)).toBe(above.length === 0 ? null : Math.min(...above))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('costs no more where all values are equal', () => {
    const index = new SortedSlots({ arrivalOf: (slot) => slot })
    for (let slot = 0; slot < 20_000; slot++) index.insert((slot * 7919) % 20_000, 1)
    expect(all(index)).toEqual(Array.from({ length: 20_000 }, (_, slot) => slot))
    for (let slot = 0; slot < 20_000; slot += 2) expect(index.remove(slot, 1)).toBe(true)
    expect(index.length).toBe(10_000)
  })
})

describe('a walk', () => {
  it('meets the slots of several indexes by their distance from a value, or from one end', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: -1, max: 6 }), (entries, around) => {
        const held = new Map(entries.map(([slot, value]) => [slot, value]))
        const indexes = [new SortedSlots(columns), new SortedSlots(columns), new SortedSlots(columns)]
        for (const [slot, value] of held) indexes[slot % 3]!.insert(slot, value)
        const walk = new SlotWalk()
        for (const direction of ['nearest', 'ascending', 'descending'] as const) {
          walk.start(indexes, around, direction)
          const met: number[] = []
          for (let slot = walk.next(); slot >= 0; slot = walk.next()) met.push(slot)
          const distance = (slot: number) => {
            const value = held.get(slot)!
            return direction === 'nearest' ? Math.abs(value - around) : direction === 'ascending' ? value : -value
          }
          expect(met.map(distance)).toEqual(met.map(distance).sort((a, b) => a - b))
          expect(met.sort((a, b) => a - b)).toEqual([...held.keys()].sort((a, b) => a - b))
        }
      }),
      { numRuns: 100 },
    )
  })

  it('leaves out the side that was ended', () => {
    const index = new SortedSlots(columns)
    for (let slot = 0; slot < 300; slot++) index.insert(slot, slot)
    const walk = new SlotWalk()
    walk.start([index], 150, 'nearest')
    expect([walk.next(), walk.next(), walk.next()]).toEqual([150, 151, 149])
    walk.end('above')
    expect([walk.next(), walk.next()]).toEqual([148, 147])
  })
})
