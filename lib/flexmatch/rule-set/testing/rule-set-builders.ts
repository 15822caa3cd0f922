import { parseRuleSet } from '../parse-rule-set.ts'
import { RuleSetError } from '../rule-set-error.ts'

/** A legal body: two teams `a` and `b` of one to five; the argument replaces or adds keys. */
export function aRuleSet(parts: Record<string, unknown>): string {
  return JSON.stringify({
    name: 'test',
    ruleLanguageVersion: '1.0',
    teams: ['a', 'b'].map((name) => ({ name, minPlayers: 1, maxPlayers: 5 })),
    ...parts,
  })
}

/** A body with attributes of every type (n, s, l, m) and these rules, named r0, r1, … unless they have names. */
export function withRules(rules: readonly Record<string, unknown>[], parts: Record<string, unknown> = {}): string {
  return aRuleSet({
    playerAttributes: [
      { name: 'n', type: 'number' },
      { name: 's', type: 'string' },
      { name: 'l', type: 'string_list' },
      { name: 'm', type: 'string_number_map' },
    ],
    rules: rules.map((rule, index) => ({ name: `r${index}`, ...rule })),
    ...parts,
  })
}

export function withRule(rule: Record<string, unknown>, parts: Record<string, unknown> = {}): string {
  return withRules([rule], parts)
}

/** The error a body is refused with. Throws when it is accepted, or when anything else is thrown. */
export function refusal(body: string): RuleSetError {
  try {
    parseRuleSet(body)
  } catch (error) {
    if (error instanceof RuleSetError) return error
    throw error
  }
  throw new Error(`the rule set was accepted: ${body.slice(0, 500)}`)
}
