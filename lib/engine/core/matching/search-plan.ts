/** What the search of a kept pool asks of a plan: which columns to keep, how to order and split them, limits per stage. */
import type { Expression } from '#lib/flexmatch/rule-set/expression.ts'
import type { Rule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { EqualCheck, SharedCheck, SpreadCheck } from './fast-checks.ts'
import { type Plan, sizeCap } from './plan.ts'
import type { Direction } from './slot-walk.ts'
import type { TeamSize } from './stages.ts'
import type { TicketFacts } from './ticket-facts.ts'

/** Candidates come by this value of theirs: nearest to the anchor's, or from one end. `order`: the oldest first. */
export interface IndexBy {
  direction: Direction
  valueOf: ((facts: TicketFacts) => number) | 'order'
  /** The spread check whose low end the value is; -1 for none. */
  spread: number
}

/** Of tickets, what has to be kept beside the columns: nothing, what rules read, or latencies too. */
export type Keeps = 'nothing' | 'values' | 'everything'

/** Bounds for sets at one stage. */
export interface StageLimits {
  teams: readonly TeamSize[]
  /** Players. */
  cap: number
  leastPlayers: number
  /** Per spread check. */
  spreads: readonly number[]
  /** Per latency column, which of its masks counts. */
  maskVariants: readonly number[]
  /** Per shared check, how many strings have to be in common. */
  sharedCounts: readonly number[]
  /** Rules that columns do not decide, in order; `canHold` null for those that can always recover. */
  rules: readonly { rule: number; compiled: CompiledRule }[]
  /** Whether totals of teams are all that asking them takes. */
  readsTotals: boolean
  /** Of those, the ones that can drop a candidate. */
  pruning: readonly { rule: number; canHold: NonNullable<CompiledRule['canHold']> }[]
}

export class SearchPlan {
  readonly plan: Plan
  readonly spreads: readonly SpreadCheck[]
  readonly equals: readonly EqualCheck[]
  readonly shared: readonly SharedCheck[]
  readonly indexBy: IndexBy
  readonly keeps: Keeps
  /** Per latency column the latency limits of all stages, the loosest first. */
  readonly maxLatencies: readonly (readonly number[])[]
  /** The latency column by whose regions tickets are kept apart; -1 when they need none in common. */
  readonly regionColumn: number
  /** Columns of numbers that totals are made of; none where no rule reads them. */
  readonly totalled: readonly number[]
  /** Whether a ticket without latencies can be in no match. */
  readonly asksLatency: boolean
  /** The column whose team averages or sums rules compare; null when none does. */
  readonly dealtColumn: number | null
  readonly newest: boolean
  /** Over all stages. */
  readonly loosest: { spreads: readonly number[]; sharedCounts: readonly number[]; leastPlayers: number; cap: number }
  readonly #additionalPlayerCount: number
  readonly #limits: (StageLimits | undefined)[] = []

  constructor(plan: Plan, additionalPlayerCount: number) {
    this.plan = plan
    this.#additionalPlayerCount = additionalPlayerCount
    this.spreads = plan.fast.spreads
    this.equals = plan.fast.equals
    this.shared = plan.fast.shared
    this.newest = plan.ruleSet.algorithm.expansionAgeSelection === 'newest'
    this.maxLatencies = plan.latencyColumns.map(({ rule }) => this.#maxLatenciesOf(rule))
    const common = plan.options.latency.requireCommonRegion
    this.regionColumn = common ? plan.latencyColumns.findIndex(({ enforced }) => enforced) : -1
    this.asksLatency = plan.latencyColumns.some(({ enforced }) => enforced)
    this.indexBy = indexOf(plan)
    this.dealtColumn = dealtColumnOf(plan)
    this.keeps = this.#keepsOf()
    const numbers = plan.columns.all.flatMap(({ type }, column) => (type === 'number' ? [column] : []))
    const asks = Array.from({ length: this.stageCount }, (_, stage) => this.limits(stage, true, true).rules.length)
    this.totalled = this.keeps === 'nothing' && Math.max(...asks) > 0 ? numbers : []
    const stages = Array.from({ length: this.stageCount }, (_, stage) => this.limits(stage, true, true))
    this.loosest = {
      spreads: this.spreads.map((_, check) => Math.max(...stages.map(({ spreads }) => spreads[check]!))),
      sharedCounts: this.shared.map((_, check) => Math.min(...stages.map(({ sharedCounts }) => sharedCounts[check]!))),
      leastPlayers: Math.min(...stages.map(({ leastPlayers }) => leastPlayers)),
      cap: Math.max(...stages.map(({ cap }) => cap)),
    }
  }

  get stageCount(): number {
    return this.plan.stageAgesMs.length + 1
  }

  /** `exactRegions`: one mask bit stands for one region; `exactLists`: the same of each shared check's strings. */
  limits(stage: number, exactRegions: boolean, exactLists: boolean): StageLimits {
    const key = 4 * stage + (exactRegions ? 2 : 0) + (exactLists ? 1 : 0)
    this.#limits[key] ??= this.#limitsOf(stage, exactRegions, exactLists)
    return this.#limits[key]
  }

  #limitsOf(index: number, exactRegions: boolean, exactLists: boolean): StageLimits {
    const { plan } = this
    const stage = plan.stage(index)
    const decided = new Set([...this.spreads, ...this.equals].flatMap(({ rule, exact }) => (exact ? [rule] : [])))
    if (plan.options.stringPartyAggregation === 'failParties') {
      for (const { rule, column } of this.equals) if (plan.columns.all[column]?.type === 'string') decided.delete(rule)
    }
    if (exactLists) for (const { rule, exact } of this.shared) if (exact) decided.add(rule)
    if (exactRegions) {
      for (const { rule, enforced } of plan.latencyColumns) {
        const bounds = stage.rules[rule]
        if (enforced && bounds?.type === 'latency' && bounds.maxDistance === null) decided.add(rule)
      }
    }
    const rules = plan.enforced.flatMap((rule) => {
      const compiled = stage.compiled[rule]
      return compiled && !decided.has(rule) ? [{ rule, compiled }] : []
    })
    const pruning = rules.flatMap(({ rule, compiled: { canHold } }) => (canHold === null ? [] : [{ rule, canHold }]))
    return {
      teams: stage.teams,
      cap: sizeCap(stage.teams, this.#additionalPlayerCount),
      leastPlayers: stage.teams.reduce((sum, { min }) => sum + min, 0),
      spreads: this.spreads.map(({ rule, factor }) => {
        const bounds = stage.rules[rule]
        const max = bounds?.type === 'distance' || bounds?.type === 'batchDistance' ? bounds.maxDistance : null
        return max === null ? Number.POSITIVE_INFINITY : factor * max
      }),
      maskVariants: plan.latencyColumns.map(({ rule }, column) =>
        Math.max(0, this.maxLatencies[column]!.indexOf(maxLatencyOf(stage.rules[rule]))),
      ),
      sharedCounts: this.shared.map(({ rule }) => {
        const bounds = stage.rules[rule]
        return bounds?.type === 'collection' ? (bounds.minCount ?? 0) : 0
      }),
      rules,
      readsTotals: pruning.length === 0 && rules.every(({ compiled }) => compiled.readsTotals === true),
      pruning,
    }
  }

  #maxLatenciesOf(rule: number): number[] {
    const all = Array.from({ length: this.stageCount }, (_, stage) => maxLatencyOf(this.plan.stage(stage).rules[rule]))
    return [...new Set(all)].sort((one, other) => other - one)
  }

  #keepsOf(): Keeps {
    const { ruleSet, fastestRegionColumn, latencyColumns } = this.plan
    if (ruleSet.size === 'large' || fastestRegionColumn !== null) return 'everything'
    const readsLatencies = latencyColumns.some(
      ({ enforced, rule }) =>
        !enforced || this.#stageRules(rule).some((one) => one.type === 'latency' && one.maxDistance !== null),
    )
    if (readsLatencies) return 'everything'
    const stages = Array.from({ length: this.stageCount }, (_, stage) => this.limits(stage, true, true))
    return stages.every((limits) => limits.readsTotals) && this.plan.balancedColumn === null ? 'nothing' : 'values'
  }

  #stageRules(rule: number): Rule[] {
    return Array.from({ length: this.stageCount }, (_, stage) => this.plan.stage(stage).rules[rule]!)
  }
}

/** Infinity without a limit, also for what is no latency rule. */
function maxLatencyOf(rule: Rule | undefined): number {
  return (rule?.type === 'latency' ? rule.maxLatency : null) ?? Number.POSITIVE_INFINITY
}

/** The order a sort rule asks for; else that of the balanced attribute; else that of a spread; else of age. */
function indexOf(plan: Plan): IndexBy {
  const byColumn = (column: number, direction: Direction): IndexBy => ({
    direction,
    valueOf: (facts) => meanOf(facts, column),
    spread: -1,
  })
  const [sort] = plan.sorts
  if (sort !== undefined) {
    const isNumber = plan.columns.all[sort.column]?.type === 'number'
    if (!isNumber) return OLDEST_FIRST
    if (sort.rule.type === 'distanceSort' && sort.rule.sortDirection === 'ascending') {
      return byColumn(sort.column, 'nearest')
    }
    if (sort.rule.type === 'distanceSort') return OLDEST_FIRST
    return byColumn(sort.column, sort.rule.sortDirection)
  }
  if (plan.balancedColumn !== null) return byColumn(plan.balancedColumn, 'nearest')
  const [spread] = plan.fast.spreads
  if (spread === undefined) return OLDEST_FIRST
  const { column } = spread
  return { direction: 'nearest', valueOf: (facts) => facts.columns[column]?.min ?? Number.POSITIVE_INFINITY, spread: 0 }
}

const OLDEST_FIRST: IndexBy = { direction: 'ascending', valueOf: 'order', spread: -1 }

function meanOf({ columns }: TicketFacts, column: number): number {
  const values = columns[column]
  return values === undefined || values.values.length === 0
    ? Number.POSITIVE_INFINITY
    : values.sum / values.values.length
}

/** Of the first rule that measures averages, sums or medians of a number over teams. */
function dealtColumnOf(plan: Plan): number | null {
  if (plan.balancedColumn !== null) return plan.balancedColumn
  for (const index of plan.enforced) {
    const rule = plan.ruleSet.rules[index]
    if (rule?.type !== 'distance' && rule?.type !== 'comparison') continue
    for (const measurement of rule.measurements) {
      const attribute = averagedAttribute(measurement)
      if (attribute !== null) return plan.columns.of(attribute, rule.partyAggregation)
    }
  }
  return null
}

function averagedAttribute(expression: Expression): string | null {
  let averages = false
  let inner = expression
  while (inner.kind === 'call') {
    averages ||= inner.functionName === 'avg' || inner.functionName === 'sum' || inner.functionName === 'median'
    inner = inner.argument
  }
  return averages && inner.type.element === 'number' ? inner.attribute : null
}
