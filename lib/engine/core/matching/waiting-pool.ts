/**
 * The tickets of one configuration that search, kept between passes: a slot each, what the search compares in typed
 * columns, an index per group of tickets that could be matched with each other, and who has to be looked at again.
 */
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { DirtyQueue } from './dirty-queue.ts'
import { Intern } from './intern.ts'
import type { RegionLatencies } from './latency.ts'
import type { RuleCounts } from './rule-counts.ts'
import type { SearchPlan } from './search-plan.ts'
import { SortedSlots } from './sorted-slots.ts'
import { type PlayerValue, type TicketFacts, ticketFacts } from './ticket-facts.ts'

/** Above this many regions, or strings of one list attribute, two share a bit and a mask no longer decides. */
const MASK_BITS = 31
/** Instead of a region: the ticket goes with any, or regions do not matter. */
const ANY_REGION = 31
const LANES_PER_KEY = 32
/** The key of a ticket without a value for some attribute that has to be equal: it goes with every key. */
const ANY_KEY = 0
/** More than any start time in ms. */
const RANK = 2 ** 51

export class WaitingPool {
  readonly plan: SearchPlan
  readonly ids: string[] = []
  /** The slots in use, in no order. */
  readonly live: number[] = []
  readonly #livePlace: number[] = []
  /** Place in the order of anchors: rank, then start time. */
  order = new Float64Array(0)
  start = new Float64Array(0)
  arrival = new Float64Array(0)
  players = new Uint8Array(0)
  backfill = new Uint8Array(0)
  /** Not in any match at any age: no anchor and no candidate. */
  unmatchable = new Uint8Array(0)
  /** Per spread check. */
  lows: Float64Array[]
  highs: Float64Array[]
  /** Per equal check; ANY_KEY for no value, -1 for several. */
  codes: Int32Array[]
  /** Per latency column and its limits, one bit per region that suits the ticket. */
  masks: Int32Array[][]
  /** Per shared check, one bit per string that all players of the ticket have. */
  lists: Int32Array[]
  /** Per totalled column of the plan. */
  sums: Float64Array[]
  mins: Float64Array[]
  maxs: Float64Array[]
  /** Values of one ticket in any number column: one per player, or one in all. */
  counts = new Uint8Array(0)
  exactRegions = true
  exactLists = true
  /** Matchable tickets by start time; null where the age of a ticket changes nothing. */
  readonly byAge: SortedSlots | null
  /** Tickets to be looked at as anchors. */
  readonly dirty: DirtyQueue
  #key = new Int32Array(0)
  #index = new Float64Array(0)
  /** Per slot and rule of the rule set: evaluations since the ticket came. */
  #passed = new Uint32Array(0)
  #failed = new Uint32Array(0)
  #counted = new Uint8Array(0)
  readonly #facts: (TicketFacts | null)[] = []
  readonly #lanes = new Map<number, SortedSlots>()
  /** How many of them are of tickets that go with any region or any key. */
  #wildLanes = 0
  /** Of a ticket that is in one lane only, as most are. */
  readonly #onlyLane: (SortedSlots | null)[] = []
  readonly #free: number[] = []
  readonly #regions = new Map<string, number>()
  readonly #words: Map<string, number>[]
  readonly #values: Intern<PlayerValue>[]
  readonly #keys = new Intern<string>()
  readonly #read: (ticketId: string) => PoolTicket

  constructor(plan: SearchPlan, read: (ticketId: string) => PoolTicket) {
    this.plan = plan
    this.#read = read
    this.lows = plan.spreads.map(() => new Float64Array(0))
    this.highs = plan.spreads.map(() => new Float64Array(0))
    this.codes = plan.equals.map(() => new Int32Array(0))
    this.masks = plan.maxLatencies.map((limits) => limits.map(() => new Int32Array(0)))
    this.lists = plan.shared.map(() => new Int32Array(0))
    this.sums = plan.totalled.map(() => new Float64Array(0))
    this.mins = plan.totalled.map(() => new Float64Array(0))
    this.maxs = plan.totalled.map(() => new Float64Array(0))
    this.#words = plan.shared.map(() => new Map())
    this.#values = plan.equals.map(() => new Intern())
    this.byAge = plan.stageCount > 1 ? new SortedSlots(this) : null
    this.dirty = new DirtyQueue(this)
  }

  add(ticket: PoolTicket): number {
    const { keeps, plan } = this.plan
    // Of one player, columns take latencies as they were sent.
    const solo = ticket.backfill === null && ticket.players.length === 1 && keeps !== 'everything'
    const facts = ticketFacts(ticket, plan.factsPlan, { latencies: !solo })
    const latencyMs = solo ? ticket.players[0]!.latencyMs : null
    const isFar = solo && this.plan.asksLatency && isEmpty(latencyMs)
    const slot = this.#free.pop() ?? this.ids.length
    if (slot === this.order.length) this.#grow()
    this.ids[slot] = ticket.ticketId
    this.#livePlace[slot] = this.live.length
    this.live.push(slot)
    this.start[slot] = ticket.startTimeMs
    this.arrival[slot] = ticket.arrival
    this.order[slot] = this.#rankOf(ticket) * RANK + ticket.startTimeMs
    this.players[slot] = facts.size
    this.backfill[slot] = facts.isBackfill ? 1 : 0
    this.unmatchable[slot] = facts.unmatchable === null && !isFar ? 0 : 1
    this.#facts[slot] = null
    if (this.unmatchable[slot] === 1) return slot
    const { latencies } = facts
    if (keeps !== 'nothing' || facts.isBackfill) {
      if (keeps !== 'everything') facts.latencies = []
      this.#facts[slot] = facts
    }
    if (solo) this.#fillSoloMasks(slot, latencyMs)
    else this.#fillMasks(slot, latencies)
    this.#fill(slot, facts)
    this.byAge?.insert(slot, ticket.startTimeMs)
    this.dirty.add(slot)
    this.#enterLanes(slot)
    return slot
  }

  remove(slot: number): void {
    const last = this.live.pop()!
    if (last !== slot) {
      const place = this.#livePlace[slot]!
      this.live[place] = last
      this.#livePlace[last] = place
    }
    this.ids[slot] = ''
    this.#free.push(slot)
    if (this.unmatchable[slot] === 0) {
      this.byAge?.remove(slot, this.start[slot]!)
      this.dirty.remove(slot)
      this.#leaveLanes(slot)
      for (let check = 0; check < this.codes.length; check++) this.#values[check]!.release(this.codes[check]![slot]!)
      if (this.codes.length > 1) this.#keys.release(this.#key[slot]!)
    }
    this.#facts[slot] = null
    if (this.#counted[slot] === 1) {
      const { length } = this.plan.plan.ruleSet.rules
      this.#passed.fill(0, slot * length, (slot + 1) * length)
      this.#failed.fill(0, slot * length, (slot + 1) * length)
      this.#counted[slot] = 0
    }
  }

  get size(): number {
    return this.live.length
  }

  /** Everything that rules can read of a ticket; its latencies only where `everything` is kept or asked for. */
  facts(slot: number, what: 'values' | 'everything'): TicketFacts {
    const known = this.#facts[slot]
    if (known && (what === 'values' || this.plan.keeps === 'everything')) return known
    return ticketFacts(this.#read(this.ids[slot]!), this.plan.plan.factsPlan)
  }

  indexOf(slot: number): number {
    return this.#index[slot]!
  }

  /** Regions of the latency mask `mask`, the one with the most tickets first. */
  regionsByPopulation(slot: number, mask: number): number[] {
    const regions: { bit: number; name: string; population: number }[] = []
    for (const [name, bit] of this.#regions) {
      if ((mask & (1 << bit)) === 0) continue
      const population = this.#lanes.get(this.#key[slot]! * LANES_PER_KEY + bit)?.length ?? 0
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
    into.length = 0
    const only = this.#onlyLane[slot]
    if (only && this.#wildLanes === 0) {
      into.push(only)
      return
    }
    const key = this.#key[slot]!
    this.#offer(key, region ?? ANY_REGION, into)
    if (region !== null) this.#offer(key, ANY_REGION, into)
    if (this.codes.length === 0 || key === ANY_KEY) return
    this.#offer(ANY_KEY, region ?? ANY_REGION, into)
    if (region !== null) this.#offer(ANY_KEY, ANY_REGION, into)
  }

  #offer(key: number, region: number, into: SortedSlots[]): void {
    const lane = this.#lanes.get(key * LANES_PER_KEY + region)
    if (lane !== undefined) into.push(lane)
  }

  /** Whether every candidate of a slot is found through `candidates`. */
  isIndexed(slot: number): boolean {
    const anyKey = this.codes.length > 0 && this.#key[slot] === ANY_KEY
    const anyRegion = this.isSplitByRegion && this.regionMask(slot) === -1
    return !anyKey && !anyRegion
  }

  get isSplitByRegion(): boolean {
    return this.plan.regionColumn >= 0 && this.exactRegions
  }

  /** Regions that suit the ticket under the loosest limit. */
  regionMask(slot: number): number {
    return this.masks[this.plan.regionColumn]?.[0]?.[slot] ?? -1
  }

  /** All that can be matched, in the order of anchors. */
  all(): number[] {
    return this.inOrder(this.live.filter((slot) => this.unmatchable[slot] === 0))
  }

  /** For a ticket that goes with any region or value: the first `count` of the largest lanes, in the order of anchors. */
  someOfAll(count: number): number[] {
    const lanes = [...this.#lanes.values()].sort((one, other) => other.length - one.length || one.number - other.number)
    const slots = new Set<number>()
    for (const lane of lanes) {
      lane.forRange(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (slot) => {
        if (slots.size < count) slots.add(slot)
      })
      if (slots.size >= count) break
    }
    return this.inOrder([...slots])
  }

  /** Sorts slots into the order of anchors. */
  inOrder(slots: number[]): number[] {
    const { order, arrival } = this
    return slots.sort((one, other) => order[one]! - order[other]! || arrival[one]! - arrival[other]! || one - other)
  }

  /** False when the two can be in no match together, at any age. Counts what each rule said of them. */
  couldJoin(one: number, other: number, { passed, failed }: RuleCounts): boolean {
    const { spreads, equals, shared, loosest, regionColumn } = this.plan
    for (let check = 0; check < spreads.length; check++) {
      const low = Math.min(this.lows[check]![one]!, this.lows[check]![other]!)
      const high = Math.max(this.highs[check]![one]!, this.highs[check]![other]!)
      const fits = !(high - low > loosest.spreads[check]!)
      ;(fits ? passed : failed)[spreads[check]!.rule]!++
      if (!fits) return false
    }
    for (let check = 0; check < equals.length; check++) {
      const code = this.codes[check]![one]!
      const there = this.codes[check]![other]!
      const fits = code !== -1 && there !== -1 && (code === there || code === 0 || there === 0)
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
      const fits = (this.lists[check]![one]! & this.lists[check]![other]!) !== 0
      ;(fits ? passed : failed)[shared[check]!.rule]!++
      if (!fits) return false
    }
    return true
  }

  /** Adds the counts of one search to what the ticket has seen. */
  count(slot: number, passed: Uint32Array, failed: Uint32Array): void {
    const { length } = passed
    this.#counted[slot] = 1
    for (let rule = 0; rule < length; rule++) {
      this.#passed[slot * length + rule]! += passed[rule]!
      this.#failed[slot * length + rule]! += failed[rule]!
    }
  }

  /** Per rule, evaluations since the ticket came; null when there were none. */
  metrics(slot: number): { ruleName: string; passedCount: number; failedCount: number }[] | null {
    if (this.#counted[slot] !== 1) return null
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
    this.exactLists = this.#words.every((known) => known.size <= MASK_BITS)
  }

  #rankOf({ backfill }: PoolTicket): number {
    const isBackfill = backfill !== null
    const { ruleSet } = this.plan.plan
    const { backfillPriority: priority } = ruleSet.algorithm
    // Large matches serve sessions first, and of those the ones that refill themselves.
    if (ruleSet.size === 'large' && priority !== 'low') return isBackfill ? (backfill.automatic ? 0 : 1) : 2
    return priority === 'normal' || isBackfill === (priority === 'high') ? 0 : 1
  }

  #fill(slot: number, facts: TicketFacts): void {
    const { spreads, equals, shared, indexBy } = this.plan
    for (let check = 0; check < spreads.length; check++) {
      const values = facts.columns[spreads[check]!.column]
      this.lows[check]![slot] = values?.min ?? Number.POSITIVE_INFINITY
      this.highs[check]![slot] = values?.max ?? Number.NEGATIVE_INFINITY
    }
    for (let check = 0; check < equals.length; check++) {
      const values = facts.columns[equals[check]!.column]?.values ?? []
      const [first] = values
      const several = values.some((value) => value !== first)
      this.codes[check]![slot] = several ? -1 : first === undefined ? ANY_KEY : this.#values[check]!.hold(first)
    }
    this.#key[slot] = this.#keyOf(slot)
    for (let check = 0; check < shared.length; check++) {
      this.lists[check]![slot] = this.#listMask(check, facts.columns[shared[check]!.column]?.values ?? [])
    }
    for (const [index, column] of this.plan.totalled.entries()) {
      const { sum, min, max, values } = facts.columns[column]!
      this.sums[index]![slot] = sum
      this.mins[index]![slot] = min
      this.maxs[index]![slot] = max
      this.counts[slot] = values.length
    }
    this.#index[slot] = indexBy.valueOf === 'order' ? this.order[slot]! : indexBy.valueOf(facts)
  }

  #keyOf(slot: number): number {
    if (this.codes.length === 0) return ANY_KEY
    if (this.codes.length === 1) return this.codes[0]![slot]!
    const codes = this.codes.map((column) => column[slot]!)
    if (codes.includes(-1)) return -1
    return codes.includes(ANY_KEY) ? ANY_KEY : this.#keys.hold(codes.join(' '))
  }

  #fillMasks(slot: number, latencies: readonly (RegionLatencies | null)[]): void {
    for (const [column, limits] of this.plan.maxLatencies.entries()) {
      const own = latencies[column] ?? null
      for (const [variant, limit] of limits.entries()) {
        let mask = own === 'any' ? -1 : 0
        if (own !== null && own !== 'any') {
          for (const [region, { max }] of own) if (max <= limit) mask |= 1 << this.#regionBit(region, slot)
        }
        this.masks[column]![variant]![slot] = mask
      }
    }
  }

  #fillSoloMasks(slot: number, latencyMs: Readonly<Record<string, number>> | null): void {
    const { maxLatencies } = this.plan
    if (maxLatencies.length === 0) return
    for (const variants of this.masks) for (const masks of variants) masks[slot] = 0
    for (const region in latencyMs) {
      if (!Object.hasOwn(latencyMs, region)) continue
      const ms = latencyMs[region]!
      for (let column = 0; column < maxLatencies.length; column++) {
        const limits = maxLatencies[column]!
        for (let variant = 0; variant < limits.length; variant++) {
          if (ms <= limits[variant]!) this.masks[column]![variant]![slot]! |= 1 << this.#regionBit(region, slot)
        }
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
    const waiting = this.inOrder(this.live.filter((slot) => this.unmatchable[slot] === 0 && slot !== adding))
    this.exactRegions = false
    this.#lanes.clear()
    this.#wildLanes = 0
    for (const slot of waiting) this.#enterLanes(slot)
  }

  #enterLanes(slot: number): void {
    this.#onlyLane[slot] = null
    const key = this.#key[slot]!
    if (key === -1) return
    const first = key * LANES_PER_KEY
    const mask = this.isSplitByRegion ? this.regionMask(slot) : -1
    if (mask === -1 || (mask & (mask - 1)) === 0) {
      if (mask === 0) return
      const lane = this.#lane(first + (mask === -1 ? ANY_REGION : 31 - Math.clz32(mask)))
      this.#onlyLane[slot] = lane
      lane.insert(slot, this.#index[slot]!)
      return
    }
    for (let left = mask; left !== 0; left &= left - 1) {
      this.#lane(first + 31 - Math.clz32(left & -left)).insert(slot, this.#index[slot]!)
    }
  }

  #leaveLanes(slot: number): void {
    const only = this.#onlyLane[slot]!
    if (only) {
      only.remove(slot, this.#index[slot]!)
      if (only.length === 0) this.#dropLane(only)
      this.#onlyLane[slot] = null
      return
    }
    const first = this.#key[slot]! * LANES_PER_KEY
    if (first < 0) return
    for (let left = this.regionMask(slot); left !== 0; left &= left - 1) {
      const lane = this.#lanes.get(first + 31 - Math.clz32(left & -left))
      lane?.remove(slot, this.#index[slot]!)
      if (lane?.length === 0) this.#dropLane(lane)
    }
  }

  #dropLane(lane: SortedSlots): void {
    this.#lanes.delete(lane.number)
    if (this.#isWild(lane.number)) this.#wildLanes--
  }

  #isWild(lane: number): boolean {
    const anyRegion = this.isSplitByRegion && lane % LANES_PER_KEY === ANY_REGION
    return anyRegion || (this.codes.length > 0 && lane < LANES_PER_KEY)
  }

  #lane(number: number): SortedSlots {
    const known = this.#lanes.get(number)
    if (known !== undefined) return known
    const made = new SortedSlots(this, number)
    if (this.#isWild(number)) this.#wildLanes++
    this.#lanes.set(number, made)
    return made
  }

  #grow(): void {
    const capacity = Math.max(16, 2 * this.order.length)
    const double = (column: Float64Array) => grown(new Float64Array(capacity), column)
    const int = (column: Int32Array) => grown(new Int32Array(capacity), column)
    const byte = (column: Uint8Array) => grown(new Uint8Array(capacity), column)
    this.order = double(this.order)
    this.start = double(this.start)
    this.arrival = double(this.arrival)
    this.players = byte(this.players)
    this.backfill = byte(this.backfill)
    this.unmatchable = byte(this.unmatchable)
    this.#counted = byte(this.#counted)
    this.lows = this.lows.map(double)
    this.highs = this.highs.map(double)
    this.codes = this.codes.map(int)
    this.masks = this.masks.map((variants) => variants.map(int))
    this.lists = this.lists.map(int)
    this.sums = this.sums.map(double)
    this.mins = this.mins.map(double)
    this.maxs = this.maxs.map(double)
    this.counts = byte(this.counts)
    this.#key = int(this.#key)
    this.#index = double(this.#index)
    const counters = capacity * this.plan.plan.ruleSet.rules.length
    this.#passed = grown(new Uint32Array(counters), this.#passed)
    this.#failed = grown(new Uint32Array(counters), this.#failed)
  }
}

function isEmpty(latencyMs: Readonly<Record<string, number>> | null): boolean {
  for (const region in latencyMs) if (Object.hasOwn(latencyMs, region)) return false
  return true
}

function grown<T extends { set(from: ArrayLike<number>): void }>(into: T, from: ArrayLike<number>): T {
  into.set(from)
  return into
}
