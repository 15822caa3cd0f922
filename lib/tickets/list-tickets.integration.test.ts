import { beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { ingest } from './ingest.ts'
import { listTickets } from './list-tickets.ts'
import { overview } from './overview.ts'
import { reconcile } from './reconcile.ts'
import { search } from './search.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { planOf } from './testing/plans.ts'
import { ScriptedDescriber } from './testing/scripted-describer.ts'
import { seedTickets } from './testing/seed-tickets.ts'
import { ticketCounts } from './ticket-counts.ts'
import type { TicketFilter, TicketRow } from './views.ts'

const database = testDatabase()
const ENVIRONMENT = 'big'
const ROWS = 60_000
const ALL: TicketFilter = {
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
const NOW = START + ROWS * 1000

beforeAll(async () => {
  await seedTickets(database.db, ENVIRONMENT, ROWS)
  await seedTickets(database.db, 'other', 5_000)
  // As rejections and time-outs leave them: here and there, and never COMPLETED.
  await database.db.query(
    `update tickets set presumed = true where environment = $1 and status in ('CANCELLED', 'TIMED_OUT', 'SEARCHING')
       and right(ticket_id, 7)::int % 300 in (70, 85, 97)`,
    [ENVIRONMENT],
  )
  await database.db.query('vacuum analyze tickets')
})

async function everyPage(filter: TicketFilter, between: () => Promise<unknown> = async () => {}): Promise<TicketRow[]> {
  const rows: TicketRow[] = []
  for (let cursor: string | null = null, pages = 0; pages < 2_000; pages++) {
    const page = await listTickets(database.db, ENVIRONMENT, { ...filter, cursor }, NOW)
    rows.push(...page.rows)
    if (page.nextCursor === null) return rows
    cursor = page.nextCursor
    await between()
  }
  throw new Error('The pages do not end.')
}

describe('a page of tickets', () => {
  const questions: [question: string, filter: Partial<TicketFilter>, index: string][] = [
    ['all', {}, 'tickets_all'],
    ['all, oldest first', { order: 'oldest' }, 'tickets_all'],
    ['open', { tab: 'open' }, 'tickets_open'],
    ['one status', { tab: 'TIMED_OUT' }, 'tickets_status'],
    ['one status nobody is in', { tab: 'FAILED' }, 'tickets_status'],
    ['one configuration', { configuration: 'config-3' }, 'tickets_configuration'],
    ['one configuration, open', { configuration: 'config-3', tab: 'open' }, 'tickets_configuration_open'],
    ['one configuration and status', { configuration: 'config-3', tab: 'COMPLETED' }, 'tickets_configuration_status'],
    ['a configuration that does not exist', { configuration: 'nothing' }, 'tickets_configuration'],
    ['one kind', { kind: 'auto-backfill' }, 'tickets_kind'],
    ['one kind in one status', { kind: 'auto-backfill', tab: 'CANCELLED' }, 'tickets_kind_status'],
    ['one kind, open', { kind: 'backfill', tab: 'open' }, 'tickets_kind_open'],
    ['older than an hour', { tab: 'open', minAgeSeconds: 3600 }, 'tickets_open'],
    ['oldest of a status', { tab: 'COMPLETED', order: 'oldest' }, 'tickets_status'],
    ['what is presumed', { presumed: true }, 'tickets_presumed'],
    ['what is presumed, oldest first', { presumed: true, order: 'oldest' }, 'tickets_presumed'],
    ['what is presumed in one status', { presumed: true, tab: 'TIMED_OUT' }, 'tickets_presumed'],
    ['what is presumed and open', { presumed: true, tab: 'open' }, 'tickets_presumed'],
    ['one player', { playerId: 'player-4711' }, 'ticket_players_player'],
    ['one player in one status', { playerId: 'player-4711', tab: 'COMPLETED' }, 'ticket_players_player'],
    ['a player nobody knows', { playerId: 'nobody' }, 'ticket_players_player'],
    ['ids with one beginning', { ticketId: 't-0001' }, 'tickets_pkey'],
    ['ids with one beginning in one status', { ticketId: 't-0001', tab: 'TIMED_OUT' }, 'tickets_pkey'],
  ]
  it.each(questions)('of %s reads one range of one index', async (_question, change, index) => {
    const filter = { ...ALL, ...change }
    const first = await planOf(database.db, (db) => listTickets(db, ENVIRONMENT, filter, NOW))
    expect(first.indexes).toContain(index)
    expect(first.scans).not.toContain('Seq Scan')
    expect(first.rowsRead).toBeLessThan(filter.ticketId ? 2_500 : 200)
    const { nextCursor } = await listTickets(database.db, ENVIRONMENT, filter, NOW)
    if (nextCursor === null) return
    const next = await planOf(database.db, (db) => listTickets(db, ENVIRONMENT, { ...filter, cursor: nextCursor }, NOW))
    expect(next.indexes).toContain(index)
    expect(next.rowsRead).toBeLessThan(filter.ticketId ? 2_500 : 200)
  })

  it('keeps its plan when it is asked for again and again', async () => {
    for (let time = 0; time < 8; time++) {
      const plan = await planOf(database.db, (db) =>
        listTickets(db, ENVIRONMENT, { ...ALL, playerId: `player-${time}` }, NOW),
      )
      expect(plan.indexes).toContain('ticket_players_player')
      expect(plan.rowsRead).toBeLessThan(200)
    }
  })
})

describe('the counts of the tabs', () => {
  it('are those of the presumed tickets where only these are listed', async () => {
    const counted = async (where: string) => {
      const { rows } = await database.db.query<{ count: number }>(
        `select count(*)::int from tickets where environment = $1 and presumed and ${where}`,
        [ENVIRONMENT],
      )
      return rows[0]?.count
    }
    const counts = await ticketCounts(database.db, ENVIRONMENT, { presumed: true })
    expect(counts?.all).toBe(await counted('true'))
    expect(counts?.open).toBe(await counted('is_open'))
    expect(counts?.TIMED_OUT).toBe(await counted(`status = 'TIMED_OUT'`))
    expect(counts?.TIMED_OUT).toBeGreaterThan(0)
    expect(counts?.COMPLETED).toBe(0)
    const narrowed = await ticketCounts(database.db, ENVIRONMENT, { presumed: true, kind: 'backfill' })
    expect(narrowed?.all).toBe(await counted(`kind = 'backfill'`))
    const plan = await planOf(database.db, (db) => ticketCounts(db, ENVIRONMENT, { presumed: true }))
    expect(plan.indexes).toEqual(['tickets_presumed'])
  })
})

describe('other questions of the pages', () => {
  it('read little, however much there is', async () => {
    const known = await planOf(database.db, (db) => overview(db, ENVIRONMENT, NOW))
    expect(known.indexes).toEqual(
      expect.arrayContaining([
        'tickets_configuration_open',
        'tickets_configuration_status',
        'tickets_placing',
        'tickets_unconfirmed',
      ]),
    )
    expect(known.rowsRead).toBeLessThan(2_000)
    const found = await planOf(database.db, (db) => search(db, ENVIRONMENT, 'player-4711', { players: true }))
    expect(found.rowsRead).toBeLessThan(20)
    const due = await planOf(database.db, (db) => reconcile(db as Db, ENVIRONMENT, new ScriptedDescriber(), () => NOW))
    expect(due.indexes).toContain('tickets_due')
    expect(due.scans).not.toContain('Seq Scan')
  })
})

describe('the pages of a list', () => {
  it.each<Partial<TicketFilter>>([
    { tab: 'TIMED_OUT', configuration: 'config-3' },
    { tab: 'open', order: 'oldest' },
    { kind: 'backfill' },
    { playerId: 'player-4711' },
    { ticketId: 't-00012', tab: 'COMPLETED' },
    { presumed: true },
    { presumed: true, tab: 'CANCELLED', order: 'oldest' },
  ])('hold every ticket of %j once, in order', async (change) => {
    const filter = { ...ALL, ...change }
    const rows = await everyPage(filter)
    const { rows: expected } = await database.db.query<{ ticket_id: string }>(
      `select t.ticket_id from tickets t where environment = $1
         and ($2 = 'all' or ($2 = 'open' and is_open) or status = $2)
         and ($3::text is null or configuration = $3) and ($4::text is null or kind = $4) and (presumed or not $7)
         and ($5::text is null or ticket_id like $5 || '%')
         and ($6::text is null or exists (select from ticket_players p
           where p.environment = t.environment and p.ticket_id = t.ticket_id and player_id = $6))
       order by ${filter.ticketId ? 'ticket_id' : `started_at ${filter.order === 'newest' ? 'desc' : ''}, ticket_id ${filter.order === 'newest' ? 'desc' : ''}`}`,
      [ENVIRONMENT, filter.tab, filter.configuration, filter.kind, filter.ticketId, filter.playerId, filter.presumed],
    )
    expect(expected.length).toBeGreaterThan(0)
    expect(rows.map((row) => row.ticketId)).toEqual(expected.map((row) => row.ticket_id))
  })

  it('stay whole while tickets arrive and move', async () => {
    const filter = { ...ALL, tab: 'all' as const, configuration: 'config-5' }
    const before = await everyPage(filter)
    let arrived = 0
    const during = await everyPage(filter, async () => {
      if (arrived > 20) return
      const time = ROWS * 1000 + arrived
      await ingest(
        database.db,
        ENVIRONMENT,
        arrivalsOf([
          anEvent('MatchmakingSearching', {
            time,
            configuration: 'config-5',
            tickets: [aTicket(`fresh-${arrived++}`, ['zoe'], START + time)],
          }),
        ]),
        NOW,
      )
    })
    expect(during.map((row) => row.ticketId)).toEqual(before.map((row) => row.ticketId))
    expect((await everyPage(filter)).length).toBe(before.length + arrived)
  })

  it.each(['x', 'W10', Buffer.from('[1]').toString('base64url'), Buffer.from('["a",1]').toString('base64url')])(
    'refuse the cursor %s, which is not theirs',
    async (cursor) => {
      await expect(listTickets(database.db, ENVIRONMENT, { ...ALL, cursor })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      })
    },
  )
})
