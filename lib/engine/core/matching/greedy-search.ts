/**
 * The quick search around one anchor: candidates in the order of the index, each taken when it fits, then the set tested
 * whole. Most matches are found here, with a few comparisons of numbers per candidate. When the set fails because teams
 * are uneven they are dealt anew; when that does not help, the last tickets go.
 */
import { CandidateSet } from './candidate-set.ts'
import { type DealtTicket, evenTeams } from './even-teams.ts'
import { TOTAL } from './row-layout.ts'
import { RuleCounts } from './rule-counts.ts'
import type { SearchPlan, StageLimits } from './search-plan.ts'
import { SlotWalk } from './slot-walk.ts'
import type { SortedSlots } from './sorted-slots.ts'
import { stageOf } from './stages.ts'
import { Totals } from './totals.ts'
import type { WaitingPool } from './waiting-pool.ts'

/** Candidates looked at per walk: who has to look further than this is in a crowd that does not suit. */
const MOST_SCANNED = 1024
/** Regions tried per anchor. */
const MOST_REGIONS = 8
/** Tickets given up at the end of a set to make it legal. */
const MOST_DROPPED = 6
/** Players of one new ticket. */
const MOST_PARTY = 10
/** The most players of a team that bits of one number tell apart. */
const MOST_SUM = 20
const NO_WINDOW = -1
/** Where the anchor stands in the spread of a match, when the nearest candidates on both sides are too far apart. */
const WINDOWS = [0, 1, 0.5, 0.25, 0.75]
/** More than any team has open slots. */
const SHORT = 1e9
/** Evaluations that building a set for rules without columns costs per ticket. */
const SET_WORK = 12

export class GreedySearch {
  /** The set found last: slots in the order they joined, and the team of each. */
  readonly members: number[] = []
  readonly teams: number[] = []
  /** Evaluations done, the measure of effort. */
  work = 0
  /** After a search without a match: whether there could be one that it does not see. */
  mayMiss = false
  readonly #pool: WaitingPool
  readonly #plan: SearchPlan
  readonly #walk = new SlotWalk()
  readonly #indexes: SortedSlots[] = []
  readonly #sizes: number[]
  readonly #lows: Float64Array
  readonly #highs: Float64Array
  readonly #codes: Int32Array
  readonly #masks: Int32Array
  readonly #lists: Int32Array
  readonly #set: CandidateSet
  readonly #totals: Totals
  /** Whether rules can be asked about the members as they are. */
  #isFilled = false
  /** Whether `#set` holds the members: only while rules without columns can drop candidates. */
  #inStep = false
  /** The candidates, in place of the index. */
  #list: readonly number[] | null = null
  #listPlace = 0
  #total = 0
  #backfills = 0
  #anchor = -1
  #nowMs = 0
  #stage = 0
  #limits: StageLimits
  #counts: RuleCounts
  /** For what has been asked, and counted, already. */
  readonly #uncounted: RuleCounts
  /** Candidates by their number of players. */
  readonly #bySize = new Uint16Array(256)
  /** Breaks ties between teams: where counting begins. */
  #turn = 0

  constructor(pool: WaitingPool, counts: RuleCounts) {
    this.#pool = pool
    this.#plan = pool.plan
    const { teamCount } = pool.plan.plan
    this.#sizes = new Array<number>(teamCount).fill(0)
    this.#lows = new Float64Array(pool.plan.spreads.length)
    this.#highs = new Float64Array(pool.plan.spreads.length)
    this.#codes = new Int32Array(pool.plan.equals.length)
    this.#masks = new Int32Array(pool.plan.maxLatencies.length)
    this.#lists = new Int32Array(pool.plan.shared.length)
    this.#counts = counts
    this.#uncounted = new RuleCounts(pool.plan.plan.ruleSet.rules.length)
    this.#set = new CandidateSet(teamCount, counts)
    this.#totals = new Totals(teamCount, pool.plan.plan.columns.all.length)
    this.#limits = pool.plan.limits(0, true, true)
  }

  /**
   * `small`: candidates are all tickets in the order of the pool, instead of those of the index. True when a legal set
   * was found; when not, `mayMiss` says whether a search of every combination could still find one.
   */
  find(anchor: number, nowMs: number, turn: number, counts: RuleCounts, small: boolean): boolean {
    this.#anchor = anchor
    this.#nowMs = nowMs
    this.#turn = turn
    this.#counts = counts
    this.#set.counts = counts
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
    const mask = this.#maskOf(this.#anchor, regionColumn)
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
    if (this.#attempt(region, NO_WINDOW, 0)) return true
    if (!this.#hasEnough(region)) return false
    if (this.#list === null && this.#plan.indexBy.spread >= 0) {
      for (const part of WINDOWS) if (this.#attempt(region, part, 0)) return true
    }
    for (let list = 0; list < this.#lists.length && this.#list === null; list++) {
      const mask = this.#numberOf(this.#anchor, this.#pool.layout.lists + list) | 0
      if (mask === -1) continue
      for (let left = mask; left !== 0; left &= left - 1) {
        if (this.#attempt(region, NO_WINDOW, left & -left, list)) return true
      }
    }
    return false
  }

  /** `window`: where in its spread the anchor stands, 0 being the low end. `bit`: of a list, what all have to have. */
  #attempt(region: number | null, window: number, bit: number, list = -1): boolean {
    this.#begin()
    if (window !== NO_WINDOW) {
      const bound = this.#limits.spreads[0]!
      this.#lows[0] = this.#numberOf(this.#anchor, this.#pool.layout.bounds) - window * bound
      this.#highs[0] = this.#lows[0]! + bound
    }
    if (list >= 0) this.#lists[list] = bit
    if (!this.#tryAdd(this.#anchor, region)) return false
    this.#startWalk(region)
    const closing = this.#list === null ? this.#plan.indexBy.spread : -1
    const stages = this.#plan.stageCount > 1
    let scanned = 0
    while (this.#total < this.#limits.cap) {
      const slot = this.#next()
      if (slot < 0) break
      if (slot === this.#anchor) continue
      if (scanned++ === MOST_SCANNED) {
        this.mayMiss = true
        break
      }
      this.work++
      if (stages && this.#isOfOtherStage(slot)) continue
      if (closing >= 0 && this.#closes(slot, closing)) continue
      this.#tryAdd(slot, region)
    }
    const enough = this.#total >= this.#limits.leastPlayers
    if (enough) this.mayMiss = true
    const found = enough && this.#settle()
    this.#leaveSet()
    return found
  }

  /** Whether those who could join the anchor are players enough for a match at all, and of sizes that fill teams. */
  #hasEnough(region: number | null): boolean {
    const pool = this.#pool
    const closing = this.#list === null ? this.#plan.indexBy.spread : -1
    const own = closing < 0 ? 0 : this.#numberOf(this.#anchor, pool.layout.bounds + 2 * closing)
    const bound = closing < 0 ? 0 : this.#limits.spreads[closing]!
    let players = pool.players[this.#anchor]!
    let parties = players !== 1
    this.#bySize.fill(0)
    this.#startWalk(region)
    for (let scanned = 0; scanned < MOST_SCANNED; scanned++) {
      const slot = this.#next()
      if (slot < 0) break
      if (slot === this.#anchor) continue
      this.work++
      if (closing >= 0) {
        const low = this.#numberOf(slot, pool.layout.bounds + 2 * closing)
        if (low - own > bound || own - low > bound) {
          this.#walk.end(low > own ? 'above' : 'below')
          continue
        }
      }
      if (!pool.couldJoin(this.#anchor, slot, this.#uncounted)) continue
      const size = pool.players[slot]!
      players += size
      parties ||= size !== 1 || pool.isBackfill(slot)
      this.#bySize[size]!++
      if (players >= this.#limits.leastPlayers && !parties) break
    }
    if (players < this.#limits.leastPlayers || (parties && !this.#canFill())) return false
    // Who fits with whom, and on which team, is for the search of every combination.
    if (parties || this.#inStep || this.#list !== null) this.mayMiss = true
    return true
  }

  /** Whether parties of these sizes add up to a number of players that each team can have, the anchor on one of them. */
  #canFill(): boolean {
    const pool = this.#pool
    // Players of a backfill stand on several teams already.
    if (
      pool.isBackfill(this.#anchor) ||
      this.#bySize[0]! > 0 ||
      this.#bySize.some((count, size) => count > 0 && size > MOST_PARTY)
    ) {
      return true
    }
    const size = pool.players[this.#anchor]!
    let anchorFits = false
    for (const { min, max } of this.#limits.teams) {
      if (max > MOST_SUM) return true
      const reachable = this.#sums(max)
      const within = (from: number, to: number) => {
        for (let sum = Math.max(0, from); sum <= to; sum++) if ((reachable & (1 << sum)) !== 0) return true
        return false
      }
      const withAnchor = within(min - size, max - size)
      anchorFits ||= withAnchor
      if (!withAnchor && !within(min, max)) return false
    }
    return anchorFits
  }

  /** Bit n: some of the counted tickets together have n players. */
  #sums(most: number): number {
    let sums = 1
    for (let size = 1; size <= MOST_PARTY; size++) {
      for (let count = Math.min(this.#bySize[size]!, Math.floor(most / size)); count > 0; count--) sums |= sums << size
    }
    return sums
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

  /** Too young, or too old, for a set of the present stage. */
  #isOfOtherStage(slot: number): boolean {
    const own = this.#stageOf(slot)
    return this.#plan.newest ? own < this.#stage : own > this.#stage
  }

  #begin(): void {
    this.members.length = 0
    this.teams.length = 0
    this.#total = 0
    this.#backfills = 0
    // Loops: for a few places each, `fill` costs more.
    for (let team = 0; team < this.#sizes.length; team++) this.#sizes[team] = 0
    for (let check = 0; check < this.#lows.length; check++) {
      this.#lows[check] = Number.POSITIVE_INFINITY
      this.#highs[check] = Number.NEGATIVE_INFINITY
    }
    for (let check = 0; check < this.#codes.length; check++) this.#codes[check] = 0
    for (let column = 0; column < this.#masks.length; column++) this.#masks[column] = -1
    for (let check = 0; check < this.#lists.length; check++) this.#lists[check] = -1
    this.#inStep = this.#limits.pruning.length > 0
    this.#isFilled = this.#inStep
  }

  /** On a walk along a spread: beyond the first that is too far, everybody is. */
  #closes(slot: number, check: number): boolean {
    const low = this.#numberOf(slot, this.#pool.layout.bounds + 2 * check)
    const bound = this.#limits.spreads[check]!
    const above = low - this.#lows[check]! > bound
    if (!above && !(this.#highs[check]! - low > bound)) return false
    this.#walk.end(above ? 'above' : 'below')
    this.#counts.failed[this.#plan.spreads[check]!.rule]!++
    return true
  }

  #tryAdd(slot: number, region: number | null): boolean {
    const pool = this.#pool
    const size = pool.players[slot]!
    const isBackfill = pool.isBackfill(slot)
    if (this.#total + size > this.#limits.cap || (isBackfill && this.#backfills > 0)) return false
    if (!this.#fits(slot, region)) return false
    const placed = isBackfill ? this.#placeBackfill(slot) : this.#place(slot, size)
    if (!placed) return false
    this.#join(slot)
    this.members.push(slot)
    this.#total += size
    if (isBackfill) this.#backfills++
    return true
  }

  /** Whether the columns let the ticket join the set. */
  #fits(slot: number, region: number | null): boolean {
    const { rows, layout, exactLists } = this.#pool
    const at = slot * layout.stride
    const { spreads, equals, shared, regionColumn } = this.#plan
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
    const { latencyColumns, options } = this.#plan.plan
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

  #join(slot: number): void {
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

  #maskOf(slot: number, column: number): number {
    return this.#numberOf(slot, this.#pool.layout.masks[column]! + this.#limits.maskVariants[column]!) | 0
  }

  #numberOf(slot: number, offset: number): number {
    return this.#pool.rows[slot * this.#pool.layout.stride + offset]!
  }

  #placeBackfill(slot: number): boolean {
    const facts = this.#pool.facts(slot, 'values')
    const { teams } = this.#limits
    for (const { team, size } of facts.groups) {
      if (this.#sizes[team ?? 0]! + size > (teams[team ?? 0]?.max ?? 0)) return false
    }
    if (this.#inStep && !this.#stays(slot, 0)) return false
    for (const { team, size } of facts.groups) this.#sizes[team ?? 0]! += size
    this.teams.push(0)
    return true
  }

  /** On the team with room that needs players most: short ones first, then those with the most open slots. */
  #place(slot: number, size: number): boolean {
    let tried = 0
    const count = this.#sizes.length
    for (;;) {
      let best = -1
      let bestRank = -1
      for (let step = 0; step < count; step++) {
        const team = this.#turn + step < count ? this.#turn + step : this.#turn + step - count
        if (tried !== 0 && (tried & (1 << team)) !== 0) continue
        const { min, max } = this.#limits.teams[team]!
        const taken = this.#sizes[team]!
        if (max - taken < size) continue
        const rank = max - taken + (taken < min ? SHORT : 0)
        if (rank > bestRank) {
          best = team
          bestRank = rank
        }
      }
      if (best < 0) return false
      if (!this.#inStep || this.#stays(slot, best)) {
        this.#sizes[best]! += size
        this.teams.push(best)
        return true
      }
      if (best > 30) return false
      tried |= 1 << best
    }
  }

  /** Puts the ticket into the set that rules read, unless one of them could then never hold. */
  #stays(slot: number, team: number): boolean {
    this.#set.add(this.#pool.facts(slot, this.#plan.keeps === 'everything' ? 'everything' : 'values'), team)
    this.work += SET_WORK
    for (const { rule, canHold } of this.#limits.pruning) {
      this.work += 4 + this.members.length
      if (this.#counts.count(rule, canHold(this.#set))) continue
      this.#set.removeLast()
      return false
    }
    return true
  }

  /** Makes what was gathered a legal match, if it can be. */
  #settle(): boolean {
    for (let dropped = 0; ; dropped++) {
      if (this.#hasPlayers()) {
        if (this.#holds()) return true
        if (this.#dealAnew()) return true
      }
      if (dropped === MOST_DROPPED || this.members.length === 1) return false
      this.#dropLast()
      if (this.#total < this.#limits.leastPlayers) return false
    }
  }

  /** Every member is of the present stage or beyond it; one has to be of it. */
  #isOfStage(): boolean {
    if (this.#plan.stageCount === 1) return true
    for (const slot of this.members) if (this.#stageOf(slot) === this.#stage) return true
    return false
  }

  #hasPlayers(): boolean {
    const { teams, cap } = this.#limits
    if (!this.#isOfStage() || this.#total > cap || (this.#backfills > 0 && this.members.length < 2)) return false
    for (let team = 0; team < teams.length; team++) {
      const size = this.#sizes[team]!
      if (size < teams[team]!.min || size > teams[team]!.max) return false
    }
    return true
  }

  #holds(): boolean {
    const { rules } = this.#limits
    if (rules.length === 0) return true
    if (!this.#isFilled) this.#fillSet()
    for (const { rule, compiled } of rules) {
      this.work += 4 + this.members.length
      if (!this.#counts.count(rule, compiled.holds(this.#set))) return false
    }
    return true
  }

  /** Shows the members to the rules: as totals where that is all they read. */
  #fillSet(): void {
    this.#isFilled = true
    this.work += SET_WORK * this.members.length
    if (this.#limits.readsTotals) {
      this.#fillTotals()
      return
    }
    const what = this.#plan.keeps === 'everything' ? 'everything' : 'values'
    for (let place = 0; place < this.members.length; place++) {
      this.#set.add(this.#pool.facts(this.members[place]!, what), this.teams[place]!)
    }
  }

  #fillTotals(): void {
    const pool = this.#pool
    const { totalled } = this.#plan
    const totals = this.#totals
    totals.clear()
    this.#set.totals = totals
    for (let team = 0; team < this.#sizes.length; team++) this.#set.sizes[team] = this.#sizes[team]!
    for (let place = 0; place < this.members.length; place++) {
      const slot = this.members[place]!
      if (pool.isBackfill(slot)) {
        this.#addBackfill(slot)
        continue
      }
      for (let index = 0; index < totalled.length; index++) {
        const at = totals.at(this.teams[place]!, totalled[index]!)
        const from = slot * pool.layout.stride + pool.layout.totals + TOTAL * index
        totals.sums[at]! += pool.rows[from]!
        totals.mins[at] = Math.min(totals.mins[at]!, pool.rows[from + 1]!)
        totals.maxs[at] = Math.max(totals.maxs[at]!, pool.rows[from + 2]!)
        totals.counts[at]! += pool.rows[from + 3]!
      }
    }
  }

  #addBackfill(slot: number): void {
    for (const { team, columns } of this.#pool.facts(slot, 'values').groups) {
      for (const column of this.#plan.totalled) {
        const { sum, min, max, values } = columns[column]!
        this.#totals.add(team ?? 0, column, { sum, min, max, count: values.length })
      }
    }
  }

  #leaveSet(): void {
    this.#isFilled = false
    if (this.#set.totals !== null) {
      this.#set.totals = null
      this.#set.sizes.fill(0)
    }
    while (this.#set.members.length > 0) this.#set.removeLast()
  }

  #dealAnew(): boolean {
    const { dealtColumn } = this.#plan
    if (dealtColumn === null || this.#limits.rules.length === 0) return false
    const before = [...this.teams]
    const tickets = this.members.map((slot) => this.#dealt(slot, dealtColumn))
    for (const teams of evenTeams(tickets, before, this.#sizes.length)) {
      this.work += SET_WORK * tickets.length
      this.#takeTeams(tickets, teams)
      if (this.#hasPlayers() && this.#holds()) return true
    }
    this.#takeTeams(tickets, before)
    return false
  }

  #dealt(slot: number, column: number): DealtTicket {
    const pool = this.#pool
    const index = this.#plan.totalled.indexOf(column)
    if (index >= 0 && !pool.isBackfill(slot)) {
      const from = pool.layout.totals + TOTAL * index
      const [sum, count] = [this.#numberOf(slot, from), this.#numberOf(slot, from + 3)]
      return [{ team: null, size: pool.players[slot]!, sum, count }]
    }
    return pool.facts(slot, 'values').groups.map(({ team, size, columns }) => ({
      ...{ team, size, sum: columns[column]?.sum ?? 0, count: columns[column]?.values.length ?? 0 },
    }))
  }

  #takeTeams(tickets: readonly DealtTicket[], teams: readonly number[]): void {
    this.#leaveSet()
    this.#sizes.fill(0)
    for (let place = 0; place < tickets.length; place++) {
      this.teams[place] = teams[place]!
      for (const { team, size } of tickets[place]!) this.#sizes[team ?? teams[place]!]! += size
    }
    if (this.#inStep) this.#fillSet()
  }

  #dropLast(): void {
    const slot = this.members.pop()!
    const team = this.teams.pop()!
    const size = this.#pool.players[slot]!
    this.#total -= size
    // Those who are in step with it go on so; others are shown anew.
    if (this.#inStep) this.#set.removeLast()
    else this.#leaveSet()
    if (!this.#pool.isBackfill(slot)) {
      this.#sizes[team]! -= size
      return
    }
    this.#backfills--
    for (const group of this.#pool.facts(slot, 'values').groups) this.#sizes[group.team ?? 0]! -= group.size
  }
}

function bitCount(mask: number): number {
  let count = 0
  for (let left = mask; left !== 0; left &= left - 1) count++
  return count
}
