/** Which events a person forced: those of a force command, and whatever becomes of a match that was forced. */
import type { MatchmakingDetail, PlacementDetail } from '#lib/flexmatch/events.ts'
import type { Command, ForceCommand } from './contract.ts'
import type { State } from './state.ts'

export function isForce(command: Command): command is ForceCommand {
  return command.operation.startsWith('Force')
}

export function isForced(state: State, command: Command, detail: MatchmakingDetail | PlacementDetail): boolean {
  if (isForce(command)) return true
  if (state.forcedMatches.size === 0) return false
  const matchId = matchOf(state, detail)
  return matchId !== null && state.forcedMatches.has(matchId)
}

/** A match's events name it. A ticket that goes back to the pool still knows the match it comes from. */
function matchOf(state: State, detail: MatchmakingDetail | PlacementDetail): string | null {
  if ('placementId' in detail) return detail.placementId
  if (detail.type !== 'MatchmakingSearching') return detail.matchId ?? null
  const ticketId = detail.tickets[0]?.ticketId
  return (ticketId === undefined ? undefined : state.tickets.get(ticketId)?.matchId) ?? null
}

/** After every entry: a match that is over marks nothing any more. */
export function forgetEndedMarks({ forcedMatches, matches }: State): void {
  if (forcedMatches.size === 0) return
  for (const matchId of forcedMatches) if (!matches.has(matchId)) forcedMatches.delete(matchId)
}
