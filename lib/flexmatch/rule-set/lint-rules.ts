/** Warnings about rules: those with one outcome only, and those that are not enforced as they may seem to be. */
import { judgeStatement, leavesOf, type Standing } from './lint-compounds.ts'
import type { Ranges } from './lint-ranges.ts'
import type { RuleStage } from './lint-stages.ts'
import { judge, type Verdict } from './lint-verdict.ts'
import type { LintContext, Warning } from './lint-warning.ts'
import type { CompoundRule, RuleSet } from './rule-set.ts'

export interface RulesKnown {
  ranges: Ranges
  stages: readonly RuleStage[][]
  standing: readonly Standing[]
}

export function lintRules({ rules }: RuleSet, known: RulesKnown, context: LintContext): Warning[] {
  const warnings: Warning[] = []
  const outcomes: Verdict['outcome'][] = []
  for (const [index, rule] of rules.entries()) {
    const standing = known.standing[index] ?? { compounds: [], enforced: true, inverted: false }
    const path = `rules[${index}]`
    if (rule.type === 'compound') {
      const outcome = judgeStatement(rule.statement, (leaf) => outcomes[leaf] ?? 'open')
      outcomes.push(outcome)
      warnings.push(...compoundWarnings(rule, path, outcome, known.standing, rules))
      continue
    }
    const stages = (known.stages[index] ?? []).map((stage) => judge(stage.rule, known.ranges))
    const [written] = stages
    const settled = written !== undefined && stages.every(({ outcome }) => outcome === written.outcome)
    outcomes.push(settled ? written.outcome : 'open')
    if (settled && written.outcome !== 'open') warnings.push(oneOutcome(rule.name, path, written, standing))
    const becomes = firstImpossible(known.stages[index] ?? [], stages)
    if (becomes && standing.enforced) warnings.push(becomesImpossible(rule.name, becomes))
    if (rule.type === 'latency' && context.latencySent === false) {
      warnings.push({
        path,
        code: 'latency-without-data',
        message: `Rule ${quoted(rule.name)} looks at latency, but no ticket sends any: a ticket without LatencyInMs fails it and ${standing.enforced ? 'is never matched' : 'is matched only where another rule stands in'}. Send LatencyInMs with every player, or remove the rule.`,
      })
    }
  }
  return warnings
}

function oneOutcome(
  name: string,
  path: string,
  { outcome, because, property }: Extract<Verdict, { because: string }>,
  { compounds }: Standing,
): Warning {
  const within = compounds.length === 0 ? '' : ` in ${compounds.map(quoted).join(', ')}`
  const where = { path: `${path}.${property}` }
  if (outcome === 'always') {
    const message = `Rule ${quoted(name)} always passes: ${because}. It has no say${within}. Remove it, or correct what it compares.`
    return { ...where, code: 'rule-always-passes', message }
  }
  const effect = within === '' ? 'No match is ever made' : `It always counts as failed${within}`
  const message = `Rule ${quoted(name)} can never pass: ${because}. ${effect}. Correct the values, or remove the rule.`
  return { ...where, code: 'rule-never-passes', message }
}

interface Impossible {
  stage: RuleStage
  because: string
}

/** The first stage from which on a rule that could pass no longer can. */
function firstImpossible(stages: readonly RuleStage[], verdicts: readonly Verdict[]): Impossible | null {
  for (const [index, stage] of stages.entries()) {
    const verdict = verdicts[index]
    if (index > 0 && verdict?.outcome === 'never' && verdicts[index - 1]?.outcome !== 'never') {
      return { stage, because: verdict.because }
    }
  }
  return null
}

function becomesImpossible(name: string, { stage, because }: Impossible): Warning {
  return {
    path: stage.changedBy[0] ?? 'expansions',
    code: 'expansion-never-passes',
    message: `From ${stage.atSeconds} s on rule ${quoted(name)} can no longer pass: ${because}. A match that is this old is never made. Correct the value of this step.`,
  }
}

function compoundWarnings(
  rule: CompoundRule,
  path: string,
  outcome: Verdict['outcome'],
  standing: readonly Standing[],
  rules: RuleSet['rules'],
): Warning[] {
  const warnings: Warning[] = []
  const where = { path: `${path}.statement` }
  if (outcome !== 'open') {
    const never = outcome === 'never'
    const message = never
      ? `Compound ${quoted(rule.name)} can never pass, whatever its rules say. No match is ever made. Correct the statement, or the rules in it that can never or only pass.`
      : `Compound ${quoted(rule.name)} always passes, whatever its rules say, and none of them is enforced by it. Correct the statement, or the rules in it that can never or only pass.`
    warnings.push({ ...where, code: never ? 'rule-never-passes' : 'rule-always-passes', message })
  }
  const loose = [...leavesOf(rule.statement)].filter((leaf) => standing[leaf]?.enforced === false)
  if (loose.length > 0) {
    const names = loose.map((leaf) => quoted(rules[leaf]?.name ?? ''))
    const [subject, verb, must] = loose.length === 1 ? ['Rule', 'is', 'it'] : ['Rules', 'are', 'one of them']
    warnings.push({
      ...where,
      code: 'rule-not-enforced-alone',
      message: `${subject} ${names.join(', ')} ${verb} part of ${quoted(rule.name)} through or, not or xor, and a rule that a compound uses is not enforced on its own: matches are made where ${must} fails. If ${must} must always hold, write the rule a second time under another name and leave that one out of the compound.`,
    })
  }
  return warnings
}

const quoted = (name: string) => JSON.stringify(name)
