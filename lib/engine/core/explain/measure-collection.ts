import type { CandidateSet } from '#lib/engine/core/matching/candidate-set.ts'
import { compiled } from '#lib/engine/core/matching/compiled-rule.ts'
import type { Value } from '#lib/engine/core/matching/evaluate-expression.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import type { Expression } from '#lib/flexmatch/rule-set/expression.ts'
import type { CollectionRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { Measurement } from './explanation.ts'
import { measurement } from './measure-values.ts'
import { expressionText, referenceText } from './shown.ts'

type List = readonly Value[]

/** Every count that the rule compares, against the bound it comes closest to missing. */
export function collectionMeasurements(rule: CollectionRule, set: CandidateSet, plan: Plan): Measurement[] {
  const { ruleSet } = plan
  const wanted = wantedBy(rule, set, plan)
  return rule.measurements.flatMap((expression) => {
    const value = asList(compiled(expression, rule.partyAggregation, plan).evaluate(set))
    const text = expressionText(expression, ruleSet)
    const against = rule.referenceValue === null ? '' : ` with ${referenceText(rule.referenceValue, ruleSet)}`
    const what =
      rule.operation === 'contains'
        ? `count of ${referenceText(rule.referenceValue ?? { kind: 'string', value: '' }, ruleSet)} in ${text}`
        : `count shared by ${text}${against}`
    return countsOf(rule, expression, value, wanted).flatMap((count) => [
      ...(rule.minCount === null ? [] : [measurement(what, count, 'at least', rule.minCount)]),
      ...(rule.maxCount === null ? [] : [measurement(what, count, 'at most', rule.maxCount)]),
    ])
  })
}

function wantedBy({ referenceValue, partyAggregation }: CollectionRule, set: CandidateSet, plan: Plan): List {
  switch (referenceValue?.kind) {
    case 'string':
      return [referenceValue.value]
    case 'strings':
      return referenceValue.value
    case 'expression':
      return asList(compiled(referenceValue.expression, partyAggregation, plan).evaluate(set))
    default:
      return []
  }
}

/** One form per tested value: several collections, or one plain list. Grouped by team there is one per team. */
function countsOf({ operation }: CollectionRule, { type }: Expression, value: List, wanted: List): number[] {
  const { levels, element } = type
  const count = (lists: readonly List[], plain: boolean) => countIn(operation, lists, plain, wanted)
  if (element === 'stringList') {
    if (levels === 0) return count([value], true)
    return levels === 1
      ? count(value.map(asList), false)
      : value.flatMap((team) => count(asList(team).map(asList), false))
  }
  return levels === 1 ? count([value], true) : value.flatMap((team) => count([asList(team)], true))
}

function countIn(
  operation: CollectionRule['operation'],
  lists: readonly List[],
  plain: boolean,
  wanted: List,
): number[] {
  switch (operation) {
    case 'contains':
      return [
        plain
          ? (lists[0] ?? []).filter((value) => value === wanted[0]).length
          : lists.filter((one) => one.includes(wanted[0])).length,
      ]
    case 'intersection':
      // No collection at all leaves nothing to compare.
      if (lists.length === 0) return []
      return [[...new Set(lists[0])].filter((value) => lists.every((one) => one.includes(value))).length]
    case 'reference_intersection_count':
      return lists.map((one) => [...new Set(wanted)].filter((value) => one.includes(value)).length)
  }
}

function asList(value: Value): List {
  return typeof value === 'object' ? value : []
}
