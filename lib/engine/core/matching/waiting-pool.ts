/**
 * The tickets of one configuration that search, kept between passes: a slot each, what the search compares in typed
 * columns, an index per group of tickets that could be matched with each other, and who has to be looked at again.
 */
import type { WaitingPlayer, WaitingTicket } from '#lib/engine/core/contract.ts'
import { PlayerState } from '#lib/engine/core/player-state.ts'
import { DirtyQueue } from './dirty-queue.ts'
import { Intern } from './intern.ts'
import { ANY_KEY, EVERY_REGION, Lanes, NO_KEY } from './lanes.ts'
import type { RegionLatencies } from './latency.ts'
import { ARRIVAL, INDEX, ORDER, type RowLayout, rowLayout, TOTAL } from './row-layout.ts'
import type { RuleCounts } from './rule-counts.ts'
import type { SearchPlan } from './search-plan.ts'
import { SortedSlots } from './sorted-slots.ts'
import { type PlayerValue, type TicketFacts, ticketFacts } from './ticket-facts.ts'

/** Above this many regions, or strings of one list attribute, two share a bit and a mask no longer decides. */
const MASK_BITS = 31
/** More than any start time in ms. */
const RANK = 2 ** 51
/** As many are looked at all together: two large matches. */
const FEW = 400

/** Flags of a slot. */
const USED = 1
const BACKFILL = 2
/** Not in any match at any age: no anchor and no candidate. */
const UNMATCHABLE = 4
/** Rules have said something of the ticket. */
const COUNTED = 8

export class WaitingPool {
  readonly plan: SearchPlan
  readonly layout: RowLayout
  /** `layout.stride` numbers per slot, all that a search compares of a ticket: one or two lines of the cache. */
  rows = new Float64Array(0)
  size = 0
  readonly ids: string[] = []
  players = new Uint8Array(0)
  #flags = new Uint8Array(0)
  /** The slots in use, in no order, while they are few enough to be looked at all together. */
  #few: number[] | null = []
  exactRegions = true
  exactLists = true
  /** Matchable tickets by start time; null where the age of a ticket changes nothing. */
  readonly byAge: SortedSlots | null
  /** Tickets to be looked at as anchors. */
  readonly dirty: DirtyQueue
  #key = new Int32Array(0)
  /** Per slot and rule of the rule set: evaluations since the ticket came. */
  #passed = new Uint32Array(0)
  #failed = new Uint32Array(0)
  readonly #facts: (TicketFacts | null)[] = []
  readonly #lanes: Lanes
  readonly #free: number[] = []
  readonly #regions = new Map<string, number>()
  readonly #words: Map<string, number>[]
  readonly #values: Intern<PlayerValue>[]
  readonly #keys = new Intern<string>()
  readonly #read: (ticketId: string) => WaitingTicket

  constructor(plan: SearchPlan, read: (ticketId: string) => WaitingTicket) {
    this.plan = plan
    this.#read = read
    this.layout = rowLayout(plan)
    this.#words = plan.shared.map(() => new Map())
    this.#values = plan.equals.map(() => new Intern())
    this.byAge = plan.stageCount > 1 ? new SortedSlots(this) : null
    this.dirty = new DirtyQueue(this)
    this.#lanes = new Lanes(this, { hasKeys: plan.equals.length > 0, byRegion: plan.regionColumn >= 0 })
  }

  add(ticket: WaitingTicket): number {
    const { keeps, plan } = this.plan
    // Of one player, columns take latencies as they were sent.
    const solo = ticket.backfill === null && ticket.players.length === 1 && keeps !== 'everything'
    const facts = ticketFacts(ticket, plan.factsPlan, { latencies: !solo })
    const isFar = solo && this.plan.asksLatency && sentNoLatency(ticket.players[0]!)
    const slot = this.#free.pop() ?? this.ids.length
    if (slot === this.players.length) this.#grow()
    this.size++
    if (this.#few !== null && this.#few.push(slot) > 2 * FEW) this.#few = null
    this.ids[slot] = ticket.ticketId
    const at = slot * this.layout.stride
    this.rows[at + ARRIVAL] = ticket.arrival
    this.rows[at + ORDER] = this.#rankOf(ticket) * RANK + ticket.startTimeMs
    this.players[slot] = facts.size
    const isUnmatchable = facts.unmatchable !== null || isFar
    this.#flags[slot] = USED | (facts.isBackfill ? BACKFILL : 0) | (isUnmatchable ? UNMATCHABLE : 0)
    if (isUnmatchable) return slot
    if (solo) this.#fillSoloMasks(slot, ticket.players[0]!)
    else this.#fillMasks(slot, facts.latencies)
    this.#fill(slot, facts)
    if (keeps !== 'nothing' || facts.isBackfill) {
      if (keeps !== 'everything') facts.latencies = []
      this.#facts[slot] = facts
    }
    this.byAge?.insert(slot, ticket.startTimeMs)
    this.dirty.add(slot)
    this.#lanes.enter(slot, this.#key[slot]!, this.regionMask(slot), this.indexOf(slot))
    return slot
  }

  remove(slot: number): void {
    const flags = this.#flags[slot]!
    this.#flags[slot] = 0
    this.#free.push(slot)
    if (this.#few !== null) {
      this.#few[this.#few.indexOf(slot)] = this.#few.at(-1)!
      this.#few.pop()
    }
    if ((flags & UNMATCHABLE) === 0) {
      this.byAge?.remove(slot, this.startOf(slot))
      this.dirty.remove(slot)
      this.#lanes.leave(slot, this.#key[slot]!, this.regionMask(slot), this.indexOf(slot))
      const { equals } = this.plan
      const code = slot * this.layout.stride + this.layout.codes
      for (let check = 0; check < equals.length; check++) this.#values[check]!.release(this.rows[code + check]!)
      if (equals.length > 1) this.#keys.release(this.#key[slot]!)
    }
    if (this.plan.keeps !== 'nothing' || (flags & BACKFILL) !== 0) this.#facts[slot] = null
    if ((flags & COUNTED) !== 0) {
      const { length } = this.plan.plan.ruleSet.rules
      this.#passed.fill(0, slot * length, (slot + 1) * length)
      this.#failed.fill(0, slot * length, (slot + 1) * length)
    }
    if (--this.size === 0) this.#letGo()
  }

  /** Ids of tickets that left stay until their slot has another, or nobody is left. */
  #letGo(): void {
    this.ids.length = 0
    this.#free.length = 0
    this.#facts.length = 0
    this.#lanes.clear()
    this.#few = []
  }

  holds(slot: number, ticketId: string): boolean {
    return ((this.#flags[slot] ?? 0) & USED) !== 0 && this.ids[slot] === ticketId
  }

  isBackfill(slot: number): boolean {
    return (this.#flags[slot]! & BACKFILL) !== 0
  }

  arrivalOf(slot: number): number {
    return this.rows[slot * this.layout.stride + ARRIVAL]!
  }

  /** Place in the order of anchors: rank, then start time. */
  orderOf(slot: number): number {
    return this.rows[slot * this.layout.stride + ORDER]!
  }

  startOf(slot: number): number {
    return this.orderOf(slot) % RANK
  }

  indexOf(slot: number): number {
    return this.rows[slot * this.layout.stride + INDEX]!
  }

  /** Everything that rules can read of a ticket; its latencies only where `everything` is kept or asked for. */
  facts(slot: number, what: 'values' | 'everything'): TicketFacts {
    const known = this.#facts[slot]
    if (known && (what === 'values' || this.plan.keeps === 'everything')) return known
    return ticketFacts(this.#read(this.ids[slot]!), this.plan.plan.factsPlan)
  }

  /** Regions of the latency mask `mask`, the one with the most tickets first. */
  regionsByPopulation(slot: number, mask: number): number[] {
    const regions: { bit: number; name: string; population: number }[] = []
    for (const [name, bit] of this.#regions) {
      if ((mask & (1 << bit)) === 0) continue
      const population = this.#lanes.population(this.#key[slot]!, bit)
      regions.push({ bit, name, population })
    }
    if (regions.length > 1) {
      regions.sort((one, other) => other.population - one.population || (one.name < other.name ? -1 : 1))
    }
    return regions.map(({ bit }) => bit)
  }

  /** While every bit stands for one region. */
  regionName(bit: number): string {
    for (const [name, own] of this.#regions) if (own === bit) return name
    return ''
  }

  /** The indexes in which the candidates of a slot are; `region` null for all together. */
  candidates(slot: number, region: number | null, into: SortedSlots[]): void {
    this.#lanes.candidates(slot, this.#key[slot]!, region, into)
  }

  /** Whether every candidate of a slot is found through `candidates`. */
  isIndexed(slot: number): boolean {
    const anyKey = this.plan.equals.length > 0 && this.#key[slot] === ANY_KEY
    const anyRegion = this.isSplitByRegion && this.regionMask(slot) === EVERY_REGION
    return !anyKey && !anyRegion
  }

  get isSplitByRegion(): boolean {
    return this.#lanes.byRegion
  }

  /** Regions that suit the ticket under the loosest limit. */
  regionMask(slot: number): number {
    const { regionColumn } = this.plan
    return regionColumn < 0 ? -1 : this.rows[slot * this.layout.stride + this.layout.masks[regionColumn]!]! | 0
  }

  /** All that can be matched, in the order of anchors. */
  all(): number[] {
    const used = this.#few ?? this.#used()
    if (this.size <= FEW) this.#few = used
    return this.inOrder(used.filter((slot) => (this.#flags[slot]! & UNMATCHABLE) === 0))
  }

  #used(): number[] {
    const slots: number[] = []
    for (let slot = 0; slot < this.ids.length; slot++) if ((this.#flags[slot]! & USED) !== 0) slots.push(slot)
    return slots
  }

  /** For a ticket that goes with any region or value: the first `count` of the largest lanes, in the order of anchors. */
  someOfAll(count: number): number[] {
    const slots = new Set<number>()
    for (const lane of this.#lanes.bySize()) {
      lane.forRange(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (slot) => {
        if (slots.size < count) slots.add(slot)
      })
      if (slots.size >= count) break
    }
    return this.inOrder([...slots])
  }

  /** Sorts slots into the order of anchors. */
  inOrder(slots: number[]): number[] {
    return slots.sort((one, other) => this.compare(one, other))
  }

  /** Below zero when `one` comes before `other` in the order of anchors. */
  compare(one: number, other: number): number {
    const { rows } = this
    const at = one * this.layout.stride
    const there = other * this.layout.stride
    return rows[at + ORDER]! - rows[there + ORDER]! || rows[at + ARRIVAL]! - rows[there + ARRIVAL]! || one - other
  }

  /** False when the two can be in no match together, at any age. Counts what each rule said of them. */
  couldJoin(one: number, other: number, { passed, failed }: RuleCounts): boolean {
    const { spreads, equals, shared, loosest, regionColumn } = this.plan
    const { layout, rows } = this
    const at = one * layout.stride
    const there = other * layout.stride
    for (let check = 0; check < spreads.length; check++) {
      const bound = layout.bounds + 2 * check
      const low = Math.min(rows[at + bound]!, rows[there + bound]!)
      const high = Math.max(rows[at + bound + 1]!, rows[there + bound + 1]!)
      const fits = !(high - low > loosest.spreads[check]!)
      ;(fits ? passed : failed)[spreads[check]!.rule]!++
      if (!fits) return false
    }
    for (let check = 0; check < equals.length; check++) {
      const code = rows[at + layout.codes + check]!
      const theirs = rows[there + layout.codes + check]!
      const fits = code !== -1 && theirs !== -1 && (code === theirs || code === 0 || theirs === 0)
      ;(fits ? passed : failed)[equals[check]!.rule]!++
      if (!fits) return false
    }
    if (regionColumn >= 0) {
      const fits = (this.regionMask(one) & this.regionMask(other)) !== 0
      ;(fits ? passed : failed)[this.plan.plan.latencyColumns[regionColumn]!.rule]!++
      if (!fits) return false
    }
    for (let check = 0; check < shared.length; check++) {
      if (loosest.sharedCounts[check] === 0) continue
      const fits = (rows[at + layout.lists + check]! & rows[there + layout.lists + check]!) !== 0
      ;(fits ? passed : failed)[shared[check]!.rule]!++
      if (!fits) return false
    }
    return true
  }

  /** Adds the counts of one search to what the ticket has seen. */
  count(slot: number, passed: Uint32Array, failed: Uint32Array): void {
    const { length } = passed
    this.#flags[slot]! |= COUNTED
    for (let rule = 0; rule < length; rule++) {
      this.#passed[slot * length + rule]! += passed[rule]!
      this.#failed[slot * length + rule]! += failed[rule]!
    }
  }

  /** Per rule, evaluations since the ticket came; null when there were none. */
  metrics(slot: number): { ruleName: string; passedCount: number; failedCount: number }[] | null {
    if ((this.#flags[slot]! & COUNTED) === 0) return null
    const { rules } = this.plan.plan.ruleSet
    return rules.map(({ name }, rule) => ({
      ruleName: name,
      passedCount: this.#passed[slot * rules.length + rule]!,
      failedCount: this.#failed[slot * rules.length + rule]!,
    }))
  }

  /** The names behind the bits, in their order: where they overflow, what two share depends on it. */
  bitNames(): { regions: string[]; words: string[][] } {
    return { regions: [...this.#regions.keys()], words: this.#words.map((words) => [...words.keys()]) }
  }

  /** Before the first ticket: gives the bits the meaning they had. */
  restoreBitNames({ regions, words }: ReturnType<WaitingPool['bitNames']>): void {
    for (const region of regions) this.#bitOf(this.#regions, region)
    for (const [check, list] of words.entries()) for (const word of list) this.#bitOf(this.#words[check]!, word)
    this.exactRegions = this.#regions.size <= MASK_BITS
    if (!this.exactRegions) this.#lanes.byRegion = false
    this.exactLists = this.#words.every((known) => known.size <= MASK_BITS)
  }

  #rankOf({ backfill }: WaitingTicket): number {
    const isBackfill = backfill !== null
    const { ruleSet } = this.plan.plan
    const { backfillPriority: priority } = ruleSet.algorithm
    // Large matches serve sessions first, and of those the ones that refill themselves.
    if (ruleSet.size === 'large' && priority !== 'low') return isBackfill ? (backfill.automatic ? 0 : 1) : 2
    return priority === 'normal' || isBackfill === (priority === 'high') ? 0 : 1
  }

  #fill(slot: number, facts: TicketFacts): void {
    const { spreads, equals, shared, totalled, indexBy } = this.plan
    const { layout, rows } = this
    const at = slot * layout.stride
    for (let check = 0; check < spreads.length; check++) {
      const values = facts.columns[spreads[check]!.column]
      rows[at + layout.bounds + 2 * check] = values?.min ?? Number.POSITIVE_INFINITY
      rows[at + layout.bounds + 2 * check + 1] = values?.max ?? Number.NEGATIVE_INFINITY
    }
    for (let check = 0; check < equals.length; check++) {
      const values = facts.columns[equals[check]!.column]?.values ?? []
      const [first] = values
      const several = values.some((value) => value !== first)
      rows[at + layout.codes + check] = several ? -1 : first === undefined ? ANY_KEY : this.#values[check]!.hold(first)
    }
    this.#key[slot] = this.#keyOf(at)
    for (let check = 0; check < shared.length; check++) {
      rows[at + layout.lists + check] = this.#listMask(check, facts.columns[shared[check]!.column]?.values ?? [])
    }
    for (let index = 0; index < totalled.length; index++) {
      const { sum, min, max, values } = facts.columns[totalled[index]!]!
      const total = at + layout.totals + TOTAL * index
      rows[total] = sum
      rows[total + 1] = min
      rows[total + 2] = max
      rows[total + 3] = values.length
    }
    rows[at + INDEX] = indexBy.valueOf === 'order' ? rows[at + ORDER]! : indexBy.valueOf(facts)
  }

  #keyOf(at: number): number {
    const { length } = this.plan.equals
    const first = at + this.layout.codes
    if (length === 0) return ANY_KEY
    if (length === 1) return this.rows[first]!
    const codes = Array.from(this.rows.subarray(first, first + length))
    if (codes.includes(NO_KEY)) return NO_KEY
    return codes.includes(ANY_KEY) ? ANY_KEY : this.#keys.hold(codes.join(' '))
  }

  #fillMasks(slot: number, latencies: readonly (RegionLatencies | null)[]): void {
    const at = slot * this.layout.stride
    for (const [column, limits] of this.plan.maxLatencies.entries()) {
      const own = latencies[column] ?? null
      for (const [variant, limit] of limits.entries()) {
        let mask = own === 'any' ? -1 : 0
        if (own !== null && own !== 'any') {
          for (const [region, { max }] of own) if (max <= limit) mask |= 1 << this.#regionBit(region, slot)
        }
        this.rows[at + this.layout.masks[column]! + variant] = mask
      }
    }
  }

  #fillSoloMasks(slot: number, player: WaitingPlayer): void {
    const { maxLatencies } = this.plan
    if (maxLatencies.length === 0) return
    const { layout, rows } = this
    const at = slot * layout.stride
    for (let column = 0; column < maxLatencies.length; column++) {
      for (let variant = 0; variant < maxLatencies[column]!.length; variant++) {
        rows[at + layout.masks[column]! + variant] = 0
      }
    }
    if (player instanceof PlayerState) {
      // Its `latencyMs` would be made anew.
      const { latencies } = player.shape.layout
      if (latencies === null) return
      for (const place of latencies) this.#addRegion(slot, place.name, player.values[place.at] as number)
      return
    }
    const { latencyMs } = player
    for (const region in latencyMs) {
      if (Object.hasOwn(latencyMs, region)) this.#addRegion(slot, region, latencyMs[region]!)
    }
  }

  #addRegion(slot: number, region: string, ms: number): void {
    const { maxLatencies } = this.plan
    const { layout, rows } = this
    for (let column = 0; column < maxLatencies.length; column++) {
      const limits = maxLatencies[column]!
      for (let variant = 0; variant < limits.length; variant++) {
        if (ms > limits[variant]!) continue
        const mask = slot * layout.stride + layout.masks[column]! + variant
        rows[mask] = rows[mask]! | (1 << this.#regionBit(region, slot))
      }
    }
  }

  #regionBit(region: string, adding: number): number {
    const bit = this.#bitOf(this.#regions, region)
    if (this.exactRegions && this.#regions.size > MASK_BITS) this.#mixRegions(adding)
    return bit
  }

  /** The strings that all lists have; all bits for a ticket without players. */
  #listMask(check: number, lists: readonly PlayerValue[]): number {
    const words = this.#words[check]!
    let mask = -1
    for (const list of lists) {
      let own = 0
      for (const word of list as readonly string[]) own |= 1 << this.#bitOf(words, word)
      mask &= own
    }
    if (words.size > MASK_BITS) this.exactLists = false
    return mask
  }

  #bitOf(bits: Map<string, number>, name: string): number {
    const known = bits.get(name)
    if (known !== undefined) return known
    const bit = bits.size % MASK_BITS
    bits.set(name, bit)
    return bit
  }

  /** More regions than bits: from now on all tickets are in one lane per key. */
  #mixRegions(adding: number): void {
    const waiting = this.all().filter((slot) => slot !== adding)
    this.exactRegions = false
    this.#lanes.clear()
    this.#lanes.byRegion = false
    for (const slot of waiting) this.#lanes.enter(slot, this.#key[slot]!, EVERY_REGION, this.indexOf(slot))
  }

  #grow(): void {
    const capacity = Math.max(16, 2 * this.players.length)
    this.rows = grown(new Float64Array(capacity * this.layout.stride), this.rows)
    this.players = grown(new Uint8Array(capacity), this.players)
    this.#flags = grown(new Uint8Array(capacity), this.#flags)
    this.#key = grown(new Int32Array(capacity), this.#key)
    const counters = capacity * this.plan.plan.ruleSet.rules.length
    this.#passed = grown(new Uint32Array(counters), this.#passed)
    this.#failed = grown(new Uint32Array(counters), this.#failed)
  }
}

function sentNoLatency(player: WaitingPlayer): boolean {
  if (player instanceof PlayerState) return (player.shape.layout.latencies?.length ?? 0) === 0
  const { latencyMs } = player
  for (const region in latencyMs) if (Object.hasOwn(latencyMs, region)) return false
  return true
}

function grown<T extends { set(from: ArrayLike<number>): void }>(into: T, from: ArrayLike<number>): T {
  into.set(from)
  return into
}
