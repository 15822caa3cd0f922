/** Upgrading a database that was in use: nothing of it is lost, and what was known is known by its new key. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { eventKey } from '#lib/flexmatch/event-key.ts'
import type { EventEnvelope } from '#lib/flexmatch/events.ts'
import { anEvent, aTicket, envelopeOf, START } from '#lib/flexmatch/testing/builders.ts'
import { fixtureEnvelopes } from '#lib/tickets/testing/arrivals.ts'
import { migrate } from './migrate.ts'
import { type Db, openPool } from './pool.ts'
import { withDatabase } from './testing/global-setup.ts'

const NAME = `upgrade_${process.pid}`
const MIGRATIONS = path.resolve('lib/db/migrations')
const before = mkdtempSync(path.join(tmpdir(), 'migrations-'))
const TODAY = Date.UTC(2026, 10, 20, 23, 59, 59, 999)
let db: Db

beforeAll(async () => {
  for (const file of readdirSync(MIGRATIONS)) {
    if (file < '0005') copyFileSync(path.join(MIGRATIONS, file), path.join(before, file))
  }
  const admin = openPool(inject('databaseUrl'), { name: 'tests', max: 1 })
  await admin.query(`create database ${NAME}`)
  await admin.end()
  db = openPool(withDatabase(inject('databaseUrl'), NAME), { name: 'tests' })
  await migrate(db, before)
  await fill()
  await migrate(db)
})
afterAll(async () => {
  await db.end()
  rmSync(before, { recursive: true })
})

/** The fixtures, one of them brought in two envelopes, a describe, a ticket, a match and a session. */
const envelopes = [
  ...fixtureEnvelopes(),
  ...[17, 1e3, 0.5, 'NOT_AVAILABLE'].map((estimatedWaitMillis, time) =>
    envelopeOf(anEvent('MatchmakingSearching', { time: 1_000 * time + 999, estimatedWaitMillis })),
  ),
  // Ordered by bytes, not as JavaScript or a language would.
  envelopeOf(
    anEvent('AcceptMatch', {
      tickets: [
        aTicket('t-b', [{ playerId: '\u{1f300}', accepted: true }, { playerId: '\uff5e' }]),
        aTicket('T-a', [
          { playerId: '\uff5e', accepted: false },
          { playerId: 'Zoë', accepted: true },
          { playerId: 'zoe', accepted: false },
        ]),
        aTicket('t-c', [{ playerId: '\uff5e', accepted: true }]),
      ],
    }),
  ),
] as unknown as EventEnvelope[]
const again = { ...envelopes[0], id: 'again' } as EventEnvelope
async function fill() {
  for (const envelope of [...new Map([...envelopes, again].map((each) => [each.id, each])).values()]) {
    const { detail } = envelope
    const common = [envelope.id, detail.type, envelope.time, JSON.stringify(envelope)]
    if ('placementId' in detail) {
      await db.query(
        `insert into placements (environment, id, type, at, body, placement_id, queue, received_at)
         values ('local', $1, $2, $3, $4, $5, 'queue', $3)`,
        [...common, detail.placementId],
      )
      continue
    }
    await db.query(
      `insert into facts (environment, id, type, at, body, source, configuration, received_at)
       values ('local', $1, $2, $3, $4, 'event', 'arena', $3)`,
      common,
    )
    for (const { ticketId } of detail.tickets) {
      await db.query(
        `insert into fact_tickets (environment, ticket_id, fact_id, type, at) values ('local', $1, $2, $3, $4)`,
        [ticketId, ...common.slice(0, 3)],
      )
    }
  }
  await db.query(
    `insert into facts (environment, id, type, at, body, source, configuration, received_at)
     values ('local', 'describe-1', 'TicketDescribed', $1, '{}', 'describe', 'arena', $1)`,
    [new Date(TODAY)],
  )
  await db.query(
    `insert into tickets (environment, ticket_id, configuration, kind, status, presumed, cause, players, player_count,
       started_at, updated_at, described, confirmed_at, confirmed_source)
     values ('local', 't-1', 'arena', 'new', 'SEARCHING', false, 'none', '[]', 0, $1, $1, false, $1, 'event')`,
    [new Date(START)],
  )
  await db.query(`insert into game_sessions values ('local', 'arn:1', 'arena', 'm-1', 2, now(), now())`)
}

const read = async (sql: string, values: unknown[] = []) => (await db.query(sql, values)).rows

it('every event is there, under the key of its content, with the envelope it came in', async () => {
  const rows = await read(
    `select id, body, copies, day::text = to_char(at at time zone 'UTC', 'YYYY-MM-DD') as "inItsDay" from facts where source = 'event'
     union all select id, body, copies, day::text = to_char(at at time zone 'UTC', 'YYYY-MM-DD') from placements`,
  )
  const distinct = new Set([...envelopes, again].map(({ id }) => id))
  expect(rows).toHaveLength(distinct.size)
  for (const { id, body, copies, inItsDay } of rows) {
    expect(id.replace(/\.\d+$/, ''), body.detail.type).toBe(eventKey(body))
    expect(copies).toEqual([
      { channel: 'webhook', id: body.id, at: Date.parse(body.time), receivedAt: Date.parse(body.time) },
    ])
    expect(inItsDay).toBe(true)
  }
})

it('one content in two envelopes stays two events', async () => {
  const key = eventKey(again)
  expect(await read('select id from facts where id like $1 order by id', [`${key}%`])).toEqual([
    { id: key },
    { id: `${key}.1` },
  ])
})

it('the links of tickets to facts lead where they led', async () => {
  const [row] = await read(
    `select count(*) as links, count(f.id) as found from fact_tickets t
     left join facts f using (environment, day) where f.id = t.fact_id or f.id is null`,
  )
  const links = new Map([...envelopes, again].map((each) => [each.id, each.detail])).values()
  const expected = [...links].reduce((sum, detail) => sum + ('tickets' in detail ? detail.tickets.length : 0), 0)
  expect(row).toEqual({ links: expected, found: expected })
})

it('an observation keeps its id, a ticket is read whole once, and a session may lack a match', async () => {
  expect(await read("select day::text, source from facts where id = 'describe-1'")).toEqual([
    { day: '2026-11-20', source: 'describe' },
  ])
  expect(await read('select tied, proposal from tickets')).toEqual([{ tied: true, proposal: null }])
  expect(await read('select source from game_sessions')).toEqual([{ source: 'event' }])
})

it('a day that gets its partition late takes over what waited for it', async () => {
  const day = '2031-05-05'
  await db.query(
    `insert into facts (environment, id, day, type, at, body, source, configuration, received_at)
     values ('local', 'late', $1::date, 'TicketGone', $1::timestamptz, '{}', 'gone', '', $1::timestamptz)`,
    [day],
  )
  const made = (count: number) => read('select make_partitions($1, $2) as made', [day, count])
  expect(await made(2)).toEqual([{ made: 2 }])
  expect(await made(2)).toEqual([{ made: 0 }])
  expect(await read("select tableoid::regclass::text as at from facts where id = 'late'")).toEqual([
    { at: 'facts_20310505' },
  ])
})

it('replicas that start together do not upgrade together', async () => {
  expect(await Promise.all([migrate(db), migrate(db), migrate(db)])).toEqual([[], [], []])
})
