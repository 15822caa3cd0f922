import type { FoundSet } from './anchor-search.ts'
import type { PassPool } from './pass-pool.ts'
import { RuleCounts } from './rule-counts.ts'
import { Trial } from './trial.ts'

/** A bound on the exchanges; each one strictly improves the balance. */
const MAX_EXCHANGES = 50
/** Improvements smaller than rounding errors would go on for ever. */
const LEAST_GAIN = 1e-9

/**
 * Strategy `balanced`: exchanges tickets of equal size between teams while that brings the team averages of the
 * balanced attribute closer together and leaves a legal match.
 */
export function balanceTeams(found: FoundSet, pool: PassPool): FoundSet {
  const column = pool.plan.balancedColumn
  if (column === null) return found
  const teams = [...found.teams]
  for (let exchange = 0; exchange < MAX_EXCHANGES; exchange++) {
    const improved = exchanges(found.members, teams, pool, column).some(([one, other]) => {
      swap(teams, one, other)
      const legal = isLegal(found.members, teams, pool)
      if (!legal) swap(teams, one, other)
      return legal
    })
    if (!improved) break
  }
  return { members: found.members, teams }
}

interface TeamTotals {
  sums: number[]
  counts: number[]
}

/** Pairs of members whose exchange improves the balance, best first. One of each is on the highest or lowest team. */
function exchanges(
  members: readonly number[],
  teams: readonly number[],
  pool: PassPool,
  column: number,
): [number, number][] {
  const totals = totalsOf(members, teams, pool, column)
  const averages = averagesOf(totals)
  const present = imbalance(averages)
  const extremes = [averages.indexOf(Math.max(...defined(averages))), averages.indexOf(Math.min(...defined(averages)))]
  const pairs: { pair: [number, number]; after: number }[] = []
  for (const [one, ticket] of members.entries()) {
    const from = teams[one] ?? 0
    const mine = pool.tickets[ticket]
    if (!extremes.includes(from) || !mine || mine.isBackfill) continue
    for (const [other, member] of members.entries()) {
      const to = teams[other] ?? 0
      const theirs = pool.tickets[member]
      if (to === from || !theirs || theirs.isBackfill || theirs.size !== mine.size) continue
      const change = (theirs.columns[column]?.sum ?? 0) - (mine.columns[column]?.sum ?? 0)
      if (change === 0) continue
      averages[from] = shifted(totals, from, change)
      averages[to] = shifted(totals, to, -change)
      const after = imbalance(averages)
      averages[from] = shifted(totals, from, 0)
      averages[to] = shifted(totals, to, 0)
      if (after < present - LEAST_GAIN) pairs.push({ pair: [one, other], after })
    }
  }
  return pairs.sort((one, other) => one.after - other.after).map(({ pair }) => pair)
}

function totalsOf(members: readonly number[], teams: readonly number[], pool: PassPool, column: number): TeamTotals {
  const sums = new Array<number>(pool.plan.teamCount).fill(0)
  const counts = new Array<number>(pool.plan.teamCount).fill(0)
  for (const [position, member] of members.entries()) {
    for (const group of pool.tickets[member]?.groups ?? []) {
      const team = group.team ?? teams[position] ?? 0
      sums[team] = (sums[team] ?? 0) + (group.columns[column]?.sum ?? 0)
      counts[team] = (counts[team] ?? 0) + (group.columns[column]?.values.length ?? 0)
    }
  }
  return { sums, counts }
}

/** Per team; NaN for an empty one. */
function averagesOf({ sums, counts }: TeamTotals): number[] {
  return sums.map((sum, team) => sum / (counts[team] ?? 0))
}

function shifted({ sums, counts }: TeamTotals, team: number, change: number): number {
  return ((sums[team] ?? 0) + change) / (counts[team] ?? 0)
}

function defined(averages: readonly number[]): number[] {
  return averages.filter((average) => !Number.isNaN(average))
}

/** Highest minus lowest team average. */
function imbalance(averages: readonly number[]): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const average of averages) {
    if (average < low) low = average
    if (average > high) high = average
  }
  return high - low
}

function isLegal(members: readonly number[], teams: readonly number[], pool: PassPool): boolean {
  const trial = new Trial(pool, 0, new RuleCounts(pool.plan.ruleSet.rules.length))
  for (const [position, member] of members.entries()) trial.hold(member, teams[position] ?? 0)
  return trial.isViable()
}

function swap(teams: number[], one: number, other: number): void {
  const kept = teams[one] ?? 0
  teams[one] = teams[other] ?? 0
  teams[other] = kept
}
