import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { START } from '#lib/flexmatch/testing/builders.ts'
import { listTickets } from './list-tickets.ts'
import { planOf } from './testing/plans.ts'
import { seedTickets } from './testing/seed-tickets.ts'
import type { TicketFilter } from './views.ts'

const database = testDatabase()
const ENVIRONMENT = 'one player'
const ROWS = 20_000
const NOW = START + ROWS * 1000
const FEW: TicketFilter = {
  ...{ tab: 'TIMED_OUT', configuration: null, kind: null, playerId: 'bot', ticketId: null, minAgeSeconds: null },
  ...{ presumed: false, order: 'newest', cursor: null },
}

/** Almost all that one player has is COMPLETED, and what many others have is not. */
beforeAll(async () => {
  await seedTickets(database.db, ENVIRONMENT, ROWS)
  await database.db.query(
    `update ticket_players p set player_id = 'bot' from tickets t
     where t.environment = $1 and t.environment = p.environment and t.ticket_id = p.ticket_id and p.position = 0
       and (t.status = 'COMPLETED' or right(t.ticket_id, 7)::int % 1000 = 85)`,
    [ENVIRONMENT],
  )
  await database.db.query('vacuum analyze tickets')
  await database.db.query('vacuum analyze ticket_players')
})

async function everyPage(filter: TicketFilter): Promise<{ ids: string[]; pages: number; mostRead: number }> {
  const ids: string[] = []
  let pages = 0
  let mostRead = 0
  for (let cursor: string | null = null; ; ) {
    const asked = { ...filter, cursor }
    mostRead = Math.max(
      mostRead,
      (await planOf(database.db, (db) => listTickets(db, ENVIRONMENT, asked, NOW))).rowsRead,
    )
    const page = await listTickets(database.db, ENVIRONMENT, asked, NOW)
    ids.push(...page.rows.map(({ ticketId }) => ticketId))
    pages++
    cursor = page.nextCursor
    if (cursor === null) return { ids, pages, mostRead }
  }
}

describe('the few tickets in one status of a player who has thousands', () => {
  it.each(['newest', 'oldest'] as const)('are all found, %s first, and no page looks far for them', async (order) => {
    const direction = order === 'newest' ? 'desc' : 'asc'
    const { rows } = await database.db.query<{ ticket_id: string }>(
      `select t.ticket_id from tickets t join ticket_players p using (environment, ticket_id)
       where environment = $1 and player_id = 'bot' and status = 'TIMED_OUT' and t.started_at <= $2
       order by t.started_at ${direction}, ticket_id ${direction}`,
      [ENVIRONMENT, new Date(NOW - 3_600_000)],
    )
    const found = await everyPage({ ...FEW, order, minAgeSeconds: 3_600 })
    expect(found.ids).toEqual(rows.map((row) => row.ticket_id))
    expect(found.ids.length).toBeGreaterThan(5)
    expect(found.pages).toBeGreaterThan(3)
    expect(found.mostRead).toBeLessThan(7_000)
  })

  it('are one look at the first page of all of them', async () => {
    const plan = await planOf(database.db, (db) => listTickets(db, ENVIRONMENT, { ...FEW, tab: 'all' }, NOW))
    expect(plan.rowsRead).toBeLessThan(200)
  })
})
