import type { PoolTicket } from '#lib/engine/core/contract.ts'
import type { Rule, RuleSet, Team } from '#lib/flexmatch/rule-set/rule-set.ts'

/** Rules and teams as they are for a match of a certain age. */
export interface Present {
  rules: Rule[]
  teams: Team[]
}

export function ageSeconds({ algorithm }: RuleSet, tickets: readonly PoolTicket[], nowMs: number): number {
  const starts = tickets.map(({ startTimeMs }) => startTimeMs)
  const start = algorithm.expansionAgeSelection === 'newest' ? Math.max(...starts) : Math.min(...starts)
  return (nowMs - start) / 1000
}

export function presentAt(ruleSet: RuleSet, age: number): Present {
  const present: Present = structuredClone({ rules: [...ruleSet.rules], teams: [...ruleSet.teams] })
  for (const expansion of ruleSet.expansions) {
    for (const { waitTimeSeconds, value } of expansion.steps) {
      if (waitTimeSeconds > age) break
      const targets =
        expansion.kind === 'team' ? expansion.teams.map((team) => present.teams[team]) : [present.rules[expansion.rule]]
      for (const target of targets) if (target) Object.assign(target, { [expansion.property]: value })
    }
  }
  return present
}
