/** Who brought a proposed match down, as one ticket's own events tell it. Pure. */
import type { EventFact } from './events.ts'
import { type Match, projectMatch } from './project-match.ts'

export interface DroppedMatch {
  /** Players of any ticket of the match, in the order the events name them. */
  rejectedBy: { playerId: string; ticketId: string }[]
  /** Players of the ticket itself who had neither accepted nor rejected. */
  unanswered: string[]
  /** Whether the time to answer ran out, rather than somebody ending the match before. */
  timedOut: boolean
}

/** The newest match that was dropped with or under this ticket; null when its newest match was not dropped. */
export function droppedMatch(ticketId: string, facts: readonly EventFact[]): DroppedMatch | null {
  const match = newestMatch(facts)
  if (match === null) return null
  const rejectedBy = match.players.filter(({ answer }) => answer === 'rejected')
  // A rejection ends the match at once, also where the event that says so is lost.
  const rejected = match.status === 'rejected' || (match.status === 'proposed' && rejectedBy.length > 0)
  if (!rejected && match.status !== 'not-answered') return null
  const unanswered = match.players.filter((player) => player.ticketId === ticketId && player.answer === null)
  return {
    rejectedBy: rejectedBy.map(({ playerId, ticketId: of }) => ({ playerId, ticketId: of })),
    unanswered: unanswered.map(({ playerId }) => playerId),
    timedOut: match.status === 'not-answered',
  }
}

/** The match that these events of one ticket named last, with the answers of everybody in it; null when they name none. */
export function newestMatch(facts: readonly EventFact[]): Match | null {
  let newest: { matchId: string; time: number } | null = null
  for (const { detail, time } of facts) {
    if ('matchId' in detail && detail.matchId && (newest === null || time >= newest.time))
      newest = { matchId: detail.matchId, time }
  }
  if (newest === null) return null
  const { matchId } = newest
  return projectMatch(
    matchId,
    facts.filter(({ detail }) => 'matchId' in detail && detail.matchId === matchId),
  )
}
