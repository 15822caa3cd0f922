/**
 * The quick search around one anchor: candidates in the order of the index, each taken when it fits, then the set tested
 * whole. Most matches are found here, with a few comparisons of numbers per candidate.
 */
import { GatheredSet } from './gathered-set.ts'
import { canFill } from './party-sums.ts'
import { RuleCounts } from './rule-counts.ts'
import type { SearchPlan, StageLimits } from './search-plan.ts'
import { SlotWalk } from './slot-walk.ts'
import type { SortedSlots } from './sorted-slots.ts'
import { stageOf } from './stages.ts'
import type { WaitingPool } from './waiting-pool.ts'

/** Candidates looked at per walk: who has to look further than this is in a crowd that does not suit. */
const MOST_SCANNED = 1024
/** Regions tried per anchor. */
const MOST_REGIONS = 8
/** Where the anchor stands in the spread of a match, when the nearest candidates on both sides are too far apart. */
const WINDOWS = [0, 1, 0.5, 0.25, 0.75]

/** Narrows a set before it is gathered. */
type Narrowing = (() => void) | null

export class GreedySearch {
  /** After a search without a match: whether there could be one that it does not see. */
  mayMiss = false
  readonly #pool: WaitingPool
  readonly #plan: SearchPlan
  readonly #set: GatheredSet
  readonly #walk = new SlotWalk()
  readonly #indexes: SortedSlots[] = []
  /** The candidates, in place of the index. */
  #list: readonly number[] | null = null
  #listPlace = 0
  #anchor = -1
  #nowMs = 0
  #turn = 0
  #stage = 0
  #limits: StageLimits
  #counts: RuleCounts
  /** For what has been asked, and counted, already. */
  readonly #uncounted: RuleCounts
  /** Candidates by their number of players. */
  readonly #bySize = new Uint16Array(256)
  readonly #isOfStage = () =>
    this.#plan.stageCount === 1 || this.members.some((slot) => this.#stageOf(slot) === this.#stage)

  constructor(pool: WaitingPool, counts: RuleCounts) {
    this.#pool = pool
    this.#plan = pool.plan
    this.#counts = counts
    this.#uncounted = new RuleCounts(pool.plan.plan.ruleSet.rules.length)
    this.#set = new GatheredSet(pool, counts)
    this.#limits = pool.plan.limits(0, true, true)
  }

  /** The set found last: slots in the order they joined, and the team of each. */
  get members(): readonly number[] {
    return this.#set.members
  }

  get teams(): readonly number[] {
    return this.#set.teams
  }

  /** Evaluations done since it was asked last. */
  takeWork(): number {
    const { work } = this.#set
    this.#set.work = 0
    return work
  }

  /**
   * `turn` breaks ties between teams. `small`: candidates are all tickets in the order of the pool, instead of those of
   * the index. True when a legal set was found; when not, `mayMiss` says whether a search of every combination could
   * still find one.
   */
  find(anchor: number, nowMs: number, turn: number, counts: RuleCounts, small: boolean): boolean {
    this.#anchor = anchor
    this.#nowMs = nowMs
    this.#turn = turn
    this.#counts = counts
    this.mayMiss = false
    const pool = this.#pool
    const plan = this.#plan
    this.#list = small ? pool.all() : pool.isIndexed(anchor) ? null : pool.someOfAll(MOST_SCANNED)
    const own = this.#stageOf(anchor)
    const { byAge } = pool
    // A set is as old as its newest ticket (or its oldest). One round per stage that a set with the anchor can have.
    const first = plan.newest && byAge ? this.#stageOf(byAge.last()) : own
    const last = plan.newest || !byAge ? own : this.#stageOf(byAge.first())
    for (let stage = first; stage <= last; stage++) {
      this.#stage = stage
      this.#limits = plan.limits(stage, pool.exactRegions, pool.exactLists)
      if (this.#findAtStage()) return true
    }
    return false
  }

  #stageOf(slot: number): number {
    if (this.#plan.stageCount === 1) return 0
    return stageOf(this.#nowMs - this.#pool.startOf(slot), this.#plan.plan.stageAgesMs)
  }

  #findAtStage(): boolean {
    const pool = this.#pool
    if (this.#list !== null || !pool.isSplitByRegion) return this.#findIn(null)
    const { regionColumn } = this.#plan
    const variant = pool.layout.masks[regionColumn]! + this.#limits.maskVariants[regionColumn]!
    const mask = this.#numberOf(this.#anchor, variant) | 0
    // One region: no list of them is needed.
    if ((mask & (mask - 1)) === 0) return mask !== 0 && this.#findIn(31 - Math.clz32(mask))
    let tried = 0
    for (const region of pool.regionsByPopulation(this.#anchor, mask)) {
      if (this.#findIn(region)) return true
      if (++tried === MOST_REGIONS) break
    }
    return false
  }

  /** First as it comes; where there are players enough, within narrower bounds that suit other sets. */
  #findIn(region: number | null): boolean {
    if (this.#attempt(region, null)) return true
    if (!this.#hasEnough(region)) return false
    if (this.#list !== null) return false
    const { bounds } = this.#set
    const { layout } = this.#pool
    if (this.#plan.indexBy.spread >= 0) {
      const low = this.#numberOf(this.#anchor, layout.bounds)
      for (const part of WINDOWS) {
        const start = low - part * this.#limits.spreads[0]!
        if (this.#attempt(region, () => bounds.startSpreadAt(start))) return true
      }
    }
    for (let list = 0; list < this.#plan.shared.length; list++) {
      const mask = this.#numberOf(this.#anchor, layout.lists + list) | 0
      if (mask === -1) continue
      for (let left = mask; left !== 0; left &= left - 1) {
        const bit = left & -left
        if (this.#attempt(region, () => bounds.askFor(list, bit))) return true
      }
    }
    return false
  }

  #attempt(region: number | null, narrow: Narrowing): boolean {
    const set = this.#set
    set.begin(this.#limits, this.#counts, this.#turn)
    narrow?.()
    if (!set.tryAdd(this.#anchor, region)) return false
    this.#startWalk(region)
    const closing = this.#list === null ? this.#plan.indexBy.spread : -1
    const stages = this.#plan.stageCount > 1
    let scanned = 0
    while (set.total < this.#limits.cap) {
      const slot = this.#next()
      if (slot < 0) break
      if (slot === this.#anchor) continue
      if (scanned++ === MOST_SCANNED) {
        this.mayMiss = true
        break
      }
      if (stages && this.#isOfOtherStage(slot)) continue
      if (closing >= 0 && this.#closes(slot, closing)) continue
      set.tryAdd(slot, region)
    }
    set.work += scanned
    if (set.total < this.#limits.leastPlayers) return false
    this.mayMiss = true
    return set.settle(this.#isOfStage)
  }

  /** Whether those who could join the anchor are players enough for a match at all, and of sizes that fill teams. */
  #hasEnough(region: number | null): boolean {
    const pool = this.#pool
    const closing = this.#list === null ? this.#plan.indexBy.spread : -1
    const own = closing < 0 ? 0 : this.#numberOf(this.#anchor, pool.layout.bounds + 2 * closing)
    const bound = closing < 0 ? 0 : this.#limits.spreads[closing]!
    const ownSize = pool.players[this.#anchor]!
    const { leastPlayers } = this.#limits
    const anchorFills = pool.isBackfill(this.#anchor)
    let players = ownSize
    let parties = ownSize !== 1
    /** Of the backfills only one can be in the match: the largest, and -1 while there is none. */
    let filled = -1
    this.#bySize.fill(0)
    this.#startWalk(region)
    let scanned = 0
    for (; scanned < MOST_SCANNED; scanned++) {
      const slot = this.#next()
      if (slot < 0) break
      if (slot === this.#anchor) continue
      if (closing >= 0) {
        const low = this.#numberOf(slot, pool.layout.bounds + 2 * closing)
        if (low - own > bound || own - low > bound) {
          this.#walk.end(low > own ? 'above' : 'below')
          continue
        }
      }
      if (!pool.couldJoin(this.#anchor, slot, this.#uncounted)) continue
      const size = pool.players[slot]!
      if (pool.isBackfill(slot)) {
        if (!anchorFills) filled = Math.max(filled, size)
        continue
      }
      players += size
      parties ||= size !== 1
      this.#bySize[size]!++
      if (players >= leastPlayers && !parties) break
    }
    this.#set.work += scanned
    if (players + Math.max(0, filled) < leastPlayers) return false
    const mixed = anchorFills || filled >= 0
    if (parties && !mixed && !canFill(this.#limits.teams, this.#bySize, ownSize)) return false
    // Who fits with whom, and on which team, is for the search of every combination.
    if (parties || mixed || this.#limits.pruning.length > 0 || this.#list !== null) this.mayMiss = true
    return true
  }

  #startWalk(region: number | null): void {
    this.#listPlace = 0
    if (this.#list !== null) return
    this.#pool.candidates(this.#anchor, region, this.#indexes)
    this.#walk.start(this.#indexes, this.#pool.indexOf(this.#anchor), this.#plan.indexBy.direction)
  }

  #next(): number {
    return this.#list === null ? this.#walk.next() : (this.#list[this.#listPlace++] ?? -1)
  }

  /** On a walk along a spread: beyond the first that is too far, everybody is. */
  #closes(slot: number, check: number): boolean {
    const side = this.#set.bounds.tooFar(slot, check)
    if (side === null) return false
    this.#walk.end(side)
    this.#counts.failed[this.#plan.spreads[check]!.rule]!++
    return true
  }

  /** Too young, or too old, for a set of the present stage. */
  #isOfOtherStage(slot: number): boolean {
    const own = this.#stageOf(slot)
    return this.#plan.newest ? own < this.#stage : own > this.#stage
  }

  #numberOf(slot: number, offset: number): number {
    return this.#pool.rows[slot * this.#pool.layout.stride + offset]!
  }
}
