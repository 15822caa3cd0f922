/** Explaining hand-made pools: the first ticket is the one that is asked about. */
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import { type ExplainInput, explain } from '#lib/engine/core/explain/explain.ts'
import type { SearchExplanation, Verdict } from '#lib/engine/core/explain/explanation.ts'
import { T0 } from '#lib/engine/core/matching/testing/pool-builders.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/matching/testing/run-pass.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'

/** Teams red and blue of exactly `size`, attributes skill, mode and maps with defaults, and what else is given. */
export function aRuleSet(size: number, more: Record<string, unknown> = {}): RuleSet {
  const team = (name: string) => ({ name, minPlayers: size, maxPlayers: size })
  return parseRuleSet(
    JSON.stringify({
      ruleLanguageVersion: '1.0',
      playerAttributes: [
        { name: 'skill', type: 'number', default: 10 },
        { name: 'mode', type: 'string', default: 'duel' },
        { name: 'maps', type: 'string_list', default: ['dust'] },
      ],
      teams: [team('red'), team('blue')],
      ...more,
    }),
  )
}

/** `at`: seconds after T0. The request time-out is 120 s unless given. */
export function ask(
  ruleSet: RuleSet,
  pool: readonly PoolTicket[],
  { at = 0, ...more }: Partial<ExplainInput> & { at?: number } = {},
): SearchExplanation {
  const [ticket, ...others] = pool
  if (ticket === undefined) throw new Error('The pool is empty.')
  return explain({
    ruleSet,
    ticket,
    others,
    additionalPlayerCount: 0,
    requestTimeoutSeconds: 120,
    options: DEFAULT_OPTIONS,
    waitingTickets: others.length,
    nowMs: T0 + at * 1000,
    ...more,
  })
}

/** The verdict, which has to be of that kind. */
export function verdictOf<Kind extends Verdict['kind']>(
  { verdict }: { verdict: Verdict },
  kind: Kind,
): Extract<Verdict, { kind: Kind }> {
  if (verdict.kind !== kind) throw new Error(`The verdict is ${JSON.stringify(verdict)}.`)
  return verdict as Extract<Verdict, { kind: Kind }>
}
