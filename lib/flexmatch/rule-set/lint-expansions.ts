/** Warnings about single expansion steps: too late, without effect, or narrower than before. */
import type { Standing } from './lint-compounds.ts'
import { type PlacedStep, placedSteps } from './lint-stages.ts'
import type { Warning } from './lint-warning.ts'
import type { Expansion, Reference, Rule, RuleSet } from './rule-set.ts'

/** One warning per expansion, at its first step that comes too late. */
export function lateSteps({ expansions }: RuleSet, requestTimeoutSeconds: number): Warning[] {
  return expansions.flatMap(({ steps }, index): Warning[] => {
    const first = steps.findIndex(({ waitTimeSeconds }) => waitTimeSeconds >= requestTimeoutSeconds)
    const step = steps[first]
    if (step === undefined) return []
    const later = steps.length - first - 1
    return [
      {
        path: `expansions[${index}].steps[${first}].waitTimeSeconds`,
        code: 'expansion-after-timeout',
        message: `This step applies at ${step.waitTimeSeconds} s, but tickets time out after ${requestTimeoutSeconds} s: it${later > 0 ? ` and the ${later} after it` : ''} can never apply. Make it earlier, or raise RequestTimeoutSeconds.`,
      },
    ]
  })
}

/** `impossible` has the paths of steps that are already reported as letting nothing pass. */
export function lintSteps(ruleSet: RuleSet, standing: readonly Standing[], impossible: ReadonlySet<string>): Warning[] {
  return ruleSet.expansions.flatMap((expansion, index) => {
    if (expansion.kind === 'team') return teamSteps(ruleSet, expansion, index, impossible)
    const rule = ruleSet.rules[expansion.rule]
    if (rule === undefined) return []
    const inverted = standing[expansion.rule]?.inverted ?? false
    if (expansion.kind === 'ruleReference') {
      const steps = placedSteps<Reference | null>(expansion.steps, index)
      const written = 'referenceValue' in rule ? rule.referenceValue : null
      const compare = (before: Reference | null, value: Reference | null): Change => {
        const change = direction(rule, before, value)
        return inverted && change === 'narrower' ? 'other' : change
      }
      return compareSteps(steps, [written], compare, impossible)
    }
    if (rule.type === 'batchDistance' && rule.maxDistance === null) {
      return [
        {
          path: `expansions[${index}].target`,
          code: 'expansion-without-effect',
          message: `Rule ${JSON.stringify(rule.name)} is about a string attribute, whose values must be equal; its maxDistance is not looked at and expanding it changes nothing. Remove this expansion.`,
        },
      ]
    }
    const { property } = expansion
    const none = property.startsWith('min') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    const floor = property === 'minCount' || property === 'minDistance' ? 0 : Number.NEGATIVE_INFINITY
    const written = Math.max(floor, numberOf(rule, property) ?? none)
    const compare = (before: number, value: number): Change => {
      const now = Math.max(floor, value)
      if (now === before || now === Math.max(floor, before)) return 'same'
      return !inverted && (property.startsWith('min') ? now > before : now < before) ? 'narrower' : 'other'
    }
    return compareSteps(placedSteps(expansion.steps, index), [written], compare, impossible)
  })
}

type Change = 'same' | 'narrower' | 'other'

function teamSteps(
  { teams }: RuleSet,
  { teams: targets, property, steps }: Extract<Expansion, { kind: 'team' }>,
  index: number,
  impossible: ReadonlySet<string>,
): Warning[] {
  const written = targets.flatMap((team) => teams[team]?.[property] ?? [])
  const narrower = (before: number, value: number) => (property === 'minPlayers' ? value > before : value < before)
  const compare = (before: number, value: number): Change =>
    value === before ? 'same' : narrower(before, value) ? 'narrower' : 'other'
  return compareSteps(placedSteps(steps, index), written, compare, impossible)
}

/** Compares every step with the one before, the first with what is written: one value, or one for each team. */
function compareSteps<Value>(
  steps: readonly PlacedStep<Value>[],
  written: readonly Value[],
  compare: (before: Value, value: Value) => Change,
  impossible: ReadonlySet<string>,
): Warning[] {
  const warnings: Warning[] = []
  let present = written
  for (const { atSeconds, value, path } of steps) {
    const changes = present.map((before) => compare(before, value))
    present = [value]
    if (impossible.has(path)) continue
    if (changes.every((change) => change === 'same')) {
      const message = `This step changes nothing: the value is the one in force before ${atSeconds} s. Remove it, or correct the value; values are absolute, not added to the one before.`
      warnings.push({ path, code: 'expansion-without-effect', message })
    } else if (changes.some((change) => change === 'narrower')) {
      const message = `This step asks for more than was asked before ${atSeconds} s: the longer a ticket waits, the harder it is to match. Expansions usually loosen; check the value, which is absolute, not added to the one before.`
      warnings.push({ path, code: 'expansion-tightens', message })
    }
  }
  return warnings
}

function direction(rule: Rule, before: Reference | null, value: Reference | null): Change {
  if (JSON.stringify(before) === JSON.stringify(value)) return 'same'
  if (rule.type !== 'comparison' || before?.kind !== 'number' || value?.kind !== 'number') return 'other'
  switch (rule.operation) {
    case '<':
    case '<=':
      return value.value < before.value ? 'narrower' : 'other'
    case '>':
    case '>=':
      return value.value > before.value ? 'narrower' : 'other'
    default:
      return 'other'
  }
}

function numberOf(rule: Rule, property: string): number | null {
  const value: unknown = Object.entries(rule).find(([key]) => key === property)?.[1]
  return typeof value === 'number' ? value : null
}
