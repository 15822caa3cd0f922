import { expect, it } from 'vitest'
import { IdSource, namedUuid } from './ids.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

it('gives the same ids, event ids and numbers for the same seed and position, and others otherwise', () => {
  const draw = (seed: string, position: number) => {
    const ids = new IdSource(seed, position)
    return [ids.newId(), ids.newId(), ids.eventId(0), ids.eventId(1), ids.random(), ids.random()]
  }
  expect(draw('seed', 7)).toEqual(draw('seed', 7))
  const all = [draw('seed', 7), draw('seed', 8), draw('seed', 7 + 2 ** 32), draw('sees', 7), draw('', 7)].flat()
  expect(new Set(all).size).toBe(all.length)
})

it('gives well-formed UUIDs without a collision, each bit set about half of the time', () => {
  const seen = new Set<string>()
  const ones = new Array<number>(128).fill(0)
  const count = 20_000
  for (let position = 1; seen.size < count; position++) {
    const ids = new IdSource('seed', position)
    for (let i = 0; i < 4; i++) {
      const id = ids.newId()
      expect(id).toMatch(UUID)
      seen.add(id)
      const bits = BigInt(`0x${id.replaceAll('-', '')}`)
      for (let bit = 0; bit < 128; bit++) if ((bits >> BigInt(bit)) & 1n) ones[bit]!++
    }
    expect(seen.size).toBe(position * 4)
  }
  const shares = ones.map((n) => n / count)
  const fixed = shares.filter((share) => share === 0 || share === 1)
  expect(fixed).toHaveLength(6)
  for (const share of shares) if (share > 0 && share < 1) expect(Math.abs(share - 0.5)).toBeLessThan(0.03)
})

it('changes every bit half of the time from one id to the next, and from one position to the next', () => {
  const bitsOf = (id: string) => BigInt(`0x${id.replaceAll('-', '')}`)
  const flips = new Array<number>(128).fill(0)
  const count = 4000
  const compare = (a: string, b: string) => {
    const changed = bitsOf(a) ^ bitsOf(b)
    for (let bit = 0; bit < 128; bit++) if ((changed >> BigInt(bit)) & 1n) flips[bit]!++
  }
  for (let position = 1; position <= count / 2; position++) {
    const ids = new IdSource('seed', position)
    const first = ids.newId()
    compare(first, ids.newId())
    compare(first, new IdSource('seed', position + 1).newId())
  }
  const shares = flips.map((n) => n / count).filter((share) => share > 0)
  expect(shares).toHaveLength(122)
  for (const share of shares) expect(Math.abs(share - 0.5)).toBeLessThan(0.05)
})

it('gives uniform numbers below 1', () => {
  const ids = new IdSource('seed', 1)
  const numbers = Array.from({ length: 10_000 }, () => ids.random())
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
})

it('names things by seed and name', () => {
  expect(namedUuid('a', 'fleet')).toMatch(UUID)
  expect(namedUuid('a', 'fleet')).not.toBe(namedUuid('b', 'fleet'))
  expect(namedUuid('ab', 'c')).not.toBe(namedUuid('a', 'bc'))
})
