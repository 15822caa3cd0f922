import type { EngineOptions } from '#lib/engine/core/contract.ts'
import type { Expression } from '#lib/flexmatch/rule-set/expression.ts'
import type { CandidateSet } from './candidate-set.ts'
import type { Aggregation, Columns } from './columns.ts'
import { compileEvery, compileExpression, type Evaluate, type Every } from './evaluate-expression.ts'
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
  /** Whether totals of teams are all that asking `holds` takes. */
  readsTotals?: boolean
}

export interface CompileContext {
  columns: Columns
  options: Pick<EngineOptions, 'latency' | 'stringPartyAggregation'>
}

export interface CompiledExpression {
  expression: Expression
  evaluate: Evaluate
  every: Every
  trend: Trend
}

export function compiled(
  expression: Expression,
  aggregation: Aggregation,
  { columns }: CompileContext,
): CompiledExpression {
  const columnOf = (attribute: string) => columns.of(attribute, aggregation)
  return {
    expression,
    evaluate: compileExpression(expression, columnOf),
    every: compileEvery(expression, columnOf),
    trend: trendOf(expression),
  }
}

/** True when nobody stands on the teams an expression looks at: what it yields then says nothing yet. */
export function looksAtNobody(expression: Expression, set: CandidateSet): boolean {
  let inner = expression
  while (inner.kind === 'call') inner = inner.argument
  return inner.teams.every((team) => (set.sizes[team] ?? 0) === 0)
}
