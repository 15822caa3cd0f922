import type { Answer } from './ticket.ts'

/** How many tickets of a match go which way when it is dropped. */
export interface RejectOutcome {
  cancelled: number
  searching: number
}

/**
 * What a rejection by a player of ticket `rejecting` would do to the tickets of the match, as the answers stand: tickets
 * whose players have not all accepted are cancelled with it, the others search again. Players of a backfill ticket need
 * not answer.
 */
export function rejectOutcome(
  players: readonly { ticketId: string; answer: Answer | null }[],
  rejecting: string,
  backfillTicketIds: readonly string[],
): RejectOutcome {
  const cancelled = new Set([rejecting])
  for (const { ticketId, answer } of players) {
    if (answer !== 'accepted' && !backfillTicketIds.includes(ticketId)) cancelled.add(ticketId)
  }
  const all = new Set([rejecting, ...players.map(({ ticketId }) => ticketId)])
  return { cancelled: cancelled.size, searching: all.size - cancelled.size }
}
