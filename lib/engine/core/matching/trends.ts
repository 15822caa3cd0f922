/**
 * What can become of an expression's value when players are added. A rule may drop a candidate early only if its
 * failure can never be mended, so pruning asks here first; `unknown` is always a safe answer.
 */
import type { Expression } from '#lib/flexmatch/rule-set/expression.ts'

export type Trend =
  /** Never changes. */
  | 'constant'
  /** A list (or one per team) that only gains elements; those it has keep their values. */
  | 'growing'
  /** One number, or one per team, that only rises or falls once it is there. */
  | 'up'
  | 'down'
  /** A list of strings that only loses elements, once it rests on at least one player. */
  | 'shrinking'
  | 'unknown'

export function trendOf(expression: Expression): Trend {
  if (expression.kind === 'path') return expression.property === 'team' ? 'constant' : 'growing'
  const { functionName, argument } = expression
  const inner = trendOf(argument)
  if (functionName === 'flatten') return inner === 'growing' ? 'growing' : 'unknown'
  if (inner === 'growing') {
    if (functionName === 'count' || functionName === 'max') return 'up'
    if (functionName === 'min') return 'down'
    // Grouped by team, an empty team's intersection is empty now and may be full later.
    if (functionName === 'set_intersection') return expression.type.levels === 0 ? 'shrinking' : 'unknown'
    return 'unknown'
  }
  if (inner === 'constant') return 'constant'
  // One number per team. That of an empty team may still be missing: when it appears it can only push an extreme outwards.
  if (inner === 'up' && (functionName === 'max' || (functionName === 'min' && alwaysThere(argument)))) return 'up'
  if (inner === 'down' && functionName === 'min') return 'down'
  return 'unknown'
}

function alwaysThere(expression: Expression): boolean {
  return expression.kind === 'call' && expression.functionName === 'count'
}
