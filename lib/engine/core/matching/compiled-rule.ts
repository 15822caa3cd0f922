import type { EngineOptions } from '#lib/engine/core/contract.ts'
import type { Expression } from '#lib/flexmatch/rule-set/expression.ts'
import type { CandidateSet } from './candidate-set.ts'
import type { Aggregation, Columns } from './columns.ts'
import { compileExpression, type Evaluate, type Value } from './evaluate-expression.ts'
import { type Trend, trendOf } from './trends.ts'

/** A rule with its values of one moment, ready to be asked. */
export interface CompiledRule {
  /** Whether the rule holds for the set as it stands. */
  holds(set: CandidateSet): boolean
  /**
   * False when the rule fails and can never hold again, however many tickets are added: the only reason to drop a
   * candidate early. null when the rule can always recover.
   */
  canHold: ((set: CandidateSet) => boolean) | null
}

export interface CompileContext {
  columns: Columns
  options: Pick<EngineOptions, 'latency' | 'stringPartyAggregation'>
}

export interface CompiledExpression {
  expression: Expression
  evaluate: Evaluate
  trend: Trend
}

export function compiled(
  expression: Expression,
  aggregation: Aggregation,
  { columns }: CompileContext,
): CompiledExpression {
  return {
    expression,
    evaluate: compileExpression(expression, (attribute) => columns.of(attribute, aggregation)),
    trend: trendOf(expression),
  }
}

/** Whether every single value inside passes; a missing value neither passes nor fails. */
export function everyScalar(value: Value, passes: (scalar: number | string) => boolean): boolean {
  if (value === undefined) return true
  if (typeof value === 'object') return value.every((one) => everyScalar(one, passes))
  return passes(value)
}

/** True when nobody stands on the teams an expression looks at: what it yields then says nothing yet. */
export function looksAtNobody(expression: Expression, set: CandidateSet): boolean {
  let inner = expression
  while (inner.kind === 'call') inner = inner.argument
  return inner.teams.every((team) => (set.sizes[team] ?? 0) === 0)
}
