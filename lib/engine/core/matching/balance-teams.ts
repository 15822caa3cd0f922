import type { FoundSet } from './anchor-search.ts'
import type { PassPool } from './pass-pool.ts'
import { RuleCounts } from './rule-counts.ts'
import { Trial } from './trial.ts'

/** A bound on the exchanges; each one strictly improves the balance, and forty players need far fewer. */
const MAX_EXCHANGES = 100

/**
 * Strategy `balanced`: exchanges tickets of equal size between teams while that brings the team averages of the
 * balanced attribute closer together and leaves a legal match.
 */
export function balanceTeams(found: FoundSet, pool: PassPool, additionalPlayerCount: number): FoundSet {
  const column = pool.plan.balancedColumn
  if (column === null) return found
  const teams = [...found.teams]
  for (let exchange = 0; exchange < MAX_EXCHANGES; exchange++) {
    const better = exchanges(found.members, teams, pool, column).find(([one, other]) => {
      swap(teams, one, other)
      const legal = isLegal(found.members, teams, pool, additionalPlayerCount)
      if (!legal) swap(teams, one, other)
      return legal
    })
    if (better === undefined) break
  }
  return { members: found.members, teams }
}

/** Pairs of members whose exchange improves the balance, best first. */
function exchanges(members: readonly number[], teams: number[], pool: PassPool, column: number): [number, number][] {
  const present = imbalance(members, teams, pool, column)
  const pairs: { pair: [number, number]; after: number }[] = []
  for (const [one, ticket] of members.entries()) {
    for (let other = one + 1; other < members.length; other++) {
      const mine = pool.tickets[ticket]
      const theirs = pool.tickets[members[other] ?? -1]
      if (!mine || !theirs || mine.isBackfill || theirs.isBackfill) continue
      if (mine.size !== theirs.size || teams[one] === teams[other]) continue
      swap(teams, one, other)
      const after = imbalance(members, teams, pool, column)
      swap(teams, one, other)
      if (after < present - 1e-9) pairs.push({ pair: [one, other], after })
    }
  }
  return pairs.sort((one, other) => one.after - other.after).map(({ pair }) => pair)
}

/** Highest minus lowest team average. Empty teams have none. */
function imbalance(members: readonly number[], teams: readonly number[], pool: PassPool, column: number): number {
  const sums = new Array<number>(pool.plan.teamCount).fill(0)
  const counts = new Array<number>(pool.plan.teamCount).fill(0)
  for (const [position, member] of members.entries()) {
    for (const group of pool.tickets[member]?.groups ?? []) {
      const team = group.team ?? teams[position] ?? 0
      sums[team] = (sums[team] ?? 0) + (group.columns[column]?.sum ?? 0)
      counts[team] = (counts[team] ?? 0) + (group.columns[column]?.values.length ?? 0)
    }
  }
  const averages = sums.flatMap((sum, team) => (counts[team] ? [sum / counts[team]] : []))
  return averages.length === 0 ? 0 : Math.max(...averages) - Math.min(...averages)
}

function isLegal(members: readonly number[], teams: readonly number[], pool: PassPool, additional: number): boolean {
  const trial = new Trial(pool, additional, new RuleCounts(pool.plan.ruleSet.rules.length))
  for (const [position, member] of members.entries()) trial.hold(member, teams[position] ?? 0)
  return trial.isViable()
}

function swap(teams: number[], one: number, other: number): void {
  const kept = teams[one] ?? 0
  teams[one] = teams[other] ?? 0
  teams[other] = kept
}
