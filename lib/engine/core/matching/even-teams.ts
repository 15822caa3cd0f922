/** Other ways to deal the same tickets to the same teams, by which the averages of one number come closer together. */

import type { TicketFacts } from './ticket-facts.ts'

const MOST_SWAPS = 8
/** Of pairs of tickets, over all swaps: dealing alone brings the averages of large teams close together. */
const MOST_WEIGHED = 20_000
/** Gains smaller than rounding errors would go on for ever. */
const LEAST_GAIN = 1e-9

/** Players of one ticket who stand together, and the number that is to be even among teams. */
export interface Standing {
  /** null while it can be any. */
  team: number | null
  size: number
  sum: number
  /** Values that `sum` is the sum of. */
  count: number
}
/** A ticket; a backfill has one entry per team. */
export type DealtTicket = readonly Standing[]

export function dealtTicket({ groups }: TicketFacts, column: number): DealtTicket {
  return groups.map(({ team, size, columns }) => ({
    ...{ team, size, sum: columns[column]?.sum ?? 0, count: columns[column]?.values.length ?? 0 },
  }))
}

/**
 * Yields teams per ticket, each better balanced than the one before: first dealt from the highest value down, always to
 * the team with the lowest average that has room for it, then with single tickets swapped. Who has a team stays.
 */
export function* evenTeams(
  tickets: readonly DealtTicket[],
  present: readonly number[],
  teamCount: number,
): Generator<readonly number[]> {
  const dealt = deal(tickets, playersPerTeam(tickets, present, teamCount))
  let teams: readonly number[] = dealt ?? present
  if (dealt !== null) yield dealt
  const pairs = (tickets.length * (tickets.length - 1)) / 2
  for (let swap = 0; swap < MOST_SWAPS && swap * pairs < MOST_WEIGHED; swap++) {
    const better = bestSwap(tickets, teams, teamCount)
    if (better === null) return
    teams = better
    yield teams
  }
}

function playersPerTeam(tickets: readonly DealtTicket[], teams: readonly number[], count: number): number[] {
  const players = new Array<number>(count).fill(0)
  for (const [place, standings] of tickets.entries()) {
    for (const { team, size } of standings) players[team ?? teams[place]!]! += size
  }
  return players
}

/** null when the tickets, dealt in this way, do not fill the same teams. */
function deal(tickets: readonly DealtTicket[], targets: readonly number[]): number[] | null {
  const open = [...targets]
  const sums = targets.map(() => 0)
  const teams = tickets.map(() => 0)
  const free: { place: number; size: number; sum: number; mean: number }[] = []
  for (const [place, standings] of tickets.entries()) {
    for (const { team, size, sum, count } of standings) {
      if (team === null) {
        free.push({ place, size, sum, mean: count === 0 ? 0 : sum / count })
        continue
      }
      open[team]! -= size
      sums[team]! += sum
    }
  }
  // Parties first: what is left for them shrinks with every single player.
  free.sort((one, other) => other.size - one.size || other.mean - one.mean || one.place - other.place)
  for (const { place, size, sum } of free) {
    let best = -1
    for (let team = 0; team < open.length; team++) {
      if (open[team]! < size) continue
      if (best < 0 || sums[team]! / targets[team]! < sums[best]! / targets[best]!) best = team
    }
    if (best < 0) return null
    teams[place] = best
    open[best]! -= size
    sums[best]! += sum
  }
  return teams
}

/** Between the highest and the lowest team average; teams without values do not count. */
export function imbalance(tickets: readonly DealtTicket[], teams: readonly number[], teamCount: number): number {
  const { sums, counts } = totals(tickets, teams, teamCount)
  return spread(sums, counts)
}

function totals(tickets: readonly DealtTicket[], teams: readonly number[], count: number) {
  const sums = new Array<number>(count).fill(0)
  const counts = new Array<number>(count).fill(0)
  for (const [place, standings] of tickets.entries()) {
    for (const standing of standings) {
      sums[standing.team ?? teams[place]!]! += standing.sum
      counts[standing.team ?? teams[place]!]! += standing.count
    }
  }
  return { sums, counts }
}

/** The swap of two tickets of equal size that brings team averages closest together; null when none does. */
function bestSwap(tickets: readonly DealtTicket[], teams: readonly number[], count: number): number[] | null {
  const { sums, counts } = totals(tickets, teams, count)
  let least = spread(sums, counts) - LEAST_GAIN
  let best: [number, number] | null = null
  for (let one = 0; one < tickets.length; one++) {
    for (let other = one + 1; other < tickets.length; other++) {
      const [mine] = tickets[one]!
      const [theirs] = tickets[other]!
      const a = teams[one]!
      const b = teams[other]!
      if (a === b || mine?.team !== null || theirs?.team !== null || mine.size !== theirs.size) continue
      sums[a]! += theirs.sum - mine.sum
      sums[b]! -= theirs.sum - mine.sum
      const here = spread(sums, counts)
      sums[a]! -= theirs.sum - mine.sum
      sums[b]! += theirs.sum - mine.sum
      if (here < least) {
        least = here
        best = [one, other]
      }
    }
  }
  if (best === null) return null
  const swapped = [...teams]
  swapped[best[0]] = teams[best[1]]!
  swapped[best[1]] = teams[best[0]]!
  return swapped
}

function spread(sums: readonly number[], counts: readonly number[]): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let team = 0; team < sums.length; team++) {
    if (counts[team] === 0) continue
    const average = sums[team]! / counts[team]!
    if (average < low) low = average
    if (average > high) high = average
  }
  return high - low
}
