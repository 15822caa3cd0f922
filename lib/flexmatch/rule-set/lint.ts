import { lintAttributes } from './lint-attributes.ts'
import { standings } from './lint-compounds.ts'
import { lintContradictions } from './lint-contradictions.ts'
import { lateSteps, lintSteps } from './lint-expansions.ts'
import { largeParty, lintTeamSizes } from './lint-players.ts'
import { rangesOf } from './lint-ranges.ts'
import { lintRules } from './lint-rules.ts'
import { ruleStages, teamSizesEver, withinTimeout } from './lint-stages.ts'
import type { LintContext, Warning } from './lint-warning.ts'
import type { RuleSet } from './rule-set.ts'

/**
 * What is legal in a rule set but can never match, or is probably not meant. Looks at the rule set and at what `context`
 * knows; what the context leaves out is not warned of. Never throws.
 */
export function lintRuleSet(ruleSet: RuleSet, context: LintContext = {}): Warning[] {
  const { requestTimeoutSeconds, sentAttributes, largestParty } = context
  // A step that no match lives to see is reported once, and then is as good as not there.
  const lived = withinTimeout(ruleSet, requestTimeoutSeconds)
  const standing = standings(lived)
  const known = { ranges: rangesOf(teamSizesEver(lived)), stages: ruleStages(lived), standing }
  const players = [...(largestParty === undefined ? [] : largeParty(lived, largestParty)), ...lintTeamSizes(lived)]
  const rules = lintRules(lived, known, context)
  const impossible = new Set(
    [...players, ...rules].flatMap(({ code, path }) => (code === 'expansion-never-passes' ? [path] : [])),
  )
  return [
    ...lintAttributes(ruleSet, sentAttributes),
    ...players,
    ...rules,
    ...lintContradictions(lived.rules, known),
    ...(requestTimeoutSeconds === undefined ? [] : lateSteps(ruleSet, requestTimeoutSeconds)),
    ...lintSteps(lived, standing, impossible),
  ]
}
