/** Whether a rule can have more than one outcome at all. */
import { type Possibility, type Range, type Ranges, writtenAs } from './lint-ranges.ts'
import type { CollectionRule, ComparisonOperation, ComparisonRule, DistanceRule, Rule } from './rule-set.ts'

/** `because` completes "it can never pass: …" or "it always passes: …"; `property` is where to look. */
export type Verdict = { outcome: 'open' } | { outcome: 'never' | 'always'; because: string; property: string }

const OPEN: Verdict = { outcome: 'open' }
const never = (property: string, because: string): Verdict => ({ outcome: 'never', because, property })
const always = (property: string, because: string): Verdict => ({ outcome: 'always', because, property })

/** The verdict on a rule with the values it has right now. A compound is judged by its statement, not here. */
export function judge(rule: Rule, ranges: Ranges): Verdict {
  switch (rule.type) {
    case 'comparison':
      return judgeComparison(rule, ranges)
    case 'distance':
      return judgeDistance(rule, ranges)
    case 'collection':
      return judgeCollection(rule, ranges)
    case 'batchDistance':
      return rule.maxDistance !== null && rule.maxDistance < 0
        ? never('maxDistance', `no distance is below 0, and maxDistance is ${rule.maxDistance}`)
        : OPEN
    case 'latency':
      if (rule.maxLatency !== null && rule.maxLatency < 1) {
        return never('maxLatency', `a latency is at least 1 ms, and maxLatency is ${rule.maxLatency}`)
      }
      return rule.maxDistance !== null && rule.maxDistance < 0
        ? never('maxDistance', `no distance is below 0, and maxDistance is ${rule.maxDistance}`)
        : OPEN
    default:
      return OPEN
  }
}

function judgeComparison(rule: ComparisonRule, ranges: Ranges): Verdict {
  if (rule.referenceValue === null) return judgeAmongThemselves(rule, ranges)
  const reference = referenceRange(rule.referenceValue, ranges)
  if (reference === null) return OPEN
  const { operation } = rule
  const written = referenceWritten(rule.referenceValue)
  return judgeEach(ranges.possibilities(rule.measurements), (value) => {
    const same = value.written === written
    const outcome = same ? (INCLUDES_EQUAL[operation] ? 'always' : 'never') : compare(operation, value, reference)
    if (outcome === null || (outcome === 'never' && !(value.sure && reference.sure))) return null
    const property = 'referenceValue'
    if (same) return { outcome, property, because: 'the measurement is compared with itself' }
    const because = `the measurement is ${shown(value)}, compared ("${operation}") with ${shown(reference)}`
    return { outcome, property, because }
  })
}

const INCLUDES_EQUAL: Readonly<Record<ComparisonOperation, boolean>> = {
  '<': false,
  '<=': true,
  '=': true,
  '!=': false,
  '>': false,
  '>=': true,
}

function compare(operation: ComparisonOperation, value: Range, reference: Range): 'never' | 'always' | null {
  const apart = value.high < reference.low || value.low > reference.high
  const equal = isPoint(value) && isPoint(reference) && value.low === reference.low
  switch (operation) {
    case '<':
      return value.high < reference.low ? 'always' : value.low >= reference.high ? 'never' : null
    case '<=':
      return value.high <= reference.low ? 'always' : value.low > reference.high ? 'never' : null
    case '>':
      return compare('<', reference, value)
    case '>=':
      return compare('<=', reference, value)
    case '=':
      return equal ? 'always' : apart ? 'never' : null
    case '!=':
      return apart ? 'always' : equal ? 'never' : null
  }
}

/** Without a reference the values are compared with each other; those still grouped by team, team by team. */
function judgeAmongThemselves({ measurements, operation }: ComparisonRule, ranges: Ranges): Verdict {
  const grouped = measurements.filter(({ type }) => type.levels > 1).flatMap(ranges.values)
  const pooled = measurements.filter(({ type }) => type.levels < 2).flatMap(ranges.values)
  const lone = grouped.every(({ many }) => !many) && (pooled.length === 0 || (pooled.length === 1 && !pooled[0]?.many))
  if (lone) return always('measurements', 'there is only one value, and nothing to compare it with')
  if (operation === '!=') return OPEN
  const points = pooled.every((one) => !one.many && isPoint(one) && one.low === pooled[0]?.low)
  if (points && grouped.length === 0) return always('measurements', 'the values are the same in every match')
  const sure = pooled.filter((one) => one.sure)
  const highestLow = sure.reduce((low, one) => Math.max(low, one.low), Number.NEGATIVE_INFINITY)
  const lowestHigh = sure.reduce((high, one) => Math.min(high, one.high), Number.POSITIVE_INFINITY)
  return highestLow > lowestHigh
    ? never('measurements', `one value is at least ${highestLow} and another at most ${lowestHigh}`)
    : OPEN
}

function judgeDistance(rule: DistanceRule, ranges: Ranges): Verdict {
  const { minDistance, maxDistance, referenceValue } = rule
  const reference = referenceRange(referenceValue, ranges)
  if (reference === null) return OPEN
  const written = referenceWritten(referenceValue)
  const min = minDistance ?? 0
  const max = maxDistance ?? Number.POSITIVE_INFINITY
  return judgeEach(ranges.possibilities(rule.measurements), (value) => {
    const same = value.written === written
    const low = same ? 0 : Math.max(0, value.low - reference.high, reference.low - value.high)
    const high = same ? 0 : Math.max(value.high - reference.low, reference.high - value.low)
    if (low >= min && high <= max) {
      const property = maxDistance === null ? 'minDistance' : 'maxDistance'
      const because =
        maxDistance === null && min <= 0 ? 'every distance is at least 0' : `the distance is ${shown({ low, high })}`
      return { outcome: 'always', property, because }
    }
    if (!(value.sure && reference.sure)) return null
    if (max < 0)
      return { outcome: 'never', property: 'maxDistance', because: `no distance is below 0, and maxDistance is ${max}` }
    if (min > max) {
      return { outcome: 'never', property: 'minDistance', because: `minDistance ${min} is above maxDistance ${max}` }
    }
    if (high >= min && low <= max) return null
    const property = high < min ? 'minDistance' : 'maxDistance'
    return { outcome: 'never', property, because: `the distance is ${shown({ low, high })}` }
  })
}

function judgeCollection(rule: CollectionRule, ranges: Ranges): Verdict {
  const min = rule.minCount ?? 0
  const max = rule.maxCount ?? Number.POSITIVE_INFINITY
  // Of nothing at all only `contains` has a count, which is 0.
  const sure = rule.operation === 'contains' || ranges.possibilities(rule.measurements).some((one) => one.sure)
  if (min > max && sure) return never('minCount', `minCount ${min} is above maxCount ${max}`)
  if (min <= 0 && max === Number.POSITIVE_INFINITY) return always('minCount', 'every count is at least 0')
  const { low: lowest, high: highest } = highestCounts(rule, ranges)
  if (min > lowest && sure) return never('minCount', `minCount is ${min}, and there can be at most ${lowest}`)
  return min <= 0 && highest <= max
    ? always('maxCount', `there can be at most ${highest}, and maxCount is ${max}`)
    : OPEN
}

/** The most that the tested counts can reach: `low` for the one that can reach least, `high` for the other end. */
function highestCounts({ operation, referenceValue, measurements }: CollectionRule, ranges: Ranges): Range {
  if (operation === 'contains') return ranges.mostElements(measurements)
  const most =
    referenceValue?.kind === 'string'
      ? 1
      : referenceValue?.kind === 'strings'
        ? new Set(referenceValue.value).size
        : Number.POSITIVE_INFINITY
  return { low: most, high: most }
}

type Decided = Extract<Verdict, { because: string }>

/** Every value must pass: one that never does decides, and only all together always pass. */
function judgeEach(possibilities: readonly Possibility[], test: (value: Possibility) => Decided | null): Verdict {
  let all: Decided | null = null
  let open = false
  for (const value of possibilities) {
    const decided = test(value)
    if (decided?.outcome === 'never') return decided
    if (decided === null) open = true
    all ??= decided
  }
  return open || all === null ? OPEN : all
}

/** null for a string: nothing is known of strings. */
function referenceRange(
  reference: ComparisonRule['referenceValue'],
  ranges: Ranges,
): (Range & { sure: boolean }) | null {
  if (reference === null || reference.kind === 'string') return null
  if (reference.kind === 'number') return { low: reference.value, high: reference.value, sure: true }
  return ranges.values(reference.expression)[0] ?? null
}

/** null when the reference is no expression; then no measurement is written like it. */
function referenceWritten(reference: ComparisonRule['referenceValue']): string | null {
  return reference?.kind === 'expression' ? writtenAs(reference.expression) : null
}

const isPoint = ({ low, high }: Range) => low === high

function shown({ low, high }: Range): string {
  if (low === high) return `always ${low}`
  if (high === Number.POSITIVE_INFINITY) return low === Number.NEGATIVE_INFINITY ? 'any number' : `at least ${low}`
  return low === Number.NEGATIVE_INFINITY ? `at most ${high}` : `${low} to ${high}`
}
