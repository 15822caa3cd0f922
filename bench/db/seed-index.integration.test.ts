import { expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { rebuildIndex } from '#lib/tickets/rebuild-index.ts'
import { countTickets, dumpIndex, readCounters, readRollups, scanRollups } from '#lib/tickets/testing/index-dump.ts'
import { SEEDED, seedIndex } from './seed-index.ts'

const database = testDatabase()
const ENDS_AT = Date.UTC(2026, 0, 31, 12)

it('the seeded index is what Matchdesk itself makes of the seeded facts', async () => {
  const { db } = database
  await seedIndex(db, 20_000, ENDS_AT)
  const seeded = JSON.parse(await dumpIndex(db, SEEDED))
  expect(seeded.tickets).toHaveLength(20_000)
  expect(new Set(seeded.tickets.map(({ status }: { status: string }) => status)).size).toBe(9)
  expect(await readCounters(db, SEEDED)).toEqual(await countTickets(db, SEEDED))
  for (const table of ['rollups', 'rollups_15'] as const) {
    expect(await readRollups(db, SEEDED, table)).toEqual(await scanRollups(db, SEEDED, table))
  }
  expect(await rebuildIndex(db, SEEDED, ENDS_AT)).toBe(20_000)
  const rebuilt = JSON.parse(await dumpIndex(db, SEEDED))
  for (const part of Object.keys(seeded)) expect(rebuilt[part], part).toEqual(seeded[part])
  const { rows } = await db.query('select count(*) from gaps where environment = $1', [SEEDED])
  expect(rows).toEqual([{ count: 0 }])
})

it('nothing that only the seeding needed is left, and every index is there again', async () => {
  const { rows } = await database.db.query<{ tablename: string; count: number }>(
    `select tablename, count(*) from pg_indexes where schemaname = 'public'
       and tablename in ('tickets', 'ticket_players', 'matches', 'game_sessions') group by tablename order by tablename`,
  )
  expect(rows.map(({ tablename }) => tablename)).toEqual(['game_sessions', 'matches', 'ticket_players', 'tickets'])
  expect(rows.find(({ tablename }) => tablename === 'tickets')?.count).toBeGreaterThanOrEqual(15)
  const { rows: schemas } = await database.db.query(`select nspname from pg_namespace where nspname = 'seed'`)
  expect(schemas).toEqual([])
})
