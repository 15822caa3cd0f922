import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { TicketObservation } from '#lib/flexmatch/events.ts'
import { aDescribe, anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { getTicket } from './get-ticket.ts'
import { ingest } from './ingest.ts'
import { listTickets } from './list-tickets.ts'
import { nameNewer } from './superseded.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { planOf } from './testing/plans.ts'
import { seedTickets } from './testing/seed-tickets.ts'
import type { TicketFilter, TicketRow } from './views.ts'

const database = testDatabase()
const SECOND = 1_000
const SESSION = 'arn:aws:gamelift:eu-central-1::gamesession/fleet-1/session-1'
const CANCELLED: TicketFilter = {
  tab: 'CANCELLED',
  configuration: null,
  kind: null,
  playerId: null,
  ticketId: null,
  minAgeSeconds: null,
  presumed: false,
  order: 'newest',
  cursor: null,
}

let environment = ''
let environments = 0
beforeEach(() => {
  environment = `env-${++environments}`
})
const arrive = (...facts: Parameters<typeof arrivalsOf>[0]) =>
  ingest(database.db, environment, arrivalsOf(facts), START + 100 * SECOND)
const started = (ticketId: string, seconds: number, ...playerIds: string[]) =>
  anEvent('MatchmakingSearching', {
    time: seconds * SECOND + 100,
    tickets: [aTicket(ticketId, playerIds, START + seconds * SECOND)],
  })
/** As GameLift describes it afterwards. */
const superseded = (ticketId: string, seen: number, ended: number | null, more: Partial<TicketObservation> = {}) =>
  aDescribe(seen * SECOND, {
    ticketId,
    status: 'CANCELLED',
    statusMessage: 'Cancelled due to duplicate player',
    endTime: ended === null ? null : START + ended * SECOND,
    players: [],
    ...more,
  })
const newerOf = async (ticketId: string) => (await getTicket(database.db, environment, ticketId))?.supersededBy

describe('a superseded ticket', () => {
  it('names the player and the newer ticket, on its page, in its timeline and in the list', async () => {
    await arrive(started('old', 0, 'ana', 'bo'), started('new', 12, 'bo'), superseded('old', 13, 12))
    const newer = { playerId: 'bo', ticketId: 'new', kind: 'new' }
    const ticket = await getTicket(database.db, environment, 'old')
    expect(ticket?.supersededBy).toEqual(newer)
    expect(ticket?.timeline.map(({ kind, supersededBy }) => [kind, supersededBy])).toEqual([
      ['queued', null],
      ['searching', null],
      ['end', newer],
    ])
    const { rows } = await listTickets(database.db, environment, CANCELLED)
    expect(rows.map((row) => [row.ticketId, row.supersededBy])).toEqual([['old', newer]])
    expect(await newerOf('new')).toBeNull()
  })

  it('names the one of several newer tickets that ended it', async () => {
    await arrive(
      started('old', 0, 'ana'),
      started('mid', 12, 'ana'),
      started('new', 12.4, 'ana'),
      started('last', 40, 'ana'),
      superseded('old', 50, 12),
      superseded('mid', 50, 12.4, { startTime: START + 12 * SECOND }),
    )
    expect(await newerOf('old')).toMatchObject({ ticketId: 'mid' })
    expect(await newerOf('mid')).toMatchObject({ ticketId: 'new' })
  })

  it('names the last one before it was seen where GameLift does not say when it ended', async () => {
    await arrive(started('old', 0, 'ana'), started('new', 12, 'ana'), superseded('old', 30, null))
    expect(await newerOf('old')).toMatchObject({ ticketId: 'new' })
  })

  it('names none that came later, and none while the index knows none', async () => {
    await arrive(started('old', 0, 'ana'), superseded('old', 13, 12))
    expect(await newerOf('old')).toBeNull()
    await arrive(started('later', 40, 'ana'))
    expect(await newerOf('old')).toBeNull()
    await arrive(started('new', 12, 'ana'))
    expect(await newerOf('old')).toMatchObject({ ticketId: 'new' })
  })

  it('of a game session is named with it', async () => {
    const backfill = { kind: 'backfill', gameSessionArn: SESSION } as const
    await arrive(
      started('fill', 0, 'ana', 'bo'),
      aDescribe(1_000, { ticketId: 'fill', players: [], ...backfill }),
      started('new', 12, 'bo'),
      superseded('fill', 13, 12, backfill),
    )
    expect(await getTicket(database.db, environment, 'fill')).toMatchObject({
      kind: 'backfill',
      supersededBy: { playerId: 'bo', ticketId: 'new' },
      connection: { gameSessionArn: SESSION },
    })
  })

  it('says so where the newer one is a backfill that lists the player', async () => {
    await arrive(
      started('old', 0, 'ana'),
      started('fill', 12, 'ana'),
      aDescribe(13_000, { ticketId: 'fill', kind: 'backfill', startTime: START + 12 * SECOND, players: [] }),
      superseded('old', 13, 12),
    )
    expect(await newerOf('old')).toEqual({ playerId: 'ana', ticketId: 'fill', kind: 'backfill' })
  })
})

describe('among many tickets', () => {
  beforeAll(() => seedTickets(database.db, 'big', 60_000))

  it('a page of them reads the ranges of its own players', async () => {
    await database.db.query(`update tickets set cause = 'superseded', ended_at = started_at + interval '10 s'
      where environment = 'big' and status = 'CANCELLED'`)
    const plan = await planOf(database.db, (db) => listTickets(db, 'big', CANCELLED))
    expect(plan.indexes).toEqual(
      expect.arrayContaining(['tickets_status', 'ticket_players_pkey', 'ticket_players_player']),
    )
    expect(plan.scans).not.toContain('Seq Scan')
    expect(plan.rowsRead).toBeLessThan(500)
  })

  it('a page without any asks nothing more', async () => {
    const open: Pick<TicketRow, 'status' | 'cause' | 'ticketId'>[] = [
      { ticketId: 't', status: 'SEARCHING', cause: 'started' },
    ]
    const plan = await planOf(database.db, (db) => nameNewer(db, 'big', open as TicketRow[]))
    expect(plan.scans).toEqual([])
  })
})
