/**
 * What the columns say of a set that is being gathered: how far its spreads reach, which values, regions and strings all
 * of its tickets have. Whether a ticket can join is a few comparisons of numbers.
 */
import type { RuleCounts } from './rule-counts.ts'
import type { StageLimits } from './search-plan.ts'
import type { WaitingPool } from './waiting-pool.ts'

export class ColumnBounds {
  readonly #pool: WaitingPool
  readonly #lows: Float64Array
  readonly #highs: Float64Array
  readonly #codes: Int32Array
  readonly #masks: Int32Array
  readonly #lists: Int32Array
  #limits: StageLimits
  #counts: RuleCounts

  constructor(pool: WaitingPool, limits: StageLimits, counts: RuleCounts) {
    const { spreads, equals, maxLatencies, shared } = pool.plan
    this.#pool = pool
    this.#limits = limits
    this.#counts = counts
    this.#lows = new Float64Array(spreads.length)
    this.#highs = new Float64Array(spreads.length)
    this.#codes = new Int32Array(equals.length)
    this.#masks = new Int32Array(maxLatencies.length)
    this.#lists = new Int32Array(shared.length)
  }

  /** Of an empty set, which everybody can join. */
  begin(limits: StageLimits, counts: RuleCounts): void {
    this.#limits = limits
    this.#counts = counts
    // Loops: for a few places each, `fill` costs more.
    for (let check = 0; check < this.#lows.length; check++) {
      this.#lows[check] = Number.POSITIVE_INFINITY
      this.#highs[check] = Number.NEGATIVE_INFINITY
    }
    for (let check = 0; check < this.#codes.length; check++) this.#codes[check] = 0
    for (let column = 0; column < this.#masks.length; column++) this.#masks[column] = -1
    for (let check = 0; check < this.#lists.length; check++) this.#lists[check] = -1
  }

  /** Nobody below `low` in the first spread, nor above the widest match that begins there. */
  startSpreadAt(low: number): void {
    this.#lows[0] = low
    this.#highs[0] = low + this.#limits.spreads[0]!
  }

  /** Of a list attribute, everybody has to have the string of this bit. */
  askFor(list: number, bit: number): void {
    this.#lists[list] = bit
  }

  /** On which side of the set a ticket is too far in a spread: with who is beyond it, it is the same. */
  tooFar(slot: number, check: number): 'above' | 'below' | null {
    const low = this.#pool.rows[slot * this.#pool.layout.stride + this.#pool.layout.bounds + 2 * check]!
    const bound = this.#limits.spreads[check]!
    if (low - this.#lows[check]! > bound) return 'above'
    return this.#highs[check]! - low > bound ? 'below' : null
  }

  /** Whether the columns let the ticket join the set. */
  fits(slot: number, region: number | null): boolean {
    const { rows, layout, exactLists } = this.#pool
    const at = slot * layout.stride
    const { spreads, equals, shared, regionColumn } = this.#pool.plan
    const { passed, failed } = this.#counts
    for (let check = 0; check < spreads.length; check++) {
      const low = Math.min(rows[at + layout.bounds + 2 * check]!, this.#lows[check]!)
      const high = Math.max(rows[at + layout.bounds + 2 * check + 1]!, this.#highs[check]!)
      const { rule } = spreads[check]!
      if (high - low > this.#limits.spreads[check]!) {
        failed[rule]!++
        return false
      }
      passed[rule]!++
    }
    for (let check = 0; check < equals.length; check++) {
      const code = rows[at + layout.codes + check]!
      const { rule } = equals[check]!
      if (code === -1 || (code !== 0 && this.#codes[check] !== 0 && code !== this.#codes[check])) {
        failed[rule]!++
        return false
      }
      passed[rule]!++
    }
    const { latencyColumns, options } = this.#pool.plan.plan
    for (let column = 0; column < latencyColumns.length; column++) {
      const { enforced, rule } = latencyColumns[column]!
      if (!enforced) continue
      const own = rows[at + layout.masks[column]! + this.#limits.maskVariants[column]!]! | 0
      let left = options.latency.requireCommonRegion ? own & this.#masks[column]! : own
      if (column === regionColumn && region !== null) left &= 1 << region
      if (left === 0) {
        failed[rule]!++
        return false
      }
      passed[rule]!++
    }
    for (let check = 0; check < shared.length; check++) {
      const left = this.#lists[check]! & rows[at + layout.lists + check]!
      const count = this.#limits.sharedCounts[check]!
      const { rule } = shared[check]!
      if (exactLists ? bitCount(left) < count : count > 0 && left === 0) {
        failed[rule]!++
        return false
      }
      passed[rule]!++
    }
    return true
  }

  join(slot: number): void {
    const { rows, layout } = this.#pool
    const at = slot * layout.stride
    for (let check = 0; check < this.#lows.length; check++) {
      const bound = at + layout.bounds + 2 * check
      this.#lows[check] = Math.min(this.#lows[check]!, rows[bound]!)
      this.#highs[check] = Math.max(this.#highs[check]!, rows[bound + 1]!)
    }
    for (let check = 0; check < this.#codes.length; check++) this.#codes[check] ||= rows[at + layout.codes + check]!
    for (let column = 0; column < this.#masks.length; column++) {
      this.#masks[column]! &= rows[at + layout.masks[column]! + this.#limits.maskVariants[column]!]!
    }
    for (let check = 0; check < this.#lists.length; check++) this.#lists[check]! &= rows[at + layout.lists + check]!
  }
}

function bitCount(mask: number): number {
  let count = 0
  for (let left = mask; left !== 0; left &= left - 1) count++
  return count
}
