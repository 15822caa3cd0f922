import { beforeAll, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { playersThatBegin } from './players-that-begin.ts'
import { search } from './search.ts'
import { planOf } from './testing/plans.ts'
import { seedTickets } from './testing/seed-tickets.ts'

const database = testDatabase()
const ENVIRONMENT = 'big'

beforeAll(() => seedTickets(database.db, ENVIRONMENT, 60_000))

it('names each player once, in order and few, however many tickets they have', async () => {
  const { db } = database
  expect(await playersThatBegin(db, ENVIRONMENT, 'player-199')).toEqual([
    ...['player-199', 'player-1990', 'player-19900', 'player-19901', 'player-19902', 'player-19903'],
  ])
  expect(await playersThatBegin(db, ENVIRONMENT, 'player-19999')).toEqual(['player-19999'])
  expect(await playersThatBegin(db, ENVIRONMENT, 'nobody')).toEqual([])
  expect(await playersThatBegin(db, 'other', 'player-1')).toEqual([])
})

it('reads an entry of the index for each, and nothing else', async () => {
  for (const beginning of ['p', 'player-', 'player-47', 'zzz']) {
    const plan = await planOf(database.db, (db) => playersThatBegin(db, ENVIRONMENT, beginning))
    expect(new Set(plan.indexes)).toEqual(new Set(['ticket_players_player']))
    expect(plan.scans).not.toContain('Seq Scan')
    expect(plan.rowsRead).toBeLessThan(20)
  }
})

it('a search that finds nothing of that name says which players begin so, to those who may search for players', async () => {
  const asked = (players: boolean) => search(database.db, ENVIRONMENT, 'player-1999', { players })
  expect(await asked(true)).toMatchObject({ found: true, href: '/big/tickets?tab=all&playerId=player-1999' })
  const searched = await search(database.db, ENVIRONMENT, 'player-1999x', { players: true })
  expect(searched).toMatchObject({ found: false, message: expect.not.stringContaining('begin') })
  expect(await search(database.db, ENVIRONMENT, 'layer', { players: true })).toMatchObject({ found: false })
  const begun = await search(database.db, ENVIRONMENT, 'player-', { players: true })
  expect(!begun.found && begun.message).toBe(
    'No ticket, player, match or game session of big is called player-. Players whose id begins so: player-0, player-1, ' +
      'player-10, player-100, player-1000, player-10000.',
  )
  expect(await search(database.db, ENVIRONMENT, 'player-', { players: false })).toMatchObject({
    message: expect.not.stringContaining('player-0'),
  })
})
