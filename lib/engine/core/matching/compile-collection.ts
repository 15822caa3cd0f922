import type { CollectionRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { CandidateSet } from './candidate-set.ts'
import {
  type CompileContext,
  type CompiledExpression,
  type CompiledRule,
  compiled,
  looksAtNobody,
} from './compiled-rule.ts'
import type { Value } from './evaluate-expression.ts'

type List = readonly Value[]
interface Bounds {
  minCount: number
  maxCount: number
}

export function compileCollection(rule: CollectionRule, context: CompileContext): CompiledRule {
  const measurements = rule.measurements.map((expression) => compiled(expression, rule.partyAggregation, context))
  const { referenceValue } = rule
  const reference =
    referenceValue?.kind === 'expression' ? compiled(referenceValue.expression, rule.partyAggregation, context) : null
  const literal =
    referenceValue?.kind === 'string'
      ? [referenceValue.value]
      : referenceValue?.kind === 'strings'
        ? referenceValue.value
        : []
  const test = TESTS[rule.operation]
  const bounds: Bounds = { minCount: rule.minCount ?? 0, maxCount: rule.maxCount ?? Number.POSITIVE_INFINITY }

  const passes = (set: CandidateSet, subject: CompiledExpression, within: Bounds) => {
    const against = reference === null ? literal : asList(reference.evaluate(set))
    return testEach(subject, set, (form) => test(form, against, within))
  }
  const finals = measurements.map((subject) => finalBounds(rule, subject, reference, bounds))
  return {
    holds: (set) => measurements.every((subject) => passes(set, subject, bounds)),
    canHold: finals.every((final) => final === null)
      ? null
      : (set) =>
          measurements.every((subject, index) => {
            const final = finals[index] ?? null
            if (final === null || looksAtNobody(subject.expression, set)) return true
            if (reference !== null && looksAtNobody(reference.expression, set)) return true
            return passes(set, subject, final)
          }),
  }
}

/** Several collections, or one plain list of strings. */
type Form = { collections: readonly List[] } | { plain: List }

/** A measurement that is still grouped by team is tested team by team. */
function testEach(
  { expression, evaluate }: CompiledExpression,
  set: CandidateSet,
  test: (form: Form) => boolean,
): boolean {
  const value = asList(evaluate(set))
  const { levels, element } = expression.type
  const ofCollections = (lists: List): Form => ({ collections: lists.map(asList) })
  if (element === 'stringList') {
    if (levels === 0) return test({ plain: value })
    return levels === 1 ? test(ofCollections(value)) : value.every((team) => test(ofCollections(asList(team))))
  }
  return levels === 1 ? test({ plain: value }) : value.every((team) => test({ plain: asList(team) }))
}

type Test = (form: Form, reference: List, bounds: Bounds) => boolean
const TESTS: Readonly<Record<CollectionRule['operation'], Test>> = {
  intersection: (form, _reference, bounds) => {
    const lists = 'plain' in form ? [form.plain] : form.collections
    const [first, ...others] = lists
    // No collection at all (an optional team that stayed empty) leaves nothing to compare.
    if (first === undefined) return true
    return isWithin(others.reduce(shared, [...new Set(first)]).length, bounds)
  },
  contains: (form, [wanted], bounds) => {
    const count =
      'plain' in form
        ? form.plain.filter((value) => value === wanted).length
        : form.collections.filter((collection) => collection.includes(wanted)).length
    return isWithin(count, bounds)
  },
  reference_intersection_count: (form, reference, bounds) => {
    const wanted = [...new Set(reference)]
    const lists = 'plain' in form ? [form.plain] : form.collections
    return lists.every((one) => isWithin(shared(wanted, one).length, bounds))
  },
}

/** The members of `one` that `other` has too. */
function shared(one: List, other: List): List {
  const there = other.length > 8 ? new Set(other) : null
  return one.filter((value) => (there === null ? other.includes(value) : there.has(value)))
}

function isWithin(count: number, { minCount, maxCount }: Bounds): boolean {
  return minCount <= count && count <= maxCount
}

/** The bounds whose violation no further ticket can mend; null when there is none. */
function finalBounds(
  { operation }: CollectionRule,
  { expression, trend }: CompiledExpression,
  reference: CompiledExpression | null,
  bounds: Bounds,
): Bounds | null {
  const onlyMin = { ...bounds, maxCount: Number.POSITIVE_INFINITY }
  const onlyMax = { ...bounds, minCount: 0 }
  const against = reference?.trend ?? 'constant'
  const collections = expression.type.element === 'stringList' && expression.type.levels > 0
  if (trend === 'shrinking') {
    if (operation !== 'reference_intersection_count') return onlyMin
    return against === 'constant' || against === 'shrinking' ? onlyMin : null
  }
  if (trend !== 'growing') return null
  if (operation === 'intersection') return collections ? onlyMin : onlyMax
  if (operation === 'contains') return onlyMax
  if (collections && against === 'constant') return bounds
  if (collections && against === 'shrinking') return onlyMin
  return against === 'constant' || against === 'growing' ? onlyMax : null
}

function asList(value: Value): List {
  return typeof value === 'object' ? value : []
}
