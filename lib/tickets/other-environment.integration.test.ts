/** What belongs to one environment is as absent in another as what never was: for every question that names a thing. */
import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { getMatch } from './get-match.ts'
import { getSession } from './get-session.ts'
import { getTicket } from './get-ticket.ts'
import { ingest } from './ingest.ts'
import { listMatches } from './list-matches.ts'
import { listSessions } from './list-sessions.ts'
import { listTickets } from './list-tickets.ts'
import { search } from './search.ts'
import { arrivalOf, fixtureEnvelopes } from './testing/arrivals.ts'
import { ticketCounts } from './ticket-counts.ts'
import type { TicketFilter } from './views.ts'

const database = testDatabase()
const EVERYTHING: TicketFilter = {
  tab: 'all',
  configuration: null,
  kind: null,
  playerId: null,
  ticketId: null,
  minAgeSeconds: null,
  presumed: false,
  order: 'newest',
  cursor: null,
}
let id: { ticket: string; match: string; session: string; player: string }

beforeAll(async () => {
  const { db } = database
  await ingest(db, 'theirs', fixtureEnvelopes().map(arrivalOf))
  const { rows } = await db.query(
    `select (select ticket_id from ticket_players limit 1) as ticket, (select player_id from ticket_players limit 1) as player,
       (select match_id from matches limit 1) as match, (select game_session_arn from game_sessions limit 1) as session`,
  )
  id = rows[0]
})

it('there is something to find where it belongs', async () => {
  const { db } = database
  for (const value of Object.values(id)) expect(value).toBeTruthy()
  expect(await getTicket(db, 'theirs', id.ticket)).not.toBeNull()
  expect(await getMatch(db, 'theirs', id.match)).not.toBeNull()
  expect(await getSession(db, 'theirs', id.session)).not.toBeNull()
  expect((await search(db, 'theirs', id.player, { players: true })).found).toBe(true)
  expect((await listTickets(db, 'theirs', { ...EVERYTHING, playerId: id.player })).rows.length).toBeGreaterThan(0)
})

it('nothing is found by its id elsewhere, in the words for what never was', async () => {
  const { db } = database
  expect(await getTicket(db, 'ours', id.ticket)).toBeNull()
  expect(await getMatch(db, 'ours', id.match)).toBeNull()
  expect(await getSession(db, 'ours', id.session)).toBeNull()
  expect(await getSession(db, 'ours', String(id.session.split('/').at(-1)))).toBeNull()
  for (const value of Object.values(id)) {
    const asked = await search(db, 'ours', value, { players: true })
    const shown = value.length > 80 ? `${value.slice(0, 77)}…` : value
    expect(asked).toEqual({
      found: false,
      message: `No ticket, player, match or game session of ours is called ${shown}.`,
    })
  }
})

it('no list, filter, count or cursor of another environment shows it', async () => {
  const { db } = database
  const cursors = [
    (await listTickets(db, 'theirs', EVERYTHING, Date.now(), 1)).nextCursor,
    (await listTickets(db, 'theirs', { ...EVERYTHING, order: 'oldest' }, Date.now(), 1)).nextCursor,
  ]
  expect(cursors.every((cursor) => cursor !== null)).toBe(true)
  const filters: Partial<TicketFilter>[] = [
    {},
    { playerId: id.player },
    { ticketId: id.ticket },
    { cursor: cursors[0] ?? null },
    { order: 'oldest', cursor: cursors[1] ?? null },
  ]
  for (const filter of filters) {
    expect((await listTickets(db, 'ours', { ...EVERYTHING, ...filter })).rows, JSON.stringify(filter)).toEqual([])
  }
  expect((await listMatches(db, 'ours')).rows).toEqual([])
  expect((await listSessions(db, 'ours')).rows).toEqual([])
  expect((await ticketCounts(db, 'ours'))?.all).toBe(0)
})
