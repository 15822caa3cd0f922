/**
 * Ids and random numbers as a pure function of (seed, journal position, counter): a replay gives the same ones.
 *
 * The mixer is a sponge over four 32-bit words. Its step is the ChaCha quarter round, a bijection on the 128 bits, so
 * two counters of one entry can never meet before the six fixed bits of a UUID are set.
 */

const ROUNDS = 8
const START = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const

type Words = Uint32Array

function permute(s: Words): void {
  let a = s[0]!
  let b = s[1]!
  let c = s[2]!
  let d = s[3]!
  for (let round = 0; round < ROUNDS; round++) {
    a = (a + b + round) | 0
    d ^= a
    d = (d << 16) | (d >>> 16)
    c = (c + d) | 0
    b ^= c
    b = (b << 12) | (b >>> 20)
    a = (a + b) | 0
    d ^= a
    d = (d << 8) | (d >>> 24)
    c = (c + d) | 0
    b ^= c
    b = (b << 7) | (b >>> 25)
  }
  s[0] = a
  s[1] = b
  s[2] = c
  s[3] = d
}

function absorb(s: Words, word: number): void {
  s[0] = s[0]! ^ word
  permute(s)
}

function absorbText(s: Words, text: string): void {
  for (let i = 0; i < text.length; i += 2) absorb(s, text.charCodeAt(i) | ((text.charCodeAt(i + 1) || 0) << 16))
  absorb(s, text.length)
}

function absorbCount(s: Words, count: number): void {
  absorb(s, count >>> 0)
  absorb(s, Math.floor(count / 2 ** 32) >>> 0)
}

function seeded(seed: string): Words {
  const s = Uint32Array.from(START)
  absorbText(s, seed)
  return s
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}

function toUuid(s: Words): string {
  const high = (s[1]! & 0xffff0fff) | 0x00004000
  const low = (s[2]! & 0x3fffffff) | 0x80000000
  const b = hex(high >>> 0)
  const c = hex(low >>> 0)
  return `${hex(s[0]!)}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${hex(s[3]!)}`
}

/** A UUID that depends on nothing but the seed and a name: the emulated fleet, for example. */
export function namedUuid(seed: string, name: string): string {
  const s = seeded(seed)
  absorbText(s, name)
  return toUuid(s)
}

const ID = 0
const EVENT = 1
const RANDOM = 2

/** What one journal entry draws its ids and random numbers from. */
export interface IdSource {
  /** A new UUID: the first, second, … of this entry. */
  newId(): string
  /** The id of the entry's event with this index. */
  eventId(index: number): string
  /** Uniform in [0, 1), 53 bits. */
  random(): number
}

export function createIdSource(seed: string, position: number): IdSource {
  const base = seeded(seed)
  absorbCount(base, position)
  const draw = (kind: number, count: number) => {
    const s = Uint32Array.from(base)
    absorb(s, kind)
    absorbCount(s, count)
    return s
  }
  let ids = 0
  let numbers = 0
  return {
    newId: () => toUuid(draw(ID, ids++)),
    eventId: (index) => toUuid(draw(EVENT, index)),
    random: () => {
      const s = draw(RANDOM, numbers++)
      return ((s[0]! >>> 5) * 2 ** 26 + (s[1]! >>> 6)) / 2 ** 53
    },
  }
}
