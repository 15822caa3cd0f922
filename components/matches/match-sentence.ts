import { few } from '#components/tickets/dropped-words.ts'
import type { MatchStatus } from '#lib/tickets/views.ts'

const AFTERWARDS = 'Tickets whose players had not all accepted by then were cancelled; the others search again.'

/** What became of a proposed match, or what it waits for. `silent` is how many players have still to answer, `placed` whether there is a game session, `by` whose answers brought it down, as far as known. */
export function matchSentence(
  status: MatchStatus,
  silent: number,
  acceptanceRequired: boolean,
  placed: boolean,
  by: { rejectedBy: readonly string[]; unanswered: readonly string[] },
): string {
  switch (status) {
    case 'proposed':
      if (silent === 0) return 'Every player has accepted; it is about to be placed.'
      return `Waiting on ${silent} ${silent === 1 ? 'player' : 'players'}. If one rejects or does not answer in time, the match is dropped: tickets whose players have not all accepted by then are cancelled, the others search again.`
    case 'placing':
      return `${acceptanceRequired ? 'Every player accepted: it' : 'It'} is being placed in a game session. Its tickets can no longer be cancelled.`
    case 'completed':
      return placed
        ? 'Matched and placed. Its players can connect.'
        : 'Matched. GameLift has named no game session: under a standalone configuration your own service places it.'
    case 'rejected':
      return `Dropped because ${few(by.rejectedBy) || 'a player'} rejected it. ${AFTERWARDS}`
    case 'not-answered':
      return `Dropped because ${few(by.unanswered) || 'a player'} did not answer in time. ${AFTERWARDS}`
    case 'withdrawn':
      return 'Dropped because one of its tickets was cancelled or replaced. The other tickets search again.'
    case 'failed':
      return 'It could not be placed in a game session; its tickets failed.'
    case 'placement-timed-out':
      return 'The queue found no game session in time. Its tickets search again as long as their request timeout allows.'
  }
}
