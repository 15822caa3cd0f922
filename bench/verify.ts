/** Every match that a bench forms goes through the independent checker, outside of what is timed. */
import type { FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { violations } from '#lib/engine/core/matching/testing/check-match.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { TEAMS } from './workload/rule-set-bodies.ts'

export interface FormedMatch {
  tickets: FoundMatch['tickets']
  /** When it was formed: with the ages of its tickets that decides which expansions count. */
  atMs: number
}
export interface Verified {
  /** Tickets. */
  matched: number
  /** In those tickets. */
  players: number
  /** Largest minus smallest skill, averaged over the matches; 0 without any. */
  meanSpread: number
}

/** Throws on a match that breaks the rule set or takes a ticket again. */
export function verifyMatches(
  matches: Iterable<FormedMatch>,
  ticketOf: (ticketId: string) => PoolTicket | undefined,
  ruleSet: RuleSet,
): Verified {
  const taken = new Set<string>()
  let formed = 0
  let players = 0
  let spreads = 0
  for (const { tickets, atMs } of matches) {
    const pool: PoolTicket[] = []
    for (const { ticketId } of tickets) {
      if (taken.has(ticketId)) throw new Error(`${ticketId} is in two matches.`)
      taken.add(ticketId)
      const ticket = ticketOf(ticketId)
      if (ticket) pool.push(ticket)
    }
    const question = { pool, ruleSet, additionalPlayerCount: 0, nowMs: atMs, options: DEFAULT_OPTIONS }
    const wrong = violations({ tickets }, question)
    if (wrong.length > 0) throw new Error(`A match is not legal: ${wrong.join('; ')}`)
    formed++
    players += pool.reduce((sum, ticket) => sum + ticket.players.length, 0)
    spreads += spreadOf(pool)
  }
  return { matched: taken.size, players, meanSpread: formed === 0 ? 0 : spreads / formed }
}

function spreadOf(pool: readonly PoolTicket[]): number {
  const skills = pool.flatMap(({ players }) => players.map(({ attributes }) => attributes.skill?.N ?? 0))
  return Math.max(...skills) - Math.min(...skills)
}

/** A match of single players from its tickets in order, the first half on the first team. */
export function inTwoTeams(ticketIds: readonly string[]): FormedMatch {
  const teamOf = (place: number) => TEAMS[place < ticketIds.length / 2 ? 0 : 1]
  return { tickets: ticketIds.map((ticketId, place) => ({ ticketId, teams: [teamOf(place)] })), atMs: 0 }
}
