/** Warnings about two rules that each can pass, but never in the same match. */
import type { Standing } from './lint-compounds.ts'
import { type Ranges, writtenAs } from './lint-ranges.ts'
import type { RuleStage } from './lint-stages.ts'
import type { Warning } from './lint-warning.ts'
import type { ComparisonRule, DistanceRule, Rule } from './rule-set.ts'

/** The numbers a rule lets through; an open end is not among them itself. */
interface Allowed {
  low: number
  lowOpen: boolean
  high: number
  highOpen: boolean
}
const ANYTHING: Allowed = {
  low: Number.NEGATIVE_INFINITY,
  lowOpen: false,
  high: Number.POSITIVE_INFINITY,
  highOpen: false,
}

/** The strictest rules so far about the same values: the one that asks for most and the one that asks for least. */
interface Bounds {
  lowest: { rule: number; allowed: Allowed }
  highest: { rule: number; allowed: Allowed }
  /** The first rule that asks for certain texts, and these. */
  texts: { rule: number; allowed: ReadonlySet<string> } | null
}

/**
 * Looks at rules that must hold in every match and test the same values against constants. An expanded rule counts with
 * all it ever lets through, so what is warned of is true at every age. One warning per rule, at the later of the two.
 */
export function lintContradictions(
  rules: readonly Rule[],
  known: { ranges: Ranges; stages: readonly RuleStage[][]; standing: readonly Standing[] },
): Warning[] {
  const warnings: Warning[] = []
  const boundsOf = new Map<string, Bounds>()
  for (const [index, rule] of rules.entries()) {
    if ((rule.type !== 'comparison' && rule.type !== 'distance') || known.standing[index]?.enforced === false) continue
    const stages = (known.stages[index] ?? []).map((stage) => stage.rule as ComparisonRule | DistanceRule)
    const allowed = stages.map(allowedBy).reduce(either)
    const texts = textsOf(stages)
    // It cannot pass by itself: that is another warning.
    if (isEmpty(allowed)) continue
    let other: number | null = null
    for (const key of keysOf(rule, known.ranges)) {
      const bounds = boundsOf.get(key)
      if (bounds === undefined) {
        const mine = { rule: index, allowed }
        boundsOf.set(key, { lowest: mine, highest: mine, texts: texts && { rule: index, allowed: texts } })
        continue
      }
      other ??= contradicted(bounds, allowed, texts)
      tighten(bounds, index, allowed, texts)
    }
    if (other !== null) warnings.push(contradiction(rules, index, other))
  }
  return warnings
}

/** Values that are surely there, as text, with what party aggregation makes of them. */
function keysOf(rule: ComparisonRule | DistanceRule, ranges: Ranges): Set<string> {
  return new Set(
    rule.measurements
      .filter((measurement) => ranges.values(measurement).some(({ sure }) => sure))
      .map((measurement) => `${rule.partyAggregation} ${writtenAs(measurement)}`),
  )
}

function allowedBy(rule: ComparisonRule | DistanceRule): Allowed {
  const { referenceValue } = rule
  if (referenceValue?.kind !== 'number') return ANYTHING
  const { value } = referenceValue
  if (rule.type === 'distance') {
    if (rule.maxDistance === null) return ANYTHING
    // A distance is computed from the value: what is rounded there may be a little more here.
    const reach = rule.maxDistance + 4 * Number.EPSILON * (Math.abs(value) + Math.abs(rule.maxDistance))
    return { ...ANYTHING, low: value - reach, high: value + reach }
  }
  switch (rule.operation) {
    case '=':
      return { ...ANYTHING, low: value, high: value }
    case '<':
      return { ...ANYTHING, high: value, highOpen: true }
    case '<=':
      return { ...ANYTHING, high: value }
    case '>':
      return { ...ANYTHING, low: value, lowOpen: true }
    case '>=':
      return { ...ANYTHING, low: value }
    case '!=':
      return ANYTHING
  }
}

/** The texts that a rule asks for over time; null when it takes others too. */
function textsOf(stages: readonly (ComparisonRule | DistanceRule)[]): Set<string> | null {
  const texts = new Set<string>()
  for (const rule of stages) {
    if (rule.type !== 'comparison' || rule.operation !== '=' || rule.referenceValue?.kind !== 'string') return null
    texts.add(rule.referenceValue.value)
  }
  return texts
}

function either(a: Allowed, b: Allowed): Allowed {
  const low = lower(a, b) ? a : b
  const high = higher(a, b) ? a : b
  return { low: low.low, lowOpen: low.lowOpen, high: high.high, highOpen: high.highOpen }
}
const lower = (a: Allowed, b: Allowed) => a.low < b.low || (a.low === b.low && !a.lowOpen)
const higher = (a: Allowed, b: Allowed) => a.high > b.high || (a.high === b.high && !a.highOpen)

function isEmpty({ low, lowOpen, high, highOpen }: Allowed): boolean {
  return low > high || (low === high && (lowOpen || highOpen))
}

/** The earlier rule that leaves nothing of what this one allows. */
function contradicted({ lowest, highest, texts }: Bounds, allowed: Allowed, wanted: Set<string> | null): number | null {
  if (isEmpty({ ...allowed, low: lowest.allowed.low, lowOpen: lowest.allowed.lowOpen })) return lowest.rule
  if (isEmpty({ ...allowed, high: highest.allowed.high, highOpen: highest.allowed.highOpen })) return highest.rule
  const apart = texts !== null && wanted !== null && ![...wanted].some((text) => texts.allowed.has(text))
  return apart ? texts.rule : null
}

function tighten(bounds: Bounds, rule: number, allowed: Allowed, texts: Set<string> | null): void {
  if (!lower(allowed, bounds.lowest.allowed)) bounds.lowest = { rule, allowed }
  if (!higher(allowed, bounds.highest.allowed)) bounds.highest = { rule, allowed }
  bounds.texts ??= texts && { rule, allowed: texts }
}

function contradiction(rules: readonly Rule[], index: number, other: number): Warning {
  const quoted = (rule: number) => JSON.stringify(rules[rule]?.name ?? '')
  return {
    path: `rules[${index}].referenceValue`,
    code: 'rules-contradict',
    message: `Rule ${quoted(index)} can never pass together with rule ${quoted(other)} (rules[${other}]): both test the same values, and what the one lets through the other refuses, at every age. No match is ever made. Correct one of them, or join them with or() in a compound if either will do.`,
  }
}
