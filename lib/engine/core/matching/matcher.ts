/**
 * Finds the matches of one configuration, again and again, over a pool that is kept. A ticket is looked at as an anchor
 * when it comes, when an expansion step falls due for it, and in a small pool whenever anything came: what found nothing
 * before finds nothing again, so a search over a pool where nothing happened costs nothing.
 */
import type { EngineOptions, FoundMatch, WaitingTicket } from '#lib/engine/core/contract.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { type FoundSet, searchMatch } from './anchor-search.ts'
import { balanceTeams } from './balance-teams.ts'
import { Batch, PLAYERS_PER_PLACE } from './batch.ts'
import { GreedySearch } from './greedy-search.ts'
import { searchLargeMatch } from './large-search.ts'
import { type Plan, planFor } from './plan.ts'
import { RuleCounts } from './rule-counts.ts'
import { SearchPlan } from './search-plan.ts'
import { WaitingPool } from './waiting-pool.ts'

/** A small pool is searched to the end, the oldest candidates first; in a large one the next anchor is worth more. */
const SMALL_POOL = 32
/** The same of large matches: two of them. */
const SMALL_LARGE_POOL = 400
/** Evaluations that the thorough search of one anchor may take, in a small pool and in a larger one. */
const SMALL_POOL_WORK = 400_000
const THOROUGH_WORK = 1_500
/** What a match costs beside finding it, in evaluations: statuses, events. */
const MATCH_WORK = 100
const ANCHOR_WORK = 4

export interface MatcherInput {
  ruleSet: RuleSet
  /** Slots of every match that are kept free. */
  additionalPlayerCount: number
  options: Pick<EngineOptions, 'latency' | 'partyValueWeight' | 'stringPartyAggregation'>
  /** Reads a ticket of the pool again. Tickets are not kept: most searches need a few numbers of each. */
  read: (ticketId: string) => WaitingTicket
}

export interface SearchInput {
  nowMs: number
  /** Uniform in [0, 1), seeded: the same pool and numbers give the same matches. */
  random: () => number
  /** Evaluations after which the search stops at the next anchor; 100,000 are a few milliseconds. */
  work: number
}

export interface SearchResult {
  matches: FoundMatch[]
  /** Of matched tickets, what earlier searches had counted. */
  metrics: Map<string, FoundMatch['metrics']>
  /** When the same pool could give another answer: nowMs when the work ran out, null when never. */
  nextChangeMs: number | null
  /** Evaluations done. */
  work: number
  /** Anchors that found nothing before their part of the work was used up: more might have found a match. */
  givenUpAnchors: number
}

/** What a matcher knows beside its tickets, for a snapshot. */
export interface SavedMatcher {
  searchedMs: number | null
  changed: boolean
  bitNames: ReturnType<WaitingPool['bitNames']>
  /** Ids of the tickets that have yet to be looked at. */
  dirty: string[]
  metrics: [ticketId: string, passed: number[], failed: number[]][]
}

export class Matcher {
  readonly #plan: Plan
  readonly #searchPlan: SearchPlan
  readonly #pool: WaitingPool
  readonly #greedy: GreedySearch
  readonly #batch: Batch
  readonly #input: MatcherInput
  /** Per team, what a single player of it is told. Shared: most tickets are of one player. */
  readonly #soloTeams: readonly (readonly string[])[]
  #counts: RuleCounts
  #searchedMs: number | null = null
  /** In this search. */
  #givenUp = 0
  /** A ticket came since the last search, or so many left that the pool can be searched to the end. */
  #changed = false

  constructor(input: MatcherInput) {
    this.#input = input
    this.#soloTeams = input.ruleSet.teams.map(({ name }) => [name])
    this.#plan = planFor(input.ruleSet, input.options)
    this.#searchPlan = new SearchPlan(this.#plan, input.additionalPlayerCount)
    this.#pool = new WaitingPool(this.#searchPlan, input.read)
    this.#counts = new RuleCounts(input.ruleSet.rules.length)
    this.#greedy = new GreedySearch(this.#pool, this.#counts)
    this.#batch = new Batch(this.#pool, input.additionalPlayerCount)
  }

  get #smallSize(): number {
    return this.#plan.ruleSet.size === 'large' ? SMALL_LARGE_POOL : SMALL_POOL
  }

  get size(): number {
    return this.#pool.size
  }

  /** Returns the ticket's place, by which it is found again. */
  add(ticket: WaitingTicket): number {
    this.#changed = true
    return this.#pool.add(ticket)
  }

  /** Does nothing when the ticket is not in that place any more: it was matched. */
  remove(ticketId: string, place: number): void {
    if (!this.#pool.holds(place, ticketId)) return
    this.#pool.remove(place)
    if (this.#pool.size === SMALL_POOL) this.#changed = true
  }

  /** Per rule, evaluations since the ticket came; null when there were none. */
  metrics(ticketId: string, place: number): FoundMatch['metrics'] | null {
    return this.#pool.holds(place, ticketId) ? this.#pool.metrics(place) : null
  }

  /** Takes the tickets of the matches it returns out of the pool. */
  search({ nowMs, random, work }: SearchInput): SearchResult {
    const pool = this.#pool
    this.#wake(nowMs)
    this.#givenUp = 0
    const matches: FoundMatch[] = []
    const metrics: SearchResult['metrics'] = new Map()
    let left = work
    let anchor = pool.dirty.first()
    for (; anchor >= 0 && left > 0; anchor = pool.dirty.first()) {
      let found = this.#around(anchor, nowMs, random)
      if (found === null) {
        left -= this.#takeWork()
        pool.dirty.remove(anchor)
        pool.count(anchor, this.#counts.passed, this.#counts.failed)
        continue
      }
      // A newcomer made it possible; the match begins with the ticket that waited longest for it.
      const oldest = this.#oldest(found.slots)
      if (oldest !== anchor) {
        const first = { slots: [...found.slots], teams: [...found.teams] }
        found = this.#around(oldest, nowMs, random) ?? this.#around(anchor, nowMs, random) ?? first
      }
      left -= this.#takeWork()
      left -= MATCH_WORK * found.slots.length
      matches.push(this.#match(found))
      for (const slot of found.slots) {
        const earlier = pool.metrics(slot)
        if (earlier !== null) metrics.set(pool.ids[slot]!, earlier)
        pool.remove(slot)
        if (pool.size === SMALL_POOL) this.#changed = true
      }
      if (this.#changed) this.#wakeSmall()
    }
    return {
      matches,
      metrics,
      nextChangeMs: anchor >= 0 ? nowMs : this.#nextStepMs(),
      work: work - left,
      givenUpAnchors: this.#givenUp,
    }
  }

  save(): SavedMatcher {
    const pool = this.#pool
    const dirty = pool.dirty.all().map((slot) => pool.ids[slot]!)
    const metrics: SavedMatcher['metrics'] = []
    for (const slot of pool.all()) {
      const counts = pool.metrics(slot)
      if (counts === null) continue
      metrics.push([
        pool.ids[slot]!,
        counts.map(({ passedCount }) => passedCount),
        counts.map(({ failedCount }) => failedCount),
      ])
    }
    return { searchedMs: this.#searchedMs, changed: this.#changed, bitNames: pool.bitNames(), dirty, metrics }
  }

  /** Of a matcher that was saved: `add` its tickets, then `goOn`. */
  static restored(input: MatcherInput, saved: SavedMatcher): Matcher {
    const matcher = new Matcher(input)
    matcher.#pool.restoreBitNames(saved.bitNames)
    return matcher
  }

  /** Once its tickets are in their places it finds what the one that was saved would have found. */
  goOn({ searchedMs, changed, dirty, metrics }: SavedMatcher, placeOf: (ticketId: string) => number): void {
    const pool = this.#pool
    for (const slot of pool.all()) pool.dirty.remove(slot)
    for (const ticketId of dirty) pool.dirty.add(placeOf(ticketId))
    for (const [ticketId, passed, failed] of metrics) {
      pool.count(placeOf(ticketId), Uint32Array.from(passed), Uint32Array.from(failed))
    }
    this.#searchedMs = searchedMs
    this.#changed = changed
  }

  /** Marks those to be looked at again: everybody in a small pool where someone came, and who reached a step. */
  #wake(nowMs: number): void {
    const pool = this.#pool
    this.#wakeSmall()
    for (const ageMs of this.#plan.stageAgesMs) {
      const before = this.#searchedMs === null ? Number.NEGATIVE_INFINITY : this.#searchedMs - ageMs
      pool.byAge?.forRange(before, nowMs - ageMs, (slot) => pool.dirty.add(slot))
    }
    this.#searchedMs = nowMs
  }

  #wakeSmall(): void {
    if (this.#changed && this.#pool.size <= SMALL_POOL) for (const slot of this.#pool.all()) this.#pool.dirty.add(slot)
    this.#changed = false
  }

  /** When the next ticket reaches the age of an expansion step. */
  #nextStepMs(): number | null {
    let next: number | null = null
    for (const ageMs of this.#plan.stageAgesMs) {
      const start = this.#pool.byAge?.firstAbove((this.#searchedMs ?? 0) - ageMs) ?? null
      if (start !== null && (next === null || start + ageMs < next)) next = start + ageMs
    }
    return next
  }

  /** What `#counts` counts afterwards is this search. */
  #around(anchor: number, nowMs: number, random: () => number): FoundSlots | null {
    this.#counts.clear()
    const small = this.#pool.size <= this.#smallSize
    const found = this.#quick(anchor, nowMs, small, random)
    if (found !== null || !this.#greedy.mayMiss) return found
    if (this.#plan.ruleSet.size !== 'large' || small) return this.#thorough(anchor, nowMs, small, 0, random)
    for (const perPlace of PLAYERS_PER_PLACE) {
      const match = this.#thorough(anchor, nowMs, false, perPlace, random)
      if (match !== null) return match
    }
    return null
  }

  #takeWork(): number {
    return this.#greedy.takeWork() + this.#batch.takeWork() + ANCHOR_WORK
  }

  #oldest(slots: readonly number[]): number {
    let oldest = slots[0]!
    for (let place = 1; place < slots.length; place++) {
      if (this.#pool.compare(slots[place]!, oldest) < 0) oldest = slots[place]!
    }
    return oldest
  }

  #quick(anchor: number, nowMs: number, small: boolean, random: () => number): FoundSlots | null {
    // Sort rules weigh all candidates before the first is taken, and large matches fill teams in a way of their own.
    const isSorted = this.#plan.sorts.length > 0 || (small && this.#plan.balancedColumn !== null)
    this.#greedy.mayMiss = isSorted || this.#plan.ruleSet.size === 'large'
    if (this.#greedy.mayMiss) return null
    if (!this.#greedy.find(anchor, nowMs, Math.floor(random() * this.#plan.teamCount), this.#counts, small)) return null
    const { members, teams } = this.#greedy
    if (this.#plan.balancedColumn === null) return { slots: members, teams }
    const slots = [...members]
    const found = { members: slots.map((_, index) => index), teams: [...teams] }
    return { slots, teams: balanceTeams(found, this.#batch.of(slots, nowMs)).teams }
  }

  #thorough(anchor: number, nowMs: number, small: boolean, perPlace: number, random: () => number): FoundSlots | null {
    const { ruleSet, teamCount } = this.#plan
    const large = ruleSet.size === 'large'
    // It looks at everybody again.
    this.#counts.clear()
    const slots = this.#batch.around(anchor, small, perPlace, this.#counts)
    if (slots === null) return null
    const pool = this.#batch.of(slots, nowMs)
    const start = slots.indexOf(anchor)
    let next = 0
    const result = (large ? searchLargeMatch : searchMatch)({
      pool,
      anchor: start,
      nextCandidate: () => {
        if (next === start) next++
        return next < slots.length ? next++ : undefined
      },
      sort: this.#batch.sort(start, pool),
      teamRanks: ruleSet.teams.map((_, team) => (large ? -team / teamCount : random())),
      greedyOnly: large,
      additionalPlayerCount: this.#input.additionalPlayerCount,
      counts: this.#counts,
      hardLimit: SMALL_POOL_WORK,
      workLimit: small ? SMALL_POOL_WORK : THOROUGH_WORK,
    })
    this.#batch.work += result.work
    if (result.found === null) {
      if (!large && !result.complete) this.#givenUp++
      return null
    }
    const balanced: FoundSet = balanceTeams(result.found, pool)
    return { slots: balanced.members.map((member) => slots[member]!), teams: balanced.teams }
  }

  #match({ slots, teams }: FoundSlots): FoundMatch {
    const { ruleSet } = this.#plan
    const pool = this.#pool
    const tickets = slots.map((slot, place) => {
      const ticketId = pool.ids[slot]!
      if (pool.isBackfill(slot)) return { ticketId, teams: [...(pool.facts(slot, 'values').teams ?? [])] }
      const team = teams[place]!
      const count = pool.players[slot]!
      if (count === 1) return { ticketId, teams: this.#soloTeams[team]! }
      return { ticketId, teams: new Array<string>(count).fill(ruleSet.teams[team]!.name) }
    })
    return { tickets, metrics: this.#counts.metrics(ruleSet.rules) }
  }
}

/** Good until the next search. */
interface FoundSlots {
  slots: readonly number[]
  /** Per slot the team of a new ticket. */
  teams: readonly number[]
}
