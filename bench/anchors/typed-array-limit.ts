/**
 * How fast it could be if there were nothing but this one kind of rule set: tickets by region, sorted by skill, in typed
 * arrays. It keeps no status, emits nothing and reads no rule language; the engine is measured against it.
 */
import { type Columns, REGIONS, type Shape } from '../workload.ts'

/** Ticket indices, `2 * teamSize` per match, the first half on the first team. */
export function drainByArrays({ count, skill, latencyMs, mode, maps }: Columns, shape: Shape): Int32Array {
  const { teamSize, maxSpread, maxLatencyMs, maxImbalance, sameModeAndMap } = shape
  const size = 2 * teamSize
  const matches = new Int32Array(count)
  const taken = new Uint8Array(count)
  const chosen = new Int32Array(size)
  let length = 0
  for (let region = 0; region < REGIONS.length; region++) {
    // With game modes, every mode is a lane of its own: the same equality the rule asks for.
    for (let lane = 0; lane < (sameModeAndMap ? 3 : 1); lane++) {
      const members = new Int32Array(count)
      let waiting = 0
      for (let ticket = 0; ticket < count; ticket++) {
        if (taken[ticket] === 1 || latencyMs[ticket * REGIONS.length + region]! > maxLatencyMs) continue
        if (!sameModeAndMap || mode[ticket] === lane) members[waiting++] = ticket
      }
      const bySkill = sortedBySkill(members.subarray(0, waiting), skill)
      let start = 0
      while (start + size <= waiting) {
        const low = skill[bySkill[start]!]!
        let common = 255
        let picked = 0
        for (let at = start; at < waiting && picked < size; at++) {
          const ticket = bySkill[at]!
          if (skill[ticket]! - low > maxSpread) break
          if (taken[ticket] === 1) continue
          if (sameModeAndMap) {
            if ((common & maps[ticket]!) === 0) continue
            common &= maps[ticket]!
          }
          chosen[picked++] = ticket
        }
        if (picked === size && deal(chosen, skill, teamSize, maxImbalance, matches, length)) {
          length += size
          for (let member = 0; member < size; member++) taken[chosen[member]!] = 1
        } else {
          start++
        }
        while (start < waiting && taken[bySkill[start]!] === 1) start++
      }
    }
  }
  return matches.subarray(0, length)
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
  const sides = [0, teamSize]
  const sums = [0, 0]
  for (let place = 0; place < 2 * teamSize; place++) {
    const turn = place & 3
    let side = turn === 0 || turn === 3 ? 0 : 1
    if (sides[side]! - side * teamSize === teamSize) side = 1 - side
    into[at + sides[side]!] = chosen[place]!
    sides[side]!++
    sums[side]! += skill[chosen[place]!]!
  }
  // Each average is as far from the common one as the other: half of their difference.
  return Math.abs(sums[0]! - sums[1]!) / teamSize / 2 <= maxImbalance
}

/** Counting sort: skill is a whole number from 0 to 3000. Equal skills stay in order of age. */
function sortedBySkill(members: Int32Array, skill: Float64Array): Int32Array {
  const places = new Int32Array(3002)
  for (const ticket of members) places[skill[ticket]! + 1]!++
  for (let value = 1; value < places.length; value++) places[value]! += places[value - 1]!
  const sorted = new Int32Array(members.length)
  for (const ticket of members) sorted[places[skill[ticket]!]!++] = ticket
  return sorted
}
