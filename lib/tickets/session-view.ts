import type { Queryable } from '#lib/db/pool.ts'
import { readLiveSession } from '#lib/matchmaker/live-session.ts'
import type { Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import { getSession } from './get-session.ts'
import type { SessionView } from './views.ts'

/** What the index knows of a game session and what GameLift says of it now; null when no match was placed there. */
export async function sessionView(
  db: Queryable,
  matchmaker: Pick<Matchmaker, 'describeGameSession'>,
  environment: string,
  arnOrId: string,
): Promise<SessionView | null> {
  const indexed = await getSession(db, environment, arnOrId)
  if (!indexed) return null
  return { ...indexed, ...(await readLiveSession(matchmaker, indexed.gameSessionArn, () => new Date())) }
}
