/** Runs one pass and checks every match of it with the independent checker before a test looks at it. */
import type { PassResult, PoolTicket } from '#lib/engine/core/contract.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { findMatches, type MatchingInput } from '../find-matches.ts'
import { type Question, violations } from './check-match.ts'
import { seeded, T0 } from './pool-builders.ts'

export const DEFAULT_OPTIONS: MatchingInput['options'] = {
  latency: { requireCommonRegion: true },
  partyValueWeight: 'player',
  stringPartyAggregation: 'perPlayer',
}

export interface PassSpec {
  ruleSet: RuleSet
  pool: readonly PoolTicket[]
  /** Seconds after T0. */
  at?: number
  additionalPlayerCount?: number
  seed?: number
  options?: Partial<MatchingInput['options']>
}

export function questionOf({ ruleSet, pool, at = 0, additionalPlayerCount = 0, options = {} }: PassSpec): Question {
  return { ruleSet, pool, additionalPlayerCount, nowMs: T0 + at * 1000, options: { ...DEFAULT_OPTIONS, ...options } }
}

/** Throws when a match is illegal or a ticket is in two. */
export function runPass(spec: PassSpec): PassResult {
  const question = questionOf(spec)
  const result = findMatches({ ...question, random: seeded(spec.seed ?? 1) })
  const seen = new Set<string>()
  for (const match of result.matches) {
    const wrong = violations(match, question)
    if (wrong.length > 0) throw new Error(`illegal match ${JSON.stringify(match.tickets)}: ${wrong.join('; ')}`)
    for (const { ticketId } of match.tickets) {
      if (seen.has(ticketId)) throw new Error(`ticket ${ticketId} is in two matches`)
      seen.add(ticketId)
      if (result.metricsByTicket.has(ticketId)) throw new Error(`ticket ${ticketId} is matched and has waiting metrics`)
    }
  }
  return result
}

/** Per match the number of players on each team, in the rule set's order: `["4/4"]`. */
export function shapes(spec: PassSpec): string[] {
  return runPass(spec).matches.map(({ tickets }) => {
    const teams = tickets.flatMap((ticket) => ticket.teams)
    return spec.ruleSet.teams.map(({ name }) => teams.filter((team) => team === name).length).join('/')
  })
}

/** Per match the ids of its tickets in the order they joined. */
export function matchedIds(spec: PassSpec): string[][] {
  return runPass(spec).matches.map(({ tickets }) => tickets.map(({ ticketId }) => ticketId))
}
