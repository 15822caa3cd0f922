/** Puts tickets on teams by their sizes alone, for a match that no search has found. */
import type { TeamSize } from './matching/stages.ts'

/** Attempts before giving up: far more than any match of single players or usual parties takes. */
const MOST_STEPS = 20_000

/**
 * The team of each party, in the parties' order, so that every team has a legal number of players; null when no way was
 * found. `chosen[i]` fixes the team of party i; `seated` counts the players that stand on the teams already.
 */
export function fillTeams(
  parties: readonly number[],
  chosen: readonly (number | null)[],
  teams: readonly TeamSize[],
  seated: readonly number[],
): number[] | null {
  const sizes = [...seated]
  const placed: (number | null)[] = [...chosen]
  chosen.forEach((team, party) => {
    if (team !== null) sizes[team] = sizes[team]! + parties[party]!
  })
  if (sizes.some((size, team) => size > teams[team]!.max)) return null
  // The largest first: small parties fill the gaps that large ones leave.
  const free = [...parties.keys()].filter((party) => placed[party] === null).sort((a, b) => parties[b]! - parties[a]!)
  let steps = 0

  const place = (position: number, playersLeft: number): boolean => {
    if (++steps > MOST_STEPS || playersLeft < shortage(sizes, teams)) return false
    const party = free[position]
    if (party === undefined) return true
    const tried = new Set<string>()
    for (const team of emptiestFirst(sizes, teams)) {
      const { min, max } = teams[team]!
      const alike = `${min} ${max} ${sizes[team]}`
      if (sizes[team]! + parties[party]! > max || tried.has(alike)) continue
      tried.add(alike)
      sizes[team] = sizes[team]! + parties[party]!
      placed[party] = team
      if (place(position + 1, playersLeft - parties[party]!)) return true
      sizes[team] = sizes[team]! - parties[party]!
    }
    return false
  }
  const playersLeft = free.reduce((sum, party) => sum + parties[party]!, 0)
  return place(0, playersLeft) ? (placed as number[]) : null
}

/** Players that are missing for the smallest legal teams. */
function shortage(sizes: readonly number[], teams: readonly TeamSize[]): number {
  return sizes.reduce((sum, size, team) => sum + Math.max(0, teams[team]!.min - size), 0)
}

function emptiestFirst(sizes: readonly number[], teams: readonly TeamSize[]): number[] {
  const free = (team: number) => teams[team]!.min - sizes[team]!
  return [...teams.keys()].sort((a, b) => free(b) - free(a) || a - b)
}
