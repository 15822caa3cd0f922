/** A game session as GameLift has it at this moment, for the page that shows it. */
import { AppError } from '#lib/flexmatch/result.ts'
import type { SessionView } from '#lib/tickets/views.ts'
import type { DescribedGameSession, Matchmaker } from './matchmaker.ts'
import { type MatchmakerData, parseMatchmakerData } from './matchmaker-data.ts'

/** Never throws an expected failure: what cannot be read is `unreadable`, and the rest of the page stands. */
export async function readLiveSession(
  matchmaker: Pick<Matchmaker, 'describeGameSession'>,
  gameSessionArn: string,
  now: () => Date,
): Promise<Pick<SessionView, 'live' | 'unreadable'>> {
  try {
    const session = await matchmaker.describeGameSession(gameSessionArn)
    if (!session) return { live: null, unreadable: 'GameLift does not know this game session any more.' }
    return { live: liveView(session, now()), unreadable: null }
  } catch (error) {
    if (error instanceof AppError) return { live: null, unreadable: error.message }
    throw error
  }
}

function liveView(session: DescribedGameSession, readAt: Date): NonNullable<SessionView['live']> {
  const { gameSessionArn, ...shown } = session
  const data = readable(session)
  return {
    ...shown,
    teams: (data?.teams ?? []).map(({ name, players }) => ({
      name,
      players: players.map(({ playerId, attributes }) => ({
        playerId,
        attributes: Object.fromEntries(
          Object.entries(attributes).map(([attribute, { valueAttribute }]) => [attribute, valueAttribute]),
        ),
      })),
    })),
    autoBackfillMode: data?.autoBackfillMode ?? null,
    autoBackfillTicketId: data?.autoBackfillTicketId ?? null,
    readAt: readAt.toISOString(),
  }
}

/** The session is shown even where its matchmaker data is absent or broken: the raw text is beside it. */
function readable(session: DescribedGameSession): MatchmakerData | null {
  try {
    return parseMatchmakerData(session.matchmakerData, session.gameSessionArn)
  } catch {
    return null
  }
}
