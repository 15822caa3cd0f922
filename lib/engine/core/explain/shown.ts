/** Values and rule language as people read them in sentences. */
import type { Expression } from '#lib/flexmatch/rule-set/expression.ts'
import type { Reference, RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { Measurement } from './explanation.ts'

/** At most two decimals: sentences are for people, the numbers beside them are exact. */
export function shown(value: number | string): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return String(Math.round(value * 100) / 100)
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

export function seconds(ms: number): string {
  return `${shown(ms / 1000)} s`
}

/** "a", "a and b", "a, b and c". */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** "distance of … is 112, allowed at most 100 (12 too far)". */
export function measurementText({ what, value, bound, limit, missBy, unit }: Measurement): string {
  const units = unit === null ? '' : ` ${unit}`
  const by = missBy === null || missBy === 0 ? '' : `, missed by ${shown(missBy)}${units}`
  return `${what} is ${shown(value)}${units}, must be ${bound} ${shown(limit)}${units}${by}`
}

/** The expression as it can be written in a rule set body. */
export function expressionText(expression: Expression, { teams }: Pick<RuleSet, 'teams'>): string {
  if (expression.kind === 'call') return `${expression.functionName}(${expressionText(expression.argument, { teams })})`
  const all = expression.grouped && expression.teams.length === teams.length
  const chosen = all ? '*' : expression.teams.map((team) => teams[team]?.name ?? '').join(',')
  switch (expression.property) {
    case 'team':
      return `teams[${chosen}]`
    case 'player':
      return `teams[${chosen}].players`
    case 'playerId':
      return `teams[${chosen}].players[playerId]`
    case 'attribute':
      return `teams[${chosen}].players.attributes[${expression.attribute}]`
  }
}

export function referenceText(reference: Reference, ruleSet: Pick<RuleSet, 'teams'>): number | string {
  switch (reference.kind) {
    case 'expression':
      return expressionText(reference.expression, ruleSet)
    case 'strings':
      return JSON.stringify(reference.value)
    default:
      return reference.value
  }
}
