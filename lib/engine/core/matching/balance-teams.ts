import type { FoundSet } from './anchor-search.ts'
import { dealtTicket, evenTeams, imbalance } from './even-teams.ts'
import type { PassPool } from './pass-pool.ts'
import { RuleCounts } from './rule-counts.ts'
import { Trial } from './trial.ts'

/** Improvements smaller than rounding errors are none. */
const LEAST_GAIN = 1e-9

/**
 * Strategy `balanced`: moves tickets between teams, whose sizes stay, while that brings the team averages of the balanced
 * attribute closer together and leaves a legal match.
 */
export function balanceTeams(found: FoundSet, pool: PassPool): FoundSet {
  const { balancedColumn, teamCount } = pool.plan
  if (balancedColumn === null) return found
  const tickets = found.members.map((member) => dealtTicket(pool.tickets[member]!, balancedColumn))
  let best: readonly number[] = found.teams
  let least = imbalance(tickets, best, teamCount)
  for (const teams of evenTeams(tickets, found.teams, teamCount)) {
    const here = imbalance(tickets, teams, teamCount)
    if (here > least - LEAST_GAIN || !isLegal(found.members, teams, pool)) continue
    best = teams
    least = here
  }
  return { members: found.members, teams: [...best] }
}

function isLegal(members: readonly number[], teams: readonly number[], pool: PassPool): boolean {
  const trial = new Trial(pool, 0, new RuleCounts(pool.plan.ruleSet.rules.length))
  for (const [position, member] of members.entries()) trial.hold(member, teams[position] ?? 0)
  return trial.isViable()
}
