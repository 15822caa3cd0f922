/** Whom a backfill request names: the players of the session's matchmaker data, without those the operator left out. */
import { apiAttributes } from '#lib/flexmatch/api-attributes.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { BackfillRequest } from '#lib/matchmaker/matchmaker.ts'
import type { MatchmakerData } from '#lib/matchmaker/matchmaker-data.ts'
import type { StartBackfillInput } from './inputs.ts'

const MAX_BACKFILL_PLAYERS = 199

/**
 * Team and attributes come from the matchmaker data as read now, not from the page: the page says only who is left
 * out. A player who joined since the page was read is included. Throws INVALID_INPUT for a player who is not there.
 */
export function backfillPlayers(
  data: MatchmakerData,
  chosen: StartBackfillInput['players'],
): BackfillRequest['players'] {
  const present = data.teams.flatMap((team) =>
    team.players.map((player) => ({
      playerId: player.playerId,
      team: team.name,
      attributes: apiAttributes(player.attributes),
    })),
  )
  const presentIds = new Set(present.map((player) => player.playerId))
  const stranger = chosen.find((player) => player.include && !presentIds.has(player.playerId))
  if (stranger) {
    throw new AppError(
      'INVALID_INPUT',
      `Player ${stranger.playerId} is not in the session's matchmaker data any more. Reload the page and choose again.`,
    )
  }
  const leftOut = new Set(chosen.filter((player) => !player.include).map((player) => player.playerId))
  const players = present.filter((player) => !leftOut.has(player.playerId))
  if (players.length > MAX_BACKFILL_PLAYERS) {
    throw new AppError(
      'INVALID_INPUT',
      `A backfill request can name ${MAX_BACKFILL_PLAYERS} players, these are ${players.length}.`,
    )
  }
  return players
}

/** One click, one id: a click that is sent twice cannot start two backfills, and a lost answer can be looked up. */
export function backfillTicketId(requestId: string): string {
  return `backfill-${requestId}`
}
