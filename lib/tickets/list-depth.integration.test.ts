import { beforeAll, expect, it } from 'vitest'
import type { Queryable } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { START } from '#lib/flexmatch/testing/builders.ts'
import { writeCursor } from './cursor.ts'
import { listTickets } from './list-tickets.ts'
import { seedTickets } from './testing/seed-tickets.ts'
import type { TicketFilter } from './views.ts'

const database = testDatabase()
const ENVIRONMENT = 'big'
const ROWS = 60_000
const NOW = START + ROWS * 1000
const ALL: TicketFilter = {
  ...{ tab: 'all', configuration: null, kind: null, playerId: null, ticketId: null, minAgeSeconds: null },
  ...{ presumed: false, order: 'newest', cursor: null },
}

beforeAll(() => seedTickets(database.db, ENVIRONMENT, ROWS))

/** How many pages of tables and indexes a page of the list looks into: also those that are passed over. */
async function blocksRead(filter: TicketFilter): Promise<number> {
  let blocks = 0
  const explaining = {
    async query(text: string, values?: unknown[]) {
      const { rows } = await database.db.query(`explain (analyze, buffers, format json) ${text}`, values)
      const plan = rows[0]['QUERY PLAN'][0].Plan
      blocks += plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
      return database.db.query(text, values)
    },
  } as unknown as Queryable
  const { rows } = await listTickets(explaining, ENVIRONMENT, filter, NOW)
  expect(rows).toHaveLength(50)
  return blocks
}

const deep = { time: START + 5_000_000, id: '' }
it.each<[of: string, change: Partial<TicketFilter>, cursor: { time: number | null; id: string }]>([
  ['all', {}, deep],
  ['what is older than an hour', { minAgeSeconds: 3_600 }, deep],
  ['what is older than an hour, oldest first', { minAgeSeconds: 3_600, order: 'oldest' }, deep],
  ['what was older than an hour, from a place that is not', { minAgeSeconds: 50_000 }, { time: NOW, id: '' }],
  ['ids with one beginning', { ticketId: 't-00' }, { time: null, id: 't-0055000' }],
])('a page far into %s looks at no more than the first', async (_of, change, cursor) => {
  const filter = { ...ALL, ...change }
  const first = await blocksRead(filter)
  expect(await blocksRead({ ...filter, cursor: writeCursor(cursor) })).toBeLessThan(first + 30)
})

it('a page of what is old enough goes on where the one before ended', async () => {
  const filter = { ...ALL, minAgeSeconds: 3_600 }
  const first = await listTickets(database.db, ENVIRONMENT, filter, NOW)
  const second = await listTickets(database.db, ENVIRONMENT, { ...filter, cursor: first.nextCursor }, NOW + 60_000)
  const starts = [...first.rows, ...second.rows].map(({ startedAt }) => Date.parse(startedAt))
  expect(starts).toEqual(Array.from({ length: 100 }, (_, n) => NOW - 3_600_000 - n * 1000))
})
