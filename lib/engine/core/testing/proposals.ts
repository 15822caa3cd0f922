/** A proposed match as seen from outside, and the documented fate of its tickets when it is dropped. */

export interface Proposal {
  matchId: string
  tickets: Map<string, { playerId: string; team?: string }[]>
  /** When the time to answer is over; null without acceptance. */
  dueMs: number | null
  answers: Map<string, boolean>
  /** Everyone has accepted, or nobody has to. */
  decided: boolean
}

/** Back in the pool, or the reason a ticket is cancelled with. */
export type Fate = 'returned' | 'Rejected' | 'AcceptanceTimedOut'

/**
 * The AcceptMatch reference: who rejects or does not answer is cancelled, who accepted searches again. `answers` is empty
 * for a backfill, whose players have no say. `takenOut`: one of the tickets was stopped or superseded, which is not the
 * fault of the others.
 */
export function fateAfterDrop(
  answers: readonly (boolean | null)[],
  { rejected, takenOut, requeue }: { rejected: boolean; takenOut: boolean; requeue: boolean },
): Fate {
  if (takenOut) return 'returned'
  if (answers.includes(false)) return 'Rejected'
  if (!answers.includes(null)) return 'returned'
  return rejected && requeue ? 'returned' : 'AcceptanceTimedOut'
}
