import type { Expression, PathExpression } from '#lib/flexmatch/rule-set/expression.ts'
import type { Reference, Rule, RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'

/**
 * Numbers teams so that two with the same number are interchangeable: same sizes at every age, and every expression
 * names both or neither. The search then need not try both while both are empty.
 */
export function teamClasses(ruleSet: RuleSet): number[] {
  const { teams, expansions } = ruleSet
  const signatures = teams.map(({ minPlayers, maxPlayers }) => [`${minPlayers}-${maxPlayers}`])
  const mark = (chosen: readonly number[], label: string) => {
    for (const team of chosen) signatures[team]?.push(label)
  }
  for (const [index, expansion] of expansions.entries()) {
    if (expansion.kind === 'team') mark(expansion.teams, `expansion ${index}`)
  }
  for (const [index, { path }] of expressionsOf(ruleSet).entries()) mark(path.teams, `expression ${index}`)
  const known = new Map<string, number>()
  return signatures.map((signature) => {
    const key = signature.join('\n')
    const number = known.get(key) ?? known.size
    known.set(key, number)
    return number
  })
}

/** Every expression of a rule set, of its rules and of the steps of its expansions, with the path at its core. */
export function expressionsOf({ rules, expansions }: RuleSet): { path: PathExpression }[] {
  const steps = expansions.flatMap((expansion) =>
    expansion.kind === 'ruleReference' ? expansion.steps.flatMap(({ value }) => referenced(value)) : [],
  )
  return [...rules.flatMap(ruleExpressions), ...steps].map((expression) => {
    let inner = expression
    while (inner.kind === 'call') inner = inner.argument
    return { path: inner }
  })
}

function ruleExpressions(rule: Rule): Expression[] {
  if (rule.type !== 'comparison' && rule.type !== 'distance' && rule.type !== 'collection') return []
  return [...rule.measurements, ...(rule.referenceValue === null ? [] : referenced(rule.referenceValue))]
}

function referenced(reference: Reference): Expression[] {
  return reference.kind === 'expression' ? [reference.expression] : []
}
