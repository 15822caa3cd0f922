/** Other ways to deal the same tickets to the same teams, by which the averages of one number come closer together. */
import type { TicketFacts } from './ticket-facts.ts'

const MOST_SWAPS = 8
/** Gains smaller than rounding errors would go on for ever. */
const LEAST_GAIN = 1e-9

/**
 * Yields teams per ticket, each better balanced than the one before: first dealt from the highest value down, always to
 * the team with the lowest sum that has room for it, then with single tickets swapped. Tickets of a backfill stay.
 */
export function* evenTeams(
  tickets: readonly TicketFacts[],
  present: readonly number[],
  teamCount: number,
  column: number,
): Generator<readonly number[]> {
  const targets = playersPerTeam(tickets, present, teamCount)
  const dealt = deal(tickets, targets, column)
  let teams = dealt ?? [...present]
  if (dealt !== null) yield dealt
  for (let swap = 0; swap < MOST_SWAPS; swap++) {
    const better = bestSwap(tickets, teams, teamCount, column)
    if (better === null) return
    teams = better
    yield teams
  }
}

function playersPerTeam(tickets: readonly TicketFacts[], teams: readonly number[], count: number): number[] {
  const players = new Array<number>(count).fill(0)
  for (const [place, { groups }] of tickets.entries()) {
    for (const { team, size } of groups) players[team ?? teams[place]!]! += size
  }
  return players
}

/** null when the tickets, dealt in this way, do not fill the same teams. */
function deal(tickets: readonly TicketFacts[], targets: readonly number[], column: number): number[] | null {
  const open = [...targets]
  const sums = targets.map(() => 0)
  const teams = tickets.map(() => 0)
  const free: number[] = []
  for (const [place, { groups, isBackfill, size }] of tickets.entries()) {
    if (!isBackfill && size > 0) free.push(place)
    else
      for (const { team, size: players, columns } of groups) {
        open[team ?? 0]! -= players
        sums[team ?? 0]! += columns[column]?.sum ?? 0
      }
  }
  const value = (place: number) => mean(tickets[place]!, column)
  // Parties first: what is left for them shrinks with every single player.
  free.sort((one, other) => tickets[other]!.size - tickets[one]!.size || value(other) - value(one) || one - other)
  for (const place of free) {
    const { size, columns } = tickets[place]!
    let best = -1
    for (let team = 0; team < open.length; team++) {
      if (open[team]! < size) continue
      if (best < 0 || sums[team]! / targets[team]! < sums[best]! / targets[best]!) best = team
    }
    if (best < 0) return null
    teams[place] = best
    open[best]! -= size
    sums[best]! += columns[column]?.sum ?? 0
  }
  return teams
}

/** The swap of two tickets of equal size that brings team averages closest together; null when none does. */
function bestSwap(
  tickets: readonly TicketFacts[],
  teams: readonly number[],
  count: number,
  column: number,
): number[] | null {
  const sums = new Array<number>(count).fill(0)
  const counts = new Array<number>(count).fill(0)
  for (const [place, { groups }] of tickets.entries()) {
    for (const group of groups) {
      const team = group.team ?? teams[place]!
      sums[team]! += group.columns[column]?.sum ?? 0
      counts[team]! += group.columns[column]?.values.length ?? 0
    }
  }
  let least = spread(sums, counts) - LEAST_GAIN
  let best: [number, number] | null = null
  for (let one = 0; one < tickets.length; one++) {
    if (tickets[one]!.isBackfill) continue
    for (let other = one + 1; other < tickets.length; other++) {
      const a = teams[one]!
      const b = teams[other]!
      if (a === b || tickets[other]!.isBackfill || tickets[one]!.size !== tickets[other]!.size) continue
      const moved = (tickets[other]!.columns[column]?.sum ?? 0) - (tickets[one]!.columns[column]?.sum ?? 0)
      sums[a]! += moved
      sums[b]! -= moved
      const here = spread(sums, counts)
      sums[a]! -= moved
      sums[b]! += moved
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

/** Between the highest and the lowest team average; teams without values do not count. */
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

function mean({ columns }: TicketFacts, column: number): number {
  const values = columns[column]
  return values === undefined || values.values.length === 0 ? 0 : values.sum / values.values.length
}
