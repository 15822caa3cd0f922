/**
 * Rules that two tickets can be tested by with a few numbers. They decide most candidates before any set is built, and
 * the index of the pool is made from them. Each is a necessary condition of its rule; `exact` ones are the rule itself.
 */
import type { Expression } from '#lib/flexmatch/rule-set/expression.ts'
import type { Rule, RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { Columns } from './columns.ts'
import { listedTeams } from './evaluate-expression.ts'

/** Largest minus smallest value of a column over the match is at most `factor` × the rule's maxDistance. */
export interface SpreadCheck {
  rule: number
  column: number
  factor: 1 | 2
  /** Whether this says all the rule can say early. */
  exact: boolean
}
/** All values of a column are the same over the match. */
export interface EqualCheck {
  rule: number
  column: number
  exact: boolean
}
/** At least minCount strings of the rule are in the lists of all players. */
export interface SharedCheck {
  rule: number
  column: number
  exact: boolean
}
export interface FastChecks {
  spreads: readonly SpreadCheck[]
  equals: readonly EqualCheck[]
  shared: readonly SharedCheck[]
}

/** `enforced` are the rules that must hold for every match. */
export function fastChecks(
  { rules, teams, expansions }: RuleSet,
  enforced: readonly number[],
  columns: Columns,
): FastChecks {
  const spreads: SpreadCheck[] = []
  const equals: EqualCheck[] = []
  const shared: SharedCheck[] = []
  // Where an expansion replaces the reference, the rule's form itself changes with age.
  const changing = new Set(expansions.map((expansion) => (expansion.kind === 'ruleReference' ? expansion.rule : -1)))
  for (const index of enforced) {
    const rule = rules[index]
    if (rule === undefined || changing.has(index)) continue
    const spread = spreadOf(rule, teams.length, columns)
    if (spread !== null) spreads.push({ rule: index, ...spread })
    const same = equalColumns(rule, teams.length, columns)
    const exact = rule.type === 'batchDistance' || (rule.type === 'comparison' && rule.measurements.length === 1)
    for (const column of same) equals.push({ rule: index, column, exact })
    const list = sharedList(rule, teams.length, columns)
    if (list !== null) shared.push({ rule: index, ...list })
  }
  return { spreads, equals, shared }
}

function spreadOf(rule: Rule, teamCount: number, columns: Columns): Omit<SpreadCheck, 'rule'> | null {
  if (rule.type === 'batchDistance') {
    return rule.maxDistance === null
      ? null
      : { column: columns.of(rule.batchAttribute, rule.partyAggregation), factor: 1, exact: true }
  }
  if (rule.type !== 'distance' || rule.referenceValue.kind !== 'expression') return null
  const reference = matchWide(rule.referenceValue.expression, teamCount)
  if (reference === null) return null
  for (const measurement of rule.measurements) {
    const subject = matchWide(measurement, teamCount)
    if (subject === null || subject.attribute !== reference.attribute) continue
    const column = columns.of(subject.attribute, rule.partyAggregation)
    const ends = new Set([subject.over, reference.over])
    const exact = rule.measurements.length === 1 && rule.minDistance === null
    if (ends.has('min') && ends.has('max')) return { column, factor: 1, exact }
    if (subject.over !== 'each') continue
    if (reference.over === 'min' || reference.over === 'max') return { column, factor: 1, exact }
    // Two values both within a distance of any middle lie at most twice that distance apart.
    if (reference.over === 'avg' || reference.over === 'median') return { column, factor: 2, exact: false }
  }
  return null
}

function equalColumns(rule: Rule, teamCount: number, columns: Columns): number[] {
  if (rule.type === 'batchDistance') {
    return rule.maxDistance === null ? [columns.of(rule.batchAttribute, rule.partyAggregation)] : []
  }
  if (rule.type !== 'comparison' || rule.operation !== '=' || rule.referenceValue !== null) return []
  return rule.measurements.flatMap((measurement) => {
    const subject = matchWide(measurement, teamCount)
    const flat = measurement.type.levels === 1
    return flat && subject?.over === 'each' ? [columns.of(subject.attribute, rule.partyAggregation)] : []
  })
}

/** `intersection` over the lists of everybody in the match. */
function sharedList(rule: Rule, teamCount: number, columns: Columns): Omit<SharedCheck, 'rule'> | null {
  if (rule.type !== 'collection' || rule.operation !== 'intersection' || rule.minCount === null) return null
  const [measurement] = rule.measurements
  if (measurement === undefined || rule.measurements.length !== 1) return null
  const path = listedTeams(measurement)?.path
  if (!path || path.attribute === null || path.teams.length !== teamCount) return null
  if (path.type.element !== 'stringList' || measurement.type.levels !== 1) return null
  return { column: columns.of(path.attribute, rule.partyAggregation), exact: rule.maxCount === null }
}

/** An expression over one attribute of all players of the match: each value, or one number made of them. */
function matchWide(
  expression: Expression,
  teamCount: number,
): { attribute: string; over: 'each' | 'min' | 'max' | 'avg' | 'median' } | null {
  const call = expression.kind === 'call' && expression.functionName !== 'flatten' ? expression : null
  const inner = call === null ? expression : call.argument
  const path = listedTeams(inner)?.path ?? (call === null && inner.kind === 'path' ? inner : null)
  if (path === null || path.attribute === null || path.teams.length !== teamCount) return null
  if (path.type.element !== 'number' && path.type.element !== 'string') return null
  if (call === null) return { attribute: path.attribute, over: 'each' }
  const over = call.functionName
  return over === 'min' || over === 'max' || over === 'avg' || over === 'median'
    ? { attribute: path.attribute, over }
    : null
}
