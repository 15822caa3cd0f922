import type { DistanceRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { CandidateSet } from './candidate-set.ts'
import { type CompileContext, type CompiledExpression, type CompiledRule, compiled } from './compiled-rule.ts'
import { readsTotals } from './evaluate-expression.ts'
import type { Trend } from './trends.ts'

export function compileDistance(rule: DistanceRule, context: CompileContext): CompiledRule {
  const measurements = rule.measurements.map((expression) => compiled(expression, rule.partyAggregation, context))
  const { referenceValue } = rule
  const reference =
    referenceValue.kind === 'expression' ? compiled(referenceValue.expression, rule.partyAggregation, context) : null
  const literal = referenceValue.kind === 'number' ? referenceValue.value : undefined
  const min = rule.minDistance ?? Number.NEGATIVE_INFINITY
  const max = rule.maxDistance ?? Number.POSITIVE_INFINITY
  const check =
    (subjects: readonly CompiledExpression[], passes: (difference: number, subject: number) => boolean) =>
    (set: CandidateSet) => {
      const against = reference === null ? literal : reference.evaluate(set)
      if (typeof against !== 'number') return true
      return subjects.every(({ every }, subject) =>
        every(set, (value) => typeof value !== 'number' || passes(value - against, subject)),
      )
    }
  const sides = measurements.map(({ trend }) => finalSides(trend, reference?.trend ?? 'constant'))
  const anySide = sides.some(({ above, below }) => above || below)
  return {
    readsTotals: rule.measurements.every(readsTotals) && (reference === null || readsTotals(reference.expression)),
    holds: check(measurements, (difference) => {
      const distance = Math.abs(difference)
      return min <= distance && distance <= max
    }),
    canHold: anySide
      ? check(measurements, (difference, subject) => {
          const side = sides[subject]
          if (side === undefined) return true
          if (side.above && difference > max) return false
          if (side.below && -difference > max) return false
          return !(side.fixed && Math.abs(difference) < min)
        })
      : null,
  }
}

/** On which side a distance that has grown too large can only grow further; `fixed`: it never changes at all. */
function finalSides(value: Trend, reference: Trend): { above: boolean; below: boolean; fixed: boolean } {
  const staysPut = value === 'constant' || value === 'growing'
  return {
    above: (staysPut || value === 'up') && (reference === 'constant' || reference === 'down'),
    below: (staysPut || value === 'down') && (reference === 'constant' || reference === 'up'),
    fixed: staysPut && reference === 'constant',
  }
}
