/** A rule set made ready to be run: columns, checks and, stage by stage, compiled rules. Holds nothing of any ticket. */
import type { EngineOptions } from '#lib/engine/core/contract.ts'
import type { Rule, RuleSet, SortRule, Statement } from '#lib/flexmatch/rule-set/rule-set.ts'
import { Columns } from './columns.ts'
import { compileBatchDistance } from './compile-batch-distance.ts'
import { compileCollection } from './compile-collection.ts'
import { compileComparison } from './compile-comparison.ts'
import { compileCompound } from './compile-compound.ts'
import { compileDistance } from './compile-distance.ts'
import { compileLatency } from './compile-latency.ts'
import type { CompiledRule } from './compiled-rule.ts'
import { type FastChecks, fastChecks } from './fast-checks.ts'
import type { LatencyColumn } from './latency.ts'
import { loosest, rulesAt, stageAgesMs, type TeamSize } from './stages.ts'
import { expressionsOf, teamClasses } from './team-classes.ts'
import type { FactsPlan } from './ticket-facts.ts'

export type MatchingOptions = Pick<EngineOptions, 'latency' | 'partyValueWeight' | 'stringPartyAggregation'>

export interface Stage {
  /** As `RuleSet.rules`, with the values of this stage. */
  rules: readonly Rule[]
  teams: readonly TeamSize[]
  compiled: readonly (CompiledRule | null)[]
}

/** What holds at some stage a set can still come to by adding tickets: the measure for dropping candidates. */
export interface Reach {
  teams: readonly TeamSize[]
  /** Per rule; null where nothing can be said early. */
  canHold: readonly CompiledRule['canHold'][]
  /** Per rule, the loosest bounds; null where the reference itself changes. */
  rules: readonly (Rule | null)[]
}

/** Also an upper bound where expansions raise maxPlayers: no game session has more player sessions. */
const MAX_MATCH_PLAYERS = 200
const MAX_CACHED_REACHES = 256

export class Plan {
  readonly ruleSet: RuleSet
  readonly options: MatchingOptions
  readonly columns: Columns
  readonly latencyColumns: readonly LatencyColumn[]
  readonly stageAgesMs: readonly number[]
  /** Rules that must hold on their own, in order: all but sort rules and those that a compound uses. */
  readonly enforced: readonly number[]
  readonly fast: FastChecks
  /** Sort rules in order, the first being the main key. */
  readonly sorts: readonly { rule: SortRule; column: number }[]
  /** Strategy `balanced`: the column by which teams are balanced. */
  readonly balancedColumn: number | null
  /** batchingPreference `fastestRegion`: where a ticket keeps its latencies for it. */
  readonly fastestRegionColumn: number | null
  /** Teams with the same number can be swapped without any rule noticing. */
  readonly teamClass: readonly number[]
  /** Whether any rule looks at who a player is, so that no two tickets are alike. */
  readonly usesPlayerIds: boolean
  /** What reading a ticket takes. */
  readonly factsPlan: FactsPlan
  readonly #latencyIndex = new Map<number, number>()
  readonly #stages = new Map<number, Stage>()
  readonly #reaches = new Map<string, Reach>()

  constructor(ruleSet: RuleSet, options: MatchingOptions) {
    this.ruleSet = ruleSet
    this.options = options
    this.columns = new Columns(ruleSet.playerAttributes)
    this.stageAgesMs = stageAgesMs(ruleSet)
    const leaves = new Set(ruleSet.rules.flatMap((rule) => (rule.type === 'compound' ? leavesOf(rule.statement) : [])))
    const sorts = (rule: Rule) => rule.type === 'absoluteSort' || rule.type === 'distanceSort'
    this.enforced = ruleSet.rules.flatMap((rule, index) => (leaves.has(index) || sorts(rule) ? [] : [index]))
    const latencyColumns: LatencyColumn[] = []
    for (const [index, rule] of ruleSet.rules.entries()) {
      if (rule.type !== 'latency') continue
      this.#latencyIndex.set(index, latencyColumns.length)
      latencyColumns.push({
        rule: index,
        ruleName: rule.name,
        aggregation: rule.partyAggregation,
        enforced: !leaves.has(index),
      })
    }
    const { strategy, balancedAttribute, batchingPreference } = ruleSet.algorithm
    const balances = strategy === 'balanced' && balancedAttribute !== null
    this.balancedColumn = balances ? this.columns.of(balancedAttribute, 'avg') : null
    this.fastestRegionColumn = batchingPreference === 'fastestRegion' ? latencyColumns.length : null
    if (this.fastestRegionColumn !== null) {
      latencyColumns.push({ rule: -1, ruleName: '', aggregation: 'avg', enforced: false })
    }
    this.latencyColumns = latencyColumns
    this.sorts = ruleSet.rules.flatMap((rule) =>
      rule.type === 'absoluteSort' || rule.type === 'distanceSort'
        ? [{ rule, column: this.columns.of(rule.sortAttribute, rule.partyAggregation) }]
        : [],
    )
    this.fast = fastChecks(ruleSet, this.enforced, this.columns)
    this.teamClass = teamClasses(ruleSet)
    this.usesPlayerIds = expressionsOf(ruleSet).some(({ path }) => path.property === 'playerId')
    this.#nameColumns()
    const { playerAttributes: attributes, teams } = ruleSet
    const { partyValueWeight } = options
    this.factsPlan = { attributes, teams, columns: this.columns.all, latencyColumns, partyValueWeight }
  }

  /** Every column has to exist before the first ticket is read; compiling a rule in each of its forms names them. */
  #nameColumns(): void {
    this.stage(0)
    for (const expansion of this.ruleSet.expansions) {
      if (expansion.kind !== 'ruleReference') continue
      const rule = this.ruleSet.rules[expansion.rule]
      for (const { value } of expansion.steps)
        this.#compileRule({ ...rule, referenceValue: value } as Rule, expansion.rule, [])
    }
  }

  get teamCount(): number {
    return this.ruleSet.teams.length
  }

  stage(index: number): Stage {
    const known = this.#stages.get(index)
    if (known !== undefined) return known
    const { rules, teams } = rulesAt(this.ruleSet, index === 0 ? 0 : (this.stageAgesMs[index - 1] ?? 0))
    const stage = { rules, teams, compiled: this.#compile(rules) }
    this.#stages.set(index, stage)
    return stage
  }

  /** For sets whose stage can be anything from `low` to `high`. */
  reach(low: number, high: number): Reach {
    const key = `${low} ${high}`
    const known = this.#reaches.get(key)
    if (known !== undefined) return known
    const first = this.stage(low)
    const rules: (Rule | null)[] = [...first.rules]
    const teams = first.teams.map((team) => ({ ...team }))
    for (let index = low + 1; index <= high; index++) {
      const stage = this.stage(index)
      for (const [rule, sofar] of rules.entries()) {
        const here = stage.rules[rule]
        if (sofar !== null && here !== undefined) rules[rule] = loosest(sofar, here)
      }
      for (const [index, team] of teams.entries()) {
        team.min = Math.min(team.min, stage.teams[index]?.min ?? team.min)
        team.max = Math.max(team.max, stage.teams[index]?.max ?? team.max)
      }
    }
    const compiled = low === high ? first.compiled : this.#compile(rules)
    const reach = { teams, rules, canHold: compiled.map((rule) => rule?.canHold ?? null) }
    if (this.#reaches.size >= MAX_CACHED_REACHES) this.#reaches.clear()
    this.#reaches.set(key, reach)
    return reach
  }

  /** null for sort rules, and for rules that have no one form over several stages. */
  #compile(rules: readonly (Rule | null)[]): (CompiledRule | null)[] {
    const compiled: (CompiledRule | null)[] = []
    for (const [index, rule] of rules.entries())
      compiled.push(rule === null ? null : this.#compileRule(rule, index, compiled))
    return compiled
  }

  #compileRule(rule: Rule, index: number, before: readonly (CompiledRule | null)[]): CompiledRule | null {
    switch (rule.type) {
      case 'comparison':
        return compileComparison(rule, this)
      case 'distance':
        return compileDistance(rule, this)
      case 'collection':
        return compileCollection(rule, this)
      case 'batchDistance':
        return compileBatchDistance(rule, this)
      case 'latency':
        return compileLatency(rule, this.#latencyIndex.get(index) ?? 0, this)
      case 'compound':
        return compileCompound(rule.statement, (leaf) => counted(before[leaf] ?? ALWAYS_RECOVERS, leaf))
      case 'absoluteSort':
      case 'distanceSort':
        return null
    }
  }
}

/** Stands for a leaf without one form over several stages: nothing can be dropped because of it. */
const ALWAYS_RECOVERS: CompiledRule = { holds: () => true, canHold: null }

/** Rules are counted where they are asked; the leaves of a compound are asked here. */
function counted(rule: CompiledRule, index: number): CompiledRule {
  return { holds: (set) => set.counts.count(index, rule.holds(set)), canHold: rule.canHold }
}

function leavesOf(statement: Statement): number[] {
  switch (statement.kind) {
    case 'rule':
      return [statement.rule]
    case 'not':
      return leavesOf(statement.operand)
    default:
      return [...leavesOf(statement.left), ...leavesOf(statement.right)]
  }
}

/** Most players a match can have under these team sizes. */
export function sizeCap(teams: readonly TeamSize[], additionalPlayerCount: number): number {
  const room = teams.reduce((sum, { max }) => sum + max, 0)
  return Math.min(room, MAX_MATCH_PLAYERS) - additionalPlayerCount
}

// A rule set is immutable, so its plan is a pure function of it and of the options.
const plans = new WeakMap<RuleSet, Map<string, Plan>>()

export function planFor(ruleSet: RuleSet, options: MatchingOptions): Plan {
  const key = JSON.stringify([options.latency, options.partyValueWeight, options.stringPartyAggregation])
  const known = plans.get(ruleSet) ?? new Map<string, Plan>()
  plans.set(ruleSet, known)
  const plan = known.get(key) ?? new Plan(ruleSet, options)
  known.set(key, plan)
  return plan
}
