import type { TicketObservation } from '#lib/flexmatch/events.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { TicketKind } from '#lib/flexmatch/status.ts'
import type { Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import { parseMatchmakerData } from '#lib/matchmaker/matchmaker-data.ts'

interface Known {
  kind: TicketKind
  described: boolean
}
type SessionReader = Pick<Matchmaker, 'describeGameSession'>

/**
 * The kinds of described tickets, in the order given. The API has no word for the kind: a backfill ticket is known by
 * its session or teams while it is open, an automatic one by the session's matchmaker data, read once per session.
 */
export async function observedKinds(
  tickets: readonly { observation: TicketObservation; known: Known }[],
  reader: SessionReader,
): Promise<TicketKind[]> {
  const automaticIds = new Map<string, Promise<string | null>>()
  return Promise.all(
    tickets.map(async ({ observation, known }) => {
      // Once told the kind stays: a finished ticket's answer no longer shows it, and sessions move on to newer ids.
      if (known.kind === 'auto-backfill' || (known.described && known.kind !== 'new')) return known.kind
      if (!showsBackfill(observation)) return known.kind
      const arn = observation.gameSessionArn
      if (!arn) return 'backfill'
      const automatic = automaticIds.get(arn) ?? automaticTicketOf(arn, reader)
      automaticIds.set(arn, automatic)
      return (await automatic) === observation.ticketId ? 'auto-backfill' : 'backfill'
    }),
  )
}

function showsBackfill(observation: TicketObservation): boolean {
  if (observation.kind !== 'new') return true
  const waiting = observation.status === 'QUEUED' || observation.status === 'SEARCHING'
  return waiting && observation.players.some((player) => player.team !== null)
}

async function automaticTicketOf(gameSessionArn: string, reader: SessionReader): Promise<string | null> {
  const session = await reader.describeGameSession(gameSessionArn)
  if (!session?.matchmakerData) return null
  try {
    return parseMatchmakerData(session.matchmakerData, gameSessionArn).autoBackfillTicketId
  } catch (error) {
    if (error instanceof AppError) return null // unreadable data names no ticket
    throw error
  }
}
