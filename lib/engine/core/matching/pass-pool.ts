/** A few tickets in the order of the algorithm, for the thorough search: what its checks compare laid out in columns. */
import type { CompiledRule } from './compiled-rule.ts'
import type { EqualCheck, SpreadCheck } from './fast-checks.ts'
import { numbersOf } from './numbers-of.ts'
import { type Plan, type Reach, sizeCap } from './plan.ts'
import { stageOf, type TeamSize } from './stages.ts'
import type { PlayerValue, TicketFacts } from './ticket-facts.ts'

/** Of an equal check: the ticket's one value, or that it has none, or several (it fits with nobody then). */
export type Key = PlayerValue | undefined | typeof SEVERAL
export const SEVERAL = Symbol('several values')

/** Above this many regions two share a bit: the mask is then still necessary, no longer sufficient. */
const MASK_BITS = 31

/** The measure for dropping candidates early, at one stage. */
export interface Limits {
  teams: readonly TeamSize[]
  /** Players. */
  cap: number
  /** Per spread check. */
  spreads: readonly number[]
  /** `masks` per ticket; `common`: all tickets must share a bit, otherwise each must have one. */
  latencies: { rule: number; common: boolean; masks: Int32Array }[]
  /** Rules that can refuse what the fast checks let through. */
  generic: readonly { rule: number; canHold: NonNullable<CompiledRule['canHold']> }[]
}

export class PassPool {
  readonly plan: Plan
  readonly nowMs: number
  readonly tickets: readonly TicketFacts[]
  /** Stage of each ticket's own age. */
  readonly stages: readonly number[]
  readonly lows: readonly Float64Array[]
  readonly highs: readonly Float64Array[]
  readonly keys: readonly Key[][]
  readonly exactMasks: boolean
  /** False when players of a backfill ticket stand on teams already: then equal teams are not alike. */
  readonly teamsAreFree: boolean
  /** Work that one evaluation of each rule costs per member: long string lists make rules slow. */
  readonly weights: readonly number[]
  readonly #lowStage: number
  readonly #highStage: number
  readonly #regions = new Map<string, number>()
  readonly #masks: Map<number, Int32Array>[]
  readonly #limits: Limits[] = []
  readonly #twins: number[] = []
  readonly #twinNumbers = new Map<string, number>()
  readonly #additionalPlayerCount: number

  /** `tickets` can be matched at some age, and are in the order of the algorithm. */
  constructor(plan: Plan, tickets: readonly TicketFacts[], nowMs: number, additionalPlayerCount: number) {
    this.plan = plan
    this.#additionalPlayerCount = additionalPlayerCount
    this.nowMs = nowMs
    this.tickets = tickets
    this.stages = this.tickets.map(({ startTimeMs }) => stageOf(nowMs - startTimeMs, plan.stageAgesMs))
    this.#lowStage = this.stages.reduce((low, stage) => Math.min(low, stage), plan.stageAgesMs.length)
    this.#highStage = this.stages.reduce((high, stage) => Math.max(high, stage), 0)
    this.lows = plan.fast.spreads.map((check) => this.#bounds(check, 'min'))
    this.highs = plan.fast.spreads.map((check) => this.#bounds(check, 'max'))
    this.keys = plan.fast.equals.map((check) => this.#keysOf(check))
    for (const { latencies } of this.tickets) {
      for (const regions of latencies) {
        if (regions === null || regions === 'any') continue
        for (const region of regions.keys())
          if (!this.#regions.has(region)) this.#regions.set(region, this.#regions.size)
      }
    }
    this.exactMasks = this.#regions.size <= MASK_BITS
    this.teamsAreFree = this.tickets.every(({ isBackfill }) => !isBackfill)
    const readsLists = plan.ruleSet.rules.map(({ type }) => type === 'collection' || type === 'compound')
    const lists = readsLists.includes(true) ? 1 + this.#averageListLength() / 2 : 1
    this.weights = readsLists.map((reads) => (reads ? lists : 1))
    this.#masks = plan.latencyColumns.map(() => new Map())
  }

  /** What a set now at `stage` has to keep to, at the loosest stage it can still come to in this pool. */
  limits(stage: number): Limits {
    const known = this.#limits[stage]
    if (known !== undefined) return known
    const newest = this.plan.ruleSet.algorithm.expansionAgeSelection === 'newest'
    const reach = newest ? this.plan.reach(this.#lowStage, stage) : this.plan.reach(stage, this.#highStage)
    const limits = this.#limitsOf(reach)
    this.#limits[stage] = limits
    return limits
  }

  /** Stage of a set at stage `one` when a ticket at stage `other` joins. */
  joinedStage(one: number, other: number): number {
    return this.plan.ruleSet.algorithm.expansionAgeSelection === 'newest' ? Math.min(one, other) : Math.max(one, other)
  }

  /** Every region of the pool's tickets with its bit; one bit stands for one region while `exactMasks`. */
  regionBits(): { region: string; bit: number }[] {
    return [...this.#regions].map(([region, index]) => ({ region, bit: 1 << (index % MASK_BITS) }))
  }

  /** Tickets with the same number are the same to every rule: either can stand for the other. */
  twinsOf(ticket: number): number {
    const known = this.#twins[ticket]
    if (known !== undefined) return known
    const facts = this.tickets[ticket]
    const alike = facts !== undefined && !facts.isBackfill && !this.plan.usesPlayerIds
    const key = alike ? `${this.stages[ticket]} ${signatureOf(facts)}` : `only ${ticket}`
    const number = this.#twinNumbers.get(key) ?? ticket
    this.#twinNumbers.set(key, number)
    this.#twins[ticket] = number
    return number
  }

  #limitsOf(reach: Reach): Limits {
    const { plan, exactMasks } = this
    const { spreads, equals } = plan.fast
    const decided = new Set([...spreads, ...equals].flatMap(({ rule, exact }) => (exact ? [rule] : [])))
    const latencies: Limits['latencies'] = []
    for (const [index, { rule, enforced }] of plan.latencyColumns.entries()) {
      const bounds = reach.rules[rule]
      if (!enforced || bounds?.type !== 'latency') continue
      const common = plan.options.latency.requireCommonRegion
      latencies.push({ rule, common, masks: this.#masksFor(index, bounds.maxLatency ?? Number.POSITIVE_INFINITY) })
      if (exactMasks && bounds.maxDistance === null) decided.add(rule)
    }
    return {
      teams: reach.teams,
      cap: sizeCap(reach.teams, this.#additionalPlayerCount),
      spreads: spreads.map(({ rule, factor }) => {
        const bounds = reach.rules[rule]
        const max = bounds?.type === 'distance' || bounds?.type === 'batchDistance' ? bounds.maxDistance : null
        return max === null ? Number.POSITIVE_INFINITY : factor * max
      }),
      latencies,
      generic: plan.enforced.flatMap((rule) => {
        const canHold = reach.canHold[rule]
        return canHold === null || canHold === undefined || decided.has(rule) ? [] : [{ rule, canHold }]
      }),
    }
  }

  /** Per ticket, one bit per region it can use under `maxLatency`. */
  #masksFor(latencyColumn: number, maxLatency: number): Int32Array {
    const known = this.#masks[latencyColumn]?.get(maxLatency)
    if (known !== undefined) return known
    const masks = new Int32Array(this.tickets.length)
    for (const [index, { latencies }] of this.tickets.entries()) {
      const regions = latencies[latencyColumn] ?? null
      if (regions === null) continue
      if (regions === 'any') masks[index] = -1
      else masks[index] = this.#mask(regions, maxLatency)
    }
    this.#masks[latencyColumn]?.set(maxLatency, masks)
    return masks
  }

  #mask(regions: Exclude<TicketFacts['latencies'][number], 'any' | null>, maxLatency: number): number {
    let mask = 0
    for (const [region, { max }] of regions) {
      if (max <= maxLatency) mask |= 1 << ((this.#regions.get(region) ?? 0) % MASK_BITS)
    }
    return mask
  }

  #averageListLength(): number {
    let sum = 0
    for (const { columns } of this.tickets) {
      for (const { values } of columns) for (const value of values) if (Array.isArray(value)) sum += value.length
    }
    return sum / Math.max(1, this.tickets.length)
  }

  #bounds({ column }: SpreadCheck, end: 'min' | 'max'): Float64Array {
    return numbersOf(this.tickets, ({ columns }) => columns[column]?.[end] ?? Number.NaN)
  }

  #keysOf({ column }: EqualCheck): Key[] {
    return this.tickets.map(({ columns }) => {
      const values = columns[column]?.values ?? []
      return values.every((value) => value === values[0]) ? values[0] : SEVERAL
    })
  }
}

// Kept with the facts: it is long to make and the same in every pass.
const signatures = new WeakMap<TicketFacts, string>()

/** Everything rules can see of a ticket, as text. */
function signatureOf(facts: TicketFacts): string {
  const known = signatures.get(facts)
  if (known !== undefined) return known
  const values = facts.columns.map((column) => column.values)
  const plain = (_: string, value: unknown) => (value instanceof Map ? [...value].sort() : value)
  const signature = JSON.stringify([facts.size, values, facts.latencies], plain)
  signatures.set(facts, signature)
  return signature
}
