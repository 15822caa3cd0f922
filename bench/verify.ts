/** Every match that a bench forms goes through the independent checker, outside of what is timed. */
import type { FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { violations } from '#lib/engine/core/matching/testing/check-match.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { parseRuleSet } from '#lib/flexmatch/rule-set/parse-rule-set.ts'
import { type RuleSetName, ruleSetBody } from './workload.ts'

/** Returns how many tickets are matched. Throws on a match that breaks the rule set or takes a ticket again. */
export function verifyMatches(
  matches: Iterable<Pick<FoundMatch, 'tickets'>>,
  ticketOf: (ticketId: string) => PoolTicket | undefined,
  name: RuleSetName,
): number {
  const ruleSet = parseRuleSet(ruleSetBody(name))
  const taken = new Set<string>()
  for (const match of matches) {
    const pool: PoolTicket[] = []
    for (const { ticketId } of match.tickets) {
      if (taken.has(ticketId)) throw new Error(`${ticketId} is in two matches.`)
      taken.add(ticketId)
      const ticket = ticketOf(ticketId)
      if (ticket) pool.push(ticket)
    }
    const wrong = violations(match, { pool, ruleSet, additionalPlayerCount: 0, nowMs: 0, options: DEFAULT_OPTIONS })
    if (wrong.length > 0) throw new Error(`A match is not legal: ${wrong.join('; ')}`)
  }
  return taken.size
}

/** A match of single players from its tickets in order, the first half on the first team. */
export function inTwoTeams(ticketIds: readonly string[]): Pick<FoundMatch, 'tickets'> {
  return {
    tickets: ticketIds.map((ticketId, place) => ({ ticketId, teams: [place < ticketIds.length / 2 ? 'red' : 'blue'] })),
  }
}
