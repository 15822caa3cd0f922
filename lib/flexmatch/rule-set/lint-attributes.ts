/** Warnings about declared player attributes. */
import type { Expression } from './expression.ts'
import type { Warning } from './lint-warning.ts'
import type { Reference, Rule, RuleSet } from './rule-set.ts'

export function lintAttributes(ruleSet: RuleSet, sentAttributes: ReadonlySet<string> | undefined): Warning[] {
  const used = usedAttributes(ruleSet)
  return ruleSet.playerAttributes.flatMap(({ name, default: standIn }, index) => {
    const warnings: Warning[] = []
    const quoted = JSON.stringify(name)
    const path = `playerAttributes[${index}]`
    if (sentAttributes && standIn === undefined && !sentAttributes.has(name)) {
      warnings.push({
        path,
        code: 'attribute-never-sent',
        message: `Attribute ${quoted} has no default and no ticket sends it: a ticket without it is never matched, whether a rule uses it or not. Send it with every player (names are case sensitive), or give it a default.`,
      })
    }
    if (!used.has(name)) {
      const harm = standIn === undefined ? ', but it has no default, so a ticket that lacks it is never matched' : ''
      warnings.push({
        path,
        code: 'attribute-unused',
        message: `Attribute ${quoted} is used by no rule, expansion or algorithm: it does not affect who is matched${harm}. Leave it if only the game server needs it in its matchmaker data; otherwise use it in a rule or remove it.`,
      })
    }
    return warnings
  })
}

function usedAttributes({ algorithm, rules, expansions }: RuleSet): Set<string> {
  const used = new Set(algorithm.sortByAttributes)
  if (algorithm.balancedAttribute !== null) used.add(algorithm.balancedAttribute)
  for (const rule of rules) addUsed(rule, used)
  for (const expansion of expansions) {
    if (expansion.kind === 'ruleReference') for (const { value } of expansion.steps) addReferred(value, used)
  }
  return used
}

function addUsed(rule: Rule, used: Set<string>): void {
  switch (rule.type) {
    case 'comparison':
    case 'distance':
    case 'collection':
      for (const measurement of rule.measurements) addNamed(measurement, used)
      addReferred(rule.referenceValue, used)
      return
    case 'batchDistance':
      used.add(rule.batchAttribute)
      return
    case 'absoluteSort':
    case 'distanceSort':
      used.add(rule.sortAttribute)
      return
    case 'latency':
    case 'compound':
      return
  }
}

function addReferred(reference: Reference | null, used: Set<string>): void {
  if (reference?.kind === 'expression') addNamed(reference.expression, used)
}

function addNamed(expression: Expression, used: Set<string>): void {
  let inner = expression
  while (inner.kind === 'call') inner = inner.argument
  if (inner.attribute !== null) used.add(inner.attribute)
}
