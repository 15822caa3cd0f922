import { middle } from '#components/ui/split-id.ts'
import type { DroppedMatch } from '#lib/flexmatch/dropped-match.ts'
import type { RejectOutcome } from '#lib/flexmatch/reject-outcome.ts'

/** Why a ticket ended with a dropped match: one sentence, true of what its own events tell. */
export function endedWithMatch(ticketId: string, playerCount: number, dropped: DroppedMatch): string {
  const { rejectedBy, unanswered, timedOut } = dropped
  const own = rejectedBy.filter((player) => player.ticketId === ticketId)
  if (own.length > 0)
    return `Cancelled because ${few(own.map(({ playerId }) => playerId))} rejected the proposed match.`
  if (rejectedBy.length > 0) {
    const before =
      unanswered.length === 0 ? '' : ` before ${whole(unanswered, playerCount) ?? few(unanswered)} had answered`
    return `Cancelled because ${rejecters(rejectedBy)} rejected the match${before}.`
  }
  const how = timedOut ? 'did not answer the proposed match in time' : 'had not accepted when the match was dropped'
  return `Cancelled because ${unanswered.length === 0 ? 'its players' : few(unanswered)} ${how}.`
}

/** Why a ticket is back in search after a dropped match, without the full stop. */
export function returnedFromMatch({ rejectedBy, timedOut }: DroppedMatch): string {
  if (rejectedBy.length > 0) return `${rejecters(rejectedBy)} rejected the proposed match`
  return timedOut
    ? 'another ticket of the proposed match did not accept it in time'
    : 'another ticket of the proposed match did not accept it'
}

/** "2 tickets will be cancelled, 1 searches again." */
export function rejectOutcomeWords({ cancelled, searching }: RejectOutcome): string {
  const over = cancelled === 1 ? '1 ticket will be cancelled' : `${cancelled} tickets will be cancelled`
  return `${over}, ${searching === 0 ? 'none' : searching} ${searching <= 1 ? 'searches' : 'search'} again.`
}

/** Ids shortened; the first three, then how many more: "ana, bo, cy, +2". */
export function few(playerIds: readonly string[]): string {
  const shown = playerIds.slice(0, 3).map((id) => middle(id, 24))
  if (playerIds.length > 3) return `${shown.join(', ')}, +${playerIds.length - 3}`
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

function whole(unanswered: readonly string[], playerCount: number): string | null {
  return unanswered.length === playerCount && playerCount > 3 ? `this ticket’s ${playerCount} players` : null
}

function rejecters(players: DroppedMatch['rejectedBy']): string {
  const [first] = players
  if (players.length !== 1 || !first) return few(players.map(({ playerId }) => playerId))
  return `${middle(first.playerId, 24)} (ticket ${middle(first.ticketId, 24)})`
}
