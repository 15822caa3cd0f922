/**
 * How fast it could be if there were nothing but this one kind of rule set: tickets in typed arrays, sorted by skill for
 * each region (and mode), live neighbours linked, the oldest ticket first and the tightest match around it. It keeps no
 * status, emits nothing and reads no rule language; the engine is measured against it.
 */
import { type Columns, MODE_COUNT, REGIONS } from '../workload/columns.ts'
import type { Shape } from '../workload/rule-set-bodies.ts'

/** Where a common map is asked for, so many neighbours are looked at on each side. */
const LOOK = 64
const MOST_SKILL = 3000

/** The tickets of one region and mode in order of skill, as a list from which tickets are taken. */
interface Lane {
  ticketAt: Int32Array
  skillAt: Int32Array
  next: Int32Array
  previous: Int32Array
}

/** Ticket indices, `2 * teamSize` per match, the first half on the first team. Single players, whole skills to 3000. */
export function drainByArrays(columns: Columns, shape: Shape): Int32Array {
  const { count, skill, mode, maps } = columns
  const { teamSize, maxSpread, maxImbalance, sameModeAndMap } = shape
  const size = 2 * teamSize
  const modes = sameModeAndMap ? MODE_COUNT : 1
  const near = regionBits(columns, shape.maxLatencyMs)
  const place = new Int32Array(count * REGIONS.length)
  const lanes: Lane[] = []
  for (let region = 0; region < REGIONS.length; region++) {
    for (let only = 0; only < modes; only++) lanes.push(makeLane(columns, near, region, modes > 1 ? only : -1, place))
  }
  const laneOf = (region: number, ticket: number) => lanes[region * modes + (modes > 1 ? mode[ticket]! : 0)]!

  const matches = new Int32Array(count)
  const taken = new Uint8Array(count)
  const around = new Int32Array(2 * size)
  const chosen = new Int32Array(size)
  const best = new Int32Array(size)
  let length = 0
  for (let anchor = 0; anchor < count; anchor++) {
    if (taken[anchor] === 1) continue
    let bestSpread = Infinity
    for (let region = 0; region < REGIONS.length; region++) {
      if (((near[anchor]! >> region) & 1) === 0) continue
      const lane = laneOf(region, anchor)
      const at = place[region * count + anchor]!
      const spread = sameModeAndMap
        ? nearestWithMap(lane, at, size, maxSpread, maps, chosen)
        : tightest(lane, at, size, maxSpread, around, chosen)
      if (spread >= bestSpread) continue
      bestSpread = spread
      best.set(chosen)
    }
    if (bestSpread > maxSpread || !deal(best, skill, teamSize, maxImbalance, matches, length)) continue
    for (let member = length; member < length + size; member++) {
      const ticket = matches[member]!
      taken[ticket] = 1
      for (let region = 0; region < REGIONS.length; region++) {
        if (((near[ticket]! >> region) & 1) === 1) unlink(laneOf(region, ticket), place[region * count + ticket]!)
      }
    }
    length += size
  }
  return matches.subarray(0, length)
}

/** Bit r: region r is near enough. */
function regionBits({ count, latencyMs }: Columns, maxLatencyMs: number): Uint8Array {
  const bits = new Uint8Array(count)
  for (let ticket = 0; ticket < count; ticket++) {
    for (let region = 0; region < REGIONS.length; region++) {
      if (latencyMs[ticket * REGIONS.length + region]! <= maxLatencyMs) bits[ticket]! |= 1 << region
    }
  }
  return bits
}

/** Counting sort; equal skills stay in order of age. `only` -1: all modes. */
function makeLane(columns: Columns, near: Uint8Array, region: number, only: number, place: Int32Array): Lane {
  const { count, skill, mode } = columns
  const members = new Int32Array(count)
  const starts = new Int32Array(MOST_SKILL + 2)
  let length = 0
  for (let ticket = 0; ticket < count; ticket++) {
    if (((near[ticket]! >> region) & 1) === 0 || (only >= 0 && mode[ticket] !== only)) continue
    members[length++] = ticket
    starts[skill[ticket]! + 1]!++
  }
  for (let value = 1; value < starts.length; value++) starts[value]! += starts[value - 1]!
  const ticketAt = new Int32Array(length)
  const skillAt = new Int32Array(length)
  const next = new Int32Array(length)
  const previous = new Int32Array(length)
  for (let member = 0; member < length; member++) {
    const ticket = members[member]!
    const at = starts[skill[ticket]!]!++
    ticketAt[at] = ticket
    skillAt[at] = skill[ticket]!
    next[at] = at + 1 < length ? at + 1 : -1
    previous[at] = at - 1
    place[region * count + ticket] = at
  }
  return { ticketAt, skillAt, next, previous }
}

/** The `size` neighbours with the smallest spread among all that hold `at`; Infinity when there are none. */
function tightest(
  lane: Lane,
  at: number,
  size: number,
  maxSpread: number,
  around: Int32Array,
  into: Int32Array,
): number {
  const { skillAt, next, previous, ticketAt } = lane
  const skill = skillAt[at]!
  let low = size
  let high = size + 1
  around[size] = at
  for (let one = previous[at]!; one >= 0 && size - low < size - 1 && skill - skillAt[one]! <= maxSpread; ) {
    around[--low] = one
    one = previous[one]!
  }
  for (let one = next[at]!; one >= 0 && high - size < size && skillAt[one]! - skill <= maxSpread; ) {
    around[high++] = one
    one = next[one]!
  }
  let best = Infinity
  let bestFrom = 0
  for (let from = low; from <= size && from + size <= high; from++) {
    const spread = skillAt[around[from + size - 1]!]! - skillAt[around[from]!]!
    if (spread >= best) continue
    best = spread
    bestFrom = from
  }
  if (best <= maxSpread)
    for (let member = 0; member < size; member++) into[member] = ticketAt[around[bestFrom + member]!]!
  return best
}

/** Neighbours that leave a common map, the nearest first, into `into` in order of skill. Their spread, or Infinity. */
function nearestWithMap(
  lane: Lane,
  at: number,
  size: number,
  maxSpread: number,
  maps: Uint8Array,
  into: Int32Array,
): number {
  const { skillAt, next, previous, ticketAt } = lane
  const skill = skillAt[at]!
  let below = previous[at]!
  let above = next[at]!
  let lowest = skill
  let highest = skill
  let common = maps[ticketAt[at]!]!
  let picked = 1
  into[0] = ticketAt[at]!
  for (let looked = 0; looked < 2 * LOOK && picked < size; looked++) {
    const toBelow = below < 0 ? Infinity : skill - skillAt[below]!
    const toAbove = above < 0 ? Infinity : skillAt[above]! - skill
    if (toBelow === Infinity && toAbove === Infinity) return Infinity
    const one = toBelow <= toAbove ? below : above
    if (one === below) below = previous[below]!
    else above = next[above]!
    const spread = one < at ? highest - skillAt[one]! : skillAt[one]! - lowest
    if (spread > maxSpread) return Infinity
    const ticket = ticketAt[one]!
    if ((common & maps[ticket]!) === 0) continue
    common &= maps[ticket]!
    if (one < at) {
      lowest = skillAt[one]!
      into.copyWithin(1, 0, picked)
      into[0] = ticket
    } else {
      highest = skillAt[one]!
      into[picked] = ticket
    }
    picked++
  }
  return picked === size ? highest - lowest : Infinity
}

/** Neighbours in skill go to alternate teams, in the order A B B A. False when that does not balance them. */
function deal(
  chosen: Int32Array,
  skill: Float64Array,
  teamSize: number,
  maxImbalance: number,
  into: Int32Array,
  at: number,
): boolean {
  let first = 0
  let second = 0
  let difference = 0
  for (let place = 0; place < 2 * teamSize; place++) {
    const turn = place & 3
    const ticket = chosen[place]!
    if (((turn === 0 || turn === 3) && first < teamSize) || second === teamSize) {
      into[at + first++] = ticket
      difference += skill[ticket]!
    } else {
      into[at + teamSize + second++] = ticket
      difference -= skill[ticket]!
    }
  }
  // Each average is as far from the common one as the other: half of their difference.
  return Math.abs(difference) / teamSize / 2 <= maxImbalance
}

function unlink({ next, previous }: Lane, at: number): void {
  const before = previous[at]!
  const after = next[at]!
  if (before >= 0) next[before] = after
  if (after >= 0) previous[after] = before
}
