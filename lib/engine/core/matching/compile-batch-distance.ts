import type { BatchDistanceRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { CandidateSet } from './candidate-set.ts'
import type { CompileContext, CompiledRule } from './compiled-rule.ts'

/** Numbers: largest and smallest value of the match lie within maxDistance. Strings: all are equal. */
export function compileBatchDistance(rule: BatchDistanceRule, { columns }: CompileContext): CompiledRule {
  const column = columns.of(rule.batchAttribute, rule.partyAggregation)
  const { maxDistance } = rule
  const holds = (set: CandidateSet) => {
    if (maxDistance === null) {
      const values = set.members.flatMap(({ columns: own }) => own[column]?.values ?? [])
      return values.every((value) => value === values[0])
    }
    let min = Number.POSITIVE_INFINITY
    let max = Number.NEGATIVE_INFINITY
    for (const facts of set.members) {
      min = Math.min(min, facts.columns[column]?.min ?? min)
      max = Math.max(max, facts.columns[column]?.max ?? max)
    }
    return max - min <= maxDistance
  }
  return { holds, canHold: holds }
}
