/** Tickets gathered for one match, with the team each was placed on, and what makes a legal match of them in the end. */
import { ColumnBounds } from './column-bounds.ts'
import { type DealtTicket, dealtTicket, evenTeams } from './even-teams.ts'
import { TOTAL } from './row-layout.ts'
import type { RuleCounts } from './rule-counts.ts'
import type { StageLimits } from './search-plan.ts'
import { ShownSet } from './shown-set.ts'
import type { WaitingPool } from './waiting-pool.ts'

/** Tickets given up at the end of a set to make it legal. */
const MOST_DROPPED = 6
/** More than any team has open slots. */
const SHORT = 1e9
/** Evaluations that showing a set to rules without columns costs per ticket. */
const SHOW_WORK = 12

export class GatheredSet {
  /** Slots in the order they joined, and the team of each. */
  readonly members: number[] = []
  readonly teams: number[] = []
  readonly bounds: ColumnBounds
  /** Players. */
  total = 0
  /** Evaluations done, the measure of effort. */
  work = 0
  readonly #pool: WaitingPool
  readonly #sizes: number[]
  readonly #shown: ShownSet
  /** Whether rules can be asked about the members as they are. */
  #isShown = false
  #backfills = 0
  #limits: StageLimits
  #counts: RuleCounts
  #turn = 0

  constructor(pool: WaitingPool, counts: RuleCounts) {
    this.#pool = pool
    this.#counts = counts
    this.#limits = pool.plan.limits(0, true, true)
    this.#sizes = new Array<number>(pool.plan.plan.teamCount).fill(0)
    this.bounds = new ColumnBounds(pool, this.#limits, counts)
    this.#shown = new ShownSet(pool, counts)
  }

  /** Whether rules without columns can drop candidates: then they are shown every ticket as it joins. */
  get #inStep(): boolean {
    return this.#limits.pruning.length > 0
  }

  /** Empties it. `turn` breaks ties between teams: where counting begins. */
  begin(limits: StageLimits, counts: RuleCounts, turn: number): void {
    this.#shown.clear()
    this.#limits = limits
    this.#counts = counts
    this.#turn = turn
    this.#shown.candidates.counts = counts
    this.#isShown = this.#inStep
    // One by one: `length = 0` would give their memory back, to be asked for again at once.
    while (this.members.length > 0) {
      this.members.pop()
      this.teams.pop()
    }
    this.total = 0
    this.#backfills = 0
    for (let team = 0; team < this.#sizes.length; team++) this.#sizes[team] = 0
    this.bounds.begin(limits, counts)
  }

  /** Adds the ticket unless there is no room, it does not fit, or a rule could then never hold. */
  tryAdd(slot: number, region: number | null): boolean {
    const pool = this.#pool
    const size = pool.players[slot]!
    const isBackfill = pool.isBackfill(slot)
    if (this.total + size > this.#limits.cap || (isBackfill && this.#backfills > 0)) return false
    if (!this.bounds.fits(slot, region)) return false
    const placed = isBackfill ? this.#placeBackfill(slot) : this.#place(slot, size)
    if (!placed) return false
    this.bounds.join(slot)
    this.members.push(slot)
    this.total += size
    if (isBackfill) this.#backfills++
    return true
  }

  /** Makes what was gathered a legal match, if it can be: with teams dealt anew, or without the last tickets. */
  settle(isOfStage: () => boolean): boolean {
    for (let dropped = 0; ; dropped++) {
      if (isOfStage() && this.#hasPlayers()) {
        if (this.#holds()) return true
        if (this.#dealAnew()) return true
      }
      if (dropped === MOST_DROPPED || this.members.length === 1) return false
      this.#dropLast()
      if (this.total < this.#limits.leastPlayers) return false
    }
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

  /** Shows the ticket to the rules, unless one of them could then never hold. */
  #stays(slot: number, team: number): boolean {
    this.#shown.add(slot, team)
    this.work += SHOW_WORK
    for (const { rule, canHold } of this.#limits.pruning) {
      this.work += 4 + this.members.length
      if (this.#counts.count(rule, canHold(this.#shown.candidates))) continue
      this.#shown.removeLast()
      return false
    }
    return true
  }

  #hasPlayers(): boolean {
    const { teams, cap } = this.#limits
    if (this.total > cap || (this.#backfills > 0 && this.members.length < 2)) return false
    for (let team = 0; team < teams.length; team++) {
      const size = this.#sizes[team]!
      if (size < teams[team]!.min || size > teams[team]!.max) return false
    }
    return true
  }

  #holds(): boolean {
    const { rules } = this.#limits
    if (rules.length === 0) return true
    if (!this.#isShown) this.#show()
    for (const { rule, compiled } of rules) {
      this.work += 4 + this.members.length
      if (!this.#counts.count(rule, compiled.holds(this.#shown.candidates))) return false
    }
    return true
  }

  #show(): void {
    this.#isShown = true
    this.work += SHOW_WORK * this.members.length
    if (this.#limits.readsTotals) this.#shown.showTotals(this.members, this.teams, this.#sizes)
    else
      for (let place = 0; place < this.members.length; place++)
        this.#shown.add(this.members[place]!, this.teams[place]!)
  }

  #hide(): void {
    this.#isShown = false
    this.#shown.clear()
  }

  #dealAnew(): boolean {
    const { dealtColumn } = this.#pool.plan
    if (dealtColumn === null || this.#limits.rules.length === 0) return false
    const before = [...this.teams]
    const tickets = this.members.map((slot) => this.#dealt(slot, dealtColumn))
    for (const teams of evenTeams(tickets, before, this.#sizes.length)) {
      this.work += SHOW_WORK * tickets.length
      this.#takeTeams(tickets, teams)
      if (this.#hasPlayers() && this.#holds()) return true
    }
    this.#takeTeams(tickets, before)
    return false
  }

  #dealt(slot: number, column: number): DealtTicket {
    const pool = this.#pool
    const index = pool.plan.totalled.indexOf(column)
    if (index >= 0 && !pool.isBackfill(slot)) {
      const from = slot * pool.layout.stride + pool.layout.totals + TOTAL * index
      return [{ team: null, size: pool.players[slot]!, sum: pool.rows[from]!, count: pool.rows[from + 3]! }]
    }
    return dealtTicket(pool.facts(slot, 'values'), column)
  }

  #takeTeams(tickets: readonly DealtTicket[], teams: readonly number[]): void {
    this.#hide()
    this.#sizes.fill(0)
    for (let place = 0; place < tickets.length; place++) {
      this.teams[place] = teams[place]!
      for (const { team, size } of tickets[place]!) this.#sizes[team ?? teams[place]!]! += size
    }
    if (this.#inStep) this.#show()
  }

  #dropLast(): void {
    const slot = this.members.pop()!
    const team = this.teams.pop()!
    const size = this.#pool.players[slot]!
    this.total -= size
    // Those who are shown as they join go on so; others are shown anew.
    if (this.#inStep) this.#shown.removeLast()
    else this.#hide()
    if (!this.#pool.isBackfill(slot)) {
      this.#sizes[team]! -= size
      return
    }
    this.#backfills--
    for (const group of this.#pool.facts(slot, 'values').groups) this.#sizes[group.team ?? 0]! -= group.size
  }
}
