/** An index as the pages need it to be drawn whole: lists of more than a page, and one ticket, match and session to open. */
import { openPool } from '#lib/db/pool.ts'
import { anEvent, aTicket } from '#lib/flexmatch/testing/builders.ts'
import { ingest } from '#lib/tickets/ingest.ts'
import { arrivalsOf } from '#lib/tickets/testing/arrivals.ts'
import { seedTickets } from '#lib/tickets/testing/seed-tickets.ts'

export const OPENED = {
  ticketId: 'bench-ticket',
  matchId: 'bench-match',
  gameSessionArn: 'arn:aws:gamelift:eu-central-1::gamesession/fleet-1/bench-session',
}
const TICKETS = 2_000

/** All tickets have ended: nothing asks about them while pages are measured. */
export async function seedPages(databaseUrl: string): Promise<void> {
  const db = openPool(databaseUrl, { name: 'bench', max: 2 })
  try {
    await seedTickets(db, 'local', TICKETS)
    await db.query('delete from tickets where is_open')
    await db.query("delete from counters where status in ('QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING')")
    const { ticketId, matchId, gameSessionArn } = OPENED
    const tickets = [aTicket(ticketId, [{ playerId: 'ana', playerSessionId: 'psess-1' }])]
    const facts = [
      anEvent('MatchmakingSearching', { time: 1_000, tickets: [aTicket(ticketId, ['ana'])] }),
      anEvent('PotentialMatchCreated', { time: 2_000, matchId, acceptanceRequired: false, tickets }),
      anEvent('MatchmakingSucceeded', { time: 3_000, matchId, tickets, session: { gameSessionArn } }),
    ]
    await ingest(db, 'local', arrivalsOf(facts))
  } finally {
    await db.end()
  }
}
