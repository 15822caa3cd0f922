/** The numbers behind a rule's refusal, straight from the rule's definition. */
import type { CandidateSet } from '#lib/engine/core/matching/candidate-set.ts'
import { compiled } from '#lib/engine/core/matching/compiled-rule.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import type {
  BatchDistanceRule,
  ComparisonRule,
  CompoundRule,
  DistanceRule,
  Rule,
  Statement,
} from '#lib/flexmatch/rule-set/rule-set.ts'
import type { Measurement } from './explanation.ts'
import { collectionMeasurements } from './measure-collection.ts'
import { measureLatency } from './measure-latency.ts'
import { measurement, type RuleMeasure, type Scalar, scalarsOf, shortfallOf, WHOLLY, worst } from './measure-values.ts'
import { expressionText, measurementText } from './shown.ts'
import type { StageRules } from './stage-rules.ts'
import type { Subject } from './subject.ts'

/** What is measured: a set, and the same tickets as members. */
export interface Measured {
  plan: Plan
  stage: StageRules
  set: CandidateSet
  members: readonly Subject[]
}

/** What the rule measures on the set, at its worst place. To be asked of rules that fail, or of leaves of those. */
export function measureRule(index: number, of: Measured): RuleMeasure {
  const rule = of.stage.rules[index]
  switch (rule?.type) {
    case 'comparison':
      return fromWorst(comparisonMeasurements(rule, of), 'a party cannot have one string value')
    case 'distance':
      return fromWorst(distanceMeasurements(rule, of))
    case 'batchDistance':
      return fromWorst(batchDistanceMeasurements(rule, of))
    case 'collection':
      return fromWorst(collectionMeasurements(rule, of.set, of.plan))
    case 'latency':
      return measureLatency(rule, of.members, of.plan)
    case 'compound':
      return measureCompound(rule, of)
    case 'absoluteSort':
    case 'distanceSort':
    case undefined:
      return { measured: null, shortfall: 0, text: 'sorts candidates and refuses nobody' }
  }
}

function fromWorst(measurements: readonly Measurement[], otherwise = 'does not hold'): RuleMeasure {
  const one = worst(measurements)
  if (one === undefined || shortfallOf(one) === 0) return { measured: null, shortfall: WHOLLY, text: otherwise }
  return { measured: one, shortfall: shortfallOf(one), text: measurementText(one) }
}

function distanceMeasurements(rule: DistanceRule, { plan, set }: Measured): Measurement[] {
  const { referenceValue, partyAggregation, minDistance, maxDistance } = rule
  const reference =
    referenceValue.kind === 'number'
      ? referenceValue.value
      : compiled(referenceValue.expression, partyAggregation, plan).evaluate(set)
  if (typeof reference !== 'number') return []
  const from =
    referenceValue.kind === 'number' ? String(reference) : expressionText(referenceValue.expression, plan.ruleSet)
  return rule.measurements.flatMap((expression) => {
    const what = `distance of ${expressionText(expression, plan.ruleSet)} from ${from}`
    return scalarsOf(compiled(expression, partyAggregation, plan).evaluate(set)).flatMap((value) => {
      if (typeof value !== 'number') return []
      const distance = Math.abs(value - reference)
      return [
        ...(minDistance === null ? [] : [measurement(what, distance, 'at least', minDistance)]),
        ...(maxDistance === null ? [] : [measurement(what, distance, 'at most', maxDistance)]),
      ]
    })
  })
}

function batchDistanceMeasurements(rule: BatchDistanceRule, { plan, set }: Measured): Measurement[] {
  const column = plan.columns.of(rule.batchAttribute, rule.partyAggregation)
  const values = set.members.flatMap(({ columns }) => scalarsOf((columns[column]?.values ?? []) as Scalar[]))
  if (rule.maxDistance === null) return allEqual(rule.batchAttribute, values)
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length === 0) return []
  const spread = Math.max(...numbers) - Math.min(...numbers)
  return [measurement(`distance between ${rule.batchAttribute} values`, spread, 'at most', rule.maxDistance)]
}

const BOUNDS = {
  '<': 'below',
  '<=': 'at most',
  '=': 'equal to',
  '!=': 'other than',
  '>': 'above',
  '>=': 'at least',
} as const satisfies Record<ComparisonRule['operation'], Measurement['bound']>

function comparisonMeasurements(rule: ComparisonRule, { plan, set }: Measured): Measurement[] {
  const { operation, referenceValue, partyAggregation } = rule
  if (referenceValue === null) return amongThemselves(rule, plan, set)
  const reference =
    referenceValue.kind === 'expression'
      ? compiled(referenceValue.expression, partyAggregation, plan).evaluate(set)
      : referenceValue.value
  if (typeof reference !== 'number' && typeof reference !== 'string') return []
  return rule.measurements.flatMap((expression) =>
    scalarsOf(compiled(expression, partyAggregation, plan).evaluate(set)).map((value) =>
      measurement(expressionText(expression, plan.ruleSet), value, BOUNDS[operation], reference),
    ),
  )
}

/** Values still grouped by team are compared team by team, all others with each other. */
function amongThemselves(rule: ComparisonRule, plan: Plan, set: CandidateSet): Measurement[] {
  const perPlayer = rule.operation === '!='
  const pooled: Scalar[] = []
  const groups: Scalar[][] = [pooled]
  for (const expression of rule.measurements) {
    const value = compiled(expression, perPlayer ? 'none' : rule.partyAggregation, plan).evaluate(set)
    if (expression.type.levels > 1 && typeof value === 'object') groups.push(...value.map(scalarsOf))
    else pooled.push(...scalarsOf(value))
  }
  const [first] = rule.measurements
  const what = first === undefined ? '' : expressionText(first, plan.ruleSet)
  return groups.flatMap((values) => (perPlayer ? allDifferent(what, values) : allEqual(what, values)))
}

function allEqual(what: string, values: readonly Scalar[]): Measurement[] {
  const [first, ...others] = values
  if (first === undefined) return []
  if (typeof first !== 'number') return others.map((value) => measurement(what, value, 'equal to', first))
  const numbers = values.filter((value) => typeof value === 'number')
  return [measurement(what, Math.max(...numbers), 'equal to', Math.min(...numbers))]
}

function allDifferent(what: string, values: readonly Scalar[]): Measurement[] {
  const repeated = values.find((value, index) => values.indexOf(value) < index)
  return repeated === undefined ? [] : [measurement(what, repeated, 'other than', repeated)]
}

/** A compound misses by as much as its nearest way to hold. */
function measureCompound({ statement }: CompoundRule, of: Measured): RuleMeasure {
  const nearest = nearestWay(statement, of)
  const leaves = leavesOf(statement).map((leaf) => {
    const rule = of.stage.rules[leaf]
    const name = JSON.stringify(rule?.name ?? '')
    if (holds(leaf, of)) return `${name} holds`
    return `${name} fails (${measureRule(leaf, of).text})`
  })
  return { ...nearest, text: `${statementText(statement, of.stage.rules)} does not hold: ${leaves.join('; ')}` }
}

function holds(leaf: number, { plan, stage, set }: Measured): boolean {
  return plan.stage(stage.index).compiled[leaf]?.holds(set) ?? true
}

function nearestWay(statement: Statement, of: Measured): Pick<RuleMeasure, 'measured' | 'shortfall'> {
  if (statementHolds(statement, of)) return { measured: null, shortfall: 0 }
  if (statement.kind === 'rule') return measureRule(statement.rule, of)
  if (statement.kind !== 'and' && statement.kind !== 'or') return { measured: null, shortfall: WHOLLY }
  const [left, right] = [nearestWay(statement.left, of), nearestWay(statement.right, of)]
  const leftDecides = statement.kind === 'or' ? left.shortfall <= right.shortfall : left.shortfall >= right.shortfall
  return leftDecides ? left : right
}

function statementHolds(statement: Statement, of: Measured): boolean {
  switch (statement.kind) {
    case 'rule':
      return holds(statement.rule, of)
    case 'not':
      return !statementHolds(statement.operand, of)
    case 'and':
      return statementHolds(statement.left, of) && statementHolds(statement.right, of)
    case 'or':
      return statementHolds(statement.left, of) || statementHolds(statement.right, of)
    case 'xor':
      return statementHolds(statement.left, of) !== statementHolds(statement.right, of)
  }
}

/** The rules of a compound, each once. */
export function leavesOf(statement: Statement): number[] {
  if (statement.kind === 'rule') return [statement.rule]
  if (statement.kind === 'not') return leavesOf(statement.operand)
  return [...new Set([...leavesOf(statement.left), ...leavesOf(statement.right)])]
}

function statementText(statement: Statement, rules: readonly Rule[]): string {
  if (statement.kind === 'rule') return rules[statement.rule]?.name ?? ''
  if (statement.kind === 'not') return `not(${statementText(statement.operand, rules)})`
  return `${statement.kind}(${statementText(statement.left, rules)}, ${statementText(statement.right, rules)})`
}
