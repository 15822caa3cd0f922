/** Whether parties of given sizes can fill teams at all: asked before every combination of them is tried. */
import type { TeamSize } from './stages.ts'

/** Players of one new ticket. */
const MOST_PARTY = 10
/** The most players of a team that the bits of one number tell apart. */
const MOST_SUM = 20

/**
 * Whether tickets of these sizes add up to a number of players that each team can have, with one ticket of `own` players
 * on one of them. `bySize[n]` tickets have n players. True also where the sums are too many to tell.
 */
export function canFill(teams: readonly TeamSize[], bySize: ArrayLike<number>, own: number): boolean {
  // Backfills have players on several teams already, more than a party, or none.
  if (own > MOST_PARTY || bySize[0]! > 0) return true
  for (let size = MOST_PARTY + 1; size < bySize.length; size++) if (bySize[size]! > 0) return true
  let fitting = 0
  let needing = 0
  let needingFit = 0
  for (const { min, max } of teams) {
    if (max > MOST_SUM) return true
    const sums = sumsOf(bySize, max)
    const withOwn = hasBitWithin(sums, min - own, max - own)
    const without = hasBitWithin(sums, min, max)
    if (withOwn) fitting++
    if (without) continue
    needing++
    if (withOwn) needingFit++
  }
  // The one ticket can stand on one team only.
  return needing === 0 ? fitting > 0 : needing === 1 && needingFit === 1
}

/** Bit n: some of the tickets together have n players. */
function sumsOf(bySize: ArrayLike<number>, most: number): number {
  let sums = 1
  for (let size = 1; size <= MOST_PARTY; size++) {
    for (let count = Math.min(bySize[size]!, Math.floor(most / size)); count > 0; count--) sums |= sums << size
  }
  return sums
}

function hasBitWithin(bits: number, from: number, to: number): boolean {
  for (let bit = Math.max(0, from); bit <= to; bit++) if ((bits & (1 << bit)) !== 0) return true
  return false
}
