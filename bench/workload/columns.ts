/** Seeded tickets in columns: the same numbers on every machine and in every process. */

export const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1'] as const
export const MAPS = ['abbey', 'basin', 'canyon', 'delta', 'estuary', 'forge', 'gorge', 'harbor'] as const
/** Where a ticket's mode is just one of a few; see `clumps` and `crowds` for others. */
export const MODE_COUNT = 3
const SEED = 20_260_203
/** Waiting tickets of one clump or crowd; with one more of the nine that a match of ten then still lacks one. */
const GROUP = 8
const CLUMP_GAP = 1000
const CLUMP_WIDTH = 90

/** One ticket per index, the oldest first. All players of a ticket are alike. */
export interface Columns {
  count: number
  /** Number of the first ticket: the same tickets again, under new ids, count on from another one. */
  first: number
  /** Players of the ticket. */
  size: Uint8Array
  skill: Float64Array
  /** `REGIONS.length` values per ticket: 20 to 60 ms in the home region, 120 to 250 ms in the others. */
  latencyMs: Uint16Array
  /** Number of the game mode. */
  mode: Uint32Array
  /** Bit i: would play MAPS[i]. Never 0. */
  maps: Uint8Array
}

/** Single players; skill normal around 1500 with a deviation of 300, whole, 0 to 3000. */
export function singles(count: number): Columns {
  const random = seededRandom(SEED)
  const columns = emptyColumns(count)
  for (let ticket = 0; ticket < count; ticket++) {
    columns.size[ticket] = 1
    columns.skill[ticket] = drawnSkill(random)
    placeNear(columns, ticket, Math.floor(random() * REGIONS.length), random)
    columns.mode[ticket] = Math.floor(random() * MODE_COUNT)
    columns.maps[ticket] = 1 + Math.floor(random() * 255)
  }
  return columns
}

/** The same players, most of them alone: parties of 1 to 5 in the shares 60, 20, 10, 5 and 5 %. */
export function parties(count: number): Columns {
  const columns = singles(count)
  const random = seededRandom(SEED + 1)
  for (let ticket = 0; ticket < count; ticket++) {
    const drawn = random()
    columns.size[ticket] = drawn < 0.6 ? 1 : drawn < 0.8 ? 2 : drawn < 0.9 ? 3 : drawn < 0.95 ? 4 : 5
  }
  return columns
}

/**
 * Groups of eight, near each other in skill and region and far from all others, in a mixed order. `arrivals` more tickets
 * at the end bring one group each to nine. Every ticket has eight others that suit it, and none has the nine it needs.
 */
export function clumps(count: number, arrivals = 0): Columns {
  const random = seededRandom(SEED + 2)
  const columns = emptyColumns(count)
  const waiting = count - arrivals
  const order = shuffled(waiting, random)
  for (let ticket = 0; ticket < count; ticket++) {
    const clump = ticket < waiting ? Math.floor(order[ticket]! / GROUP) : ticket - waiting
    columns.size[ticket] = 1
    columns.skill[ticket] = clump * CLUMP_GAP + Math.floor(random() * CLUMP_WIDTH)
    placeNear(columns, ticket, clump % REGIONS.length, random)
    columns.mode[ticket] = 0
    columns.maps[ticket] = 255
  }
  return columns
}

/** Groups of eight as in `clumps`, told apart by a game mode of their own only: in skill all stand in one dense crowd. */
export function crowds(count: number, arrivals = 0): Columns {
  const columns = clumps(count, arrivals)
  const random = seededRandom(SEED + 3)
  for (let ticket = 0; ticket < count; ticket++) {
    columns.mode[ticket] = columns.skill[ticket]! / CLUMP_GAP
    // Within a group half a standard deviation at most, so that skill alone would let each match thousands.
    columns.skill[ticket] = 1500 + Math.floor(random() * 150)
  }
  return columns
}

function emptyColumns(count: number): Columns {
  return {
    count,
    first: 0,
    size: new Uint8Array(count),
    skill: new Float64Array(count),
    latencyMs: new Uint16Array(count * REGIONS.length),
    mode: new Uint32Array(count),
    maps: new Uint8Array(count),
  }
}

function drawnSkill(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.min(3000, Math.max(0, Math.round(1500 + 300 * normal)))
}

function placeNear({ latencyMs }: Columns, ticket: number, home: number, random: () => number): void {
  for (let region = 0; region < REGIONS.length; region++) {
    latencyMs[ticket * REGIONS.length + region] = region === home ? 20 + random() * 40 : 120 + random() * 130
  }
}

function shuffled(count: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index)
  for (let left = count - 1; left > 0; left--) {
    const other = Math.floor(random() * (left + 1))
    const kept = order[left]!
    order[left] = order[other]!
    order[other] = kept
  }
  return order
}

/** Uniform in [0, 1): a 32-bit xorshift, good enough to draw players with. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
