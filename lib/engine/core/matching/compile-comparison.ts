import type { Expression } from '#lib/flexmatch/rule-set/expression.ts'
import type { ComparisonOperation, ComparisonRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { CandidateSet } from './candidate-set.ts'
import { type CompileContext, type CompiledExpression, type CompiledRule, compiled } from './compiled-rule.ts'
import { readsTotals, type Value } from './evaluate-expression.ts'
import type { Trend } from './trends.ts'

type Scalar = number | string

export function compileComparison(rule: ComparisonRule, context: CompileContext): CompiledRule {
  // "All different" is about players: a party does not become one player by aggregation.
  const perPlayer = rule.operation === '!=' && rule.referenceValue === null
  const measurements = rule.measurements.map((expression) =>
    compiled(expression, perPlayer ? 'none' : rule.partyAggregation, context),
  )
  const compared =
    rule.referenceValue === null ? amongThemselves(rule, measurements) : withReference(rule, measurements, context)
  if (context.options.stringPartyAggregation === 'perPlayer') return compared
  return failingParties(compared, rule.measurements)
}

function withReference(
  { operation, referenceValue, partyAggregation }: ComparisonRule,
  measurements: readonly CompiledExpression[],
  context: CompileContext,
): CompiledRule {
  const expression =
    referenceValue?.kind === 'expression' ? compiled(referenceValue.expression, partyAggregation, context) : null
  const literal = referenceValue === null || referenceValue.kind === 'expression' ? undefined : referenceValue.value
  const compare = COMPARE[operation]
  const check = (subjects: readonly CompiledExpression[]) => (set: CandidateSet) => {
    const reference = expression === null ? literal : expression.evaluate(set)
    if (typeof reference !== 'number' && typeof reference !== 'string') return true
    return subjects.every(({ every }) => every(set, (value) => compare(value, reference)))
  }
  const final = measurements.filter(({ trend }) => failureIsFinal(operation, trend, expression?.trend ?? 'constant'))
  return {
    readsTotals: [...measurements, ...(expression ? [expression] : [])].every((one) => readsTotals(one.expression)),
    holds: check(measurements),
    canHold: final.length === 0 ? null : check(final),
  }
}

const COMPARE: Readonly<Record<ComparisonOperation, (value: Scalar, reference: Scalar) => boolean>> = {
  '<': (value, reference) => value < reference,
  '<=': (value, reference) => value <= reference,
  '=': (value, reference) => value === reference,
  '!=': (value, reference) => value !== reference,
  '>': (value, reference) => value > reference,
  '>=': (value, reference) => value >= reference,
}

function failureIsFinal(operation: ComparisonOperation, value: Trend, reference: Trend): boolean {
  const staysPut = value === 'constant' || value === 'growing'
  switch (operation) {
    case '<':
    case '<=':
      return (staysPut || value === 'up') && (reference === 'constant' || reference === 'down')
    case '>':
    case '>=':
      return (staysPut || value === 'down') && (reference === 'constant' || reference === 'up')
    case '=':
    case '!=':
      return staysPut && reference === 'constant'
  }
}

/** Without a reference the values are compared with each other: all equal, or all different. */
function amongThemselves({ operation }: ComparisonRule, measurements: readonly CompiledExpression[]): CompiledRule {
  const agree = operation === '=' ? allEqual : allDifferent
  const holds = (set: CandidateSet) => {
    const pooled: Value[] = []
    for (const { expression, evaluate } of measurements) {
      const value = evaluate(set)
      if (expression.type.levels < 2) pooled.push(value)
      // Still grouped by team: each team on its own.
      else if (typeof value === 'object' && !value.every((one) => agree(scalars(one)))) return false
    }
    return agree(pooled.flatMap(scalars))
  }
  return { holds, canHold: measurements.every(({ trend }) => trend === 'growing') ? holds : null }
}

function scalars(value: Value): readonly Value[] {
  if (typeof value === 'object') return value
  return value === undefined ? [] : [value]
}

function allEqual(values: readonly Value[]): boolean {
  const there = values.filter((value) => value !== undefined)
  return there.every((value) => value === there[0])
}

function allDifferent(values: readonly Value[]): boolean {
  const there = values.filter((value) => value !== undefined)
  return new Set(there).size === there.length
}

/** Option stringPartyAggregation `failParties`: a string cannot be aggregated, so a party fails the rule. */
function failingParties(rule: CompiledRule, measurements: readonly Expression[]): CompiledRule {
  const teams = new Set(measurements.flatMap(stringAttributeTeams))
  if (teams.size === 0) return rule
  const noParty = (set: CandidateSet) => [...teams].every((team) => !set.groups[team]?.some(({ isParty }) => isParty))
  const { canHold } = rule
  return {
    holds: (set) => noParty(set) && rule.holds(set),
    canHold: (set) => noParty(set) && (canHold === null || canHold(set)),
  }
}

function stringAttributeTeams(expression: Expression): readonly number[] {
  if (expression.type.element !== 'string') return []
  let inner = expression
  while (inner.kind === 'call') inner = inner.argument
  return inner.property === 'attribute' ? inner.teams : []
}
