/** Everything a match of one stage has to keep to: team sizes, and the enforced rules with the values of that stage. */
import type { CandidateSet } from '#lib/engine/core/matching/candidate-set.ts'
import type { CompiledRule } from '#lib/engine/core/matching/compiled-rule.ts'
import { type Plan, sizeCap } from '#lib/engine/core/matching/plan.ts'
import type { TeamSize } from '#lib/engine/core/matching/stages.ts'
import type { TicketFacts } from '#lib/engine/core/matching/ticket-facts.ts'
import type { Rule } from '#lib/flexmatch/rule-set/rule-set.ts'

export class StageRules {
  readonly index: number
  readonly rules: readonly Rule[]
  readonly teams: readonly TeamSize[]
  /** Most players of a match. */
  readonly cap: number
  readonly #enforced: readonly { rule: number; compiled: CompiledRule }[]
  /** Largest minus smallest value of a column may not exceed `limit`, whoever joins. */
  readonly #spreads: readonly { rule: number; column: number; limit: number }[]

  constructor(plan: Plan, index: number, additionalPlayerCount: number) {
    const { rules, teams, compiled } = plan.stage(index)
    this.index = index
    this.rules = rules
    this.teams = teams
    this.cap = sizeCap(teams, additionalPlayerCount)
    this.#enforced = plan.enforced.flatMap((rule) => {
      const one = compiled[rule]
      return one ? [{ rule, compiled: one }] : []
    })
    this.#spreads = plan.fast.spreads.flatMap(({ rule, column, factor }) => {
      const bounds = rules[rule]
      const max = bounds?.type === 'distance' || bounds?.type === 'batchDistance' ? bounds.maxDistance : null
      return max === null ? [] : [{ rule, column, limit: factor * max }]
    })
  }

  /** Players still missing before every team has its minimum. */
  shortage({ sizes }: CandidateSet): number {
    return this.teams.reduce((sum, { min }, team) => sum + Math.max(0, min - (sizes[team] ?? 0)), 0)
  }

  /** Whether no team and not the match has too many players. */
  hasRoom({ sizes, total }: CandidateSet): boolean {
    return total <= this.cap && this.teams.every(({ max }, team) => (sizes[team] ?? 0) <= max)
  }

  /** Whether the ticket can join, a new one on `team`, as far as players count. */
  hasRoomFor({ sizes, total }: CandidateSet, facts: TicketFacts, team: number): boolean {
    if (total + facts.size > this.cap) return false
    return facts.groups.every((group) => {
      const on = group.team ?? team
      return (sizes[on] ?? 0) + group.size <= (this.teams[on]?.max ?? 0)
    })
  }

  /** Enforced rules that fail now and whoever joins. A full set has nobody to wait for: every failing rule counts. */
  refusing(set: CandidateSet): number[] {
    if (set.total >= this.cap) return this.failing(set)
    const refusing: number[] = []
    for (const { rule, compiled } of this.#enforced) {
      const canHold = compiled.canHold === null || compiled.canHold(set)
      if (!canHold || !this.#spreadIsWithin(rule, set)) refusing.push(rule)
    }
    return refusing
  }

  /** Whether `refusing` is empty, found out sooner. */
  canHold(set: CandidateSet): boolean {
    return (
      this.#enforced.every(({ compiled }) => compiled.canHold === null || compiled.canHold(set)) &&
      this.#spreads.every(({ rule }) => this.#spreadIsWithin(rule, set))
    )
  }

  /** A cheap necessary condition of `canHold` for a set of these two. */
  spreadsAllow({ columns: one }: TicketFacts, { columns: other }: TicketFacts): boolean {
    return this.#spreads.every(({ column, limit }) => {
      const [mine, its] = [one[column], other[column]]
      if (mine === undefined || its === undefined) return true
      return !(Math.max(mine.max, its.max) - Math.min(mine.min, its.min) > limit)
    })
  }

  /** Enforced rules that do not hold for the set as it stands. */
  failing(set: CandidateSet): number[] {
    return this.#enforced.flatMap(({ rule, compiled }) => (compiled.holds(set) ? [] : [rule]))
  }

  #spreadIsWithin(rule: number, { members }: CandidateSet): boolean {
    for (const spread of this.#spreads) {
      if (spread.rule !== rule) continue
      let min = Number.POSITIVE_INFINITY
      let max = Number.NEGATIVE_INFINITY
      for (const facts of members) {
        min = Math.min(min, facts.columns[spread.column]?.min ?? min)
        max = Math.max(max, facts.columns[spread.column]?.max ?? max)
      }
      if (max - min > spread.limit) return false
    }
    return true
  }
}
