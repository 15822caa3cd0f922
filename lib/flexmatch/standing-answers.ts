import type { MatchmakingDetail } from './events.ts'

/** More than a match can have players. */
const REJECTION = 1_000

/**
 * How far the answering of a match had got when this event was sent: standing answers only grow, and a rejection, even
 * one that takes back an acceptance, is the last of them. Orders AcceptMatch events of one time.
 */
export function answersIn(detail: MatchmakingDetail): number {
  let progress = 0
  for (const { accepted } of detail.tickets.flatMap((ticket) => ticket.players)) {
    if (accepted !== undefined) progress += accepted ? 1 : REJECTION
  }
  return progress
}
