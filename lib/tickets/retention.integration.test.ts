import { beforeAll, describe, expect, it } from 'vitest'
import { setAside } from '#lib/channels/set-aside.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { ingest } from './ingest.ts'
import { keptOf, retain } from './retention.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { countTickets, dumpIndex, readCounters } from './testing/index-dump.ts'

const database = testDatabase()
const DAY_MS = 24 * 60 * 60_000
const KEPT = [
  { name: 'long', retentionDays: 10 },
  { name: 'short', retentionDays: 3 },
]

/** A ticket that searched `daysAgo` days before the tests' now, which is 20 days after START. */
const NOW = START + 20 * DAY_MS
async function aTicketOf(environment: string, daysAgo: number) {
  const time = (20 - daysAgo) * DAY_MS
  const tickets = [aTicket(`t-${daysAgo}`, ['ana'], START + time)]
  const matchId = `m-${daysAgo}`
  const facts = [
    anEvent('MatchmakingSearching', { time, tickets }),
    anEvent('PotentialMatchCreated', { time: time + 1_000, tickets, matchId, acceptanceRequired: false }),
    anEvent('MatchmakingSucceeded', {
      time: time + 2_000,
      tickets,
      matchId,
      session: { gameSessionArn: `arn:${daysAgo}` },
    }),
  ]
  await ingest(database.db, environment, arrivalsOf(facts), START + time + 2_000)
}
const ids = async (table: string, column: string, environment: string) =>
  (
    await database.db.query(`select distinct ${column} as id from ${table} where environment = $1 order by 1`, [
      environment,
    ])
  ).rows.map(({ id }) => id)
const partitions = async () =>
  (await database.db.query(`select count(*) from pg_inherits where inhparent = 'facts'::regclass`)).rows[0].count

beforeAll(async () => {
  await database.db.query('select make_partitions($1, 12)', [new Date(NOW - 15 * DAY_MS).toISOString().slice(0, 10)])
  for (const { name } of KEPT) for (const daysAgo of [1, 5, 12, 19]) await aTicketOf(name, daysAgo)
})

describe('retention', () => {
  it('takes what is too old with all that hangs on it, each environment by its own days', async () => {
    const before = await partitions()
    expect((await retain(database.db, KEPT, NOW)).droppedDays).toBe(5)
    expect(await partitions()).toBe(before - 5)
    for (const [environment, left] of [
      ['long', ['1', '5']],
      ['short', ['1']],
    ] as const) {
      const named = (prefix: string) => left.map((day) => `${prefix}${day}`)
      expect(await ids('tickets', 'ticket_id', environment)).toEqual(named('t-'))
      expect(await ids('fact_tickets', 'ticket_id', environment)).toEqual(named('t-'))
      expect(await ids('ticket_players', 'ticket_id', environment)).toEqual(named('t-'))
      expect(await ids('matches', 'match_id', environment)).toEqual(named('m-'))
      expect(await ids('game_sessions', 'game_session_arn', environment)).toEqual(named('arn:'))
      expect(await ids('facts', 'match_id', environment)).toEqual([...named('m-'), null])
      expect(await readCounters(database.db, environment)).toEqual(await countTickets(database.db, environment))
    }
  })

  it('takes nothing twice, and nothing when there is nobody to ask', async () => {
    const before = await dumpIndex(database.db, 'long')
    expect(await retain(database.db, KEPT, NOW)).toEqual({ droppedDays: 0, deleted: 0 })
    expect(await retain(database.db, [], NOW + 1_000 * DAY_MS)).toEqual({ droppedDays: 0, deleted: 0 })
    expect(await dumpIndex(database.db, 'long')).toBe(before)
  })

  it('keeps a ticket that somebody has spoken of lately, however long ago it began', async () => {
    await aTicketOf('talk', 12)
    const tickets = [aTicket('t-12', ['ana'], START + 8 * DAY_MS)]
    await ingest(
      database.db,
      'talk',
      arrivalsOf([anEvent('MatchmakingSearching', { time: 19 * DAY_MS, tickets })]),
      START + 19 * DAY_MS,
    )
    await retain(database.db, [{ name: 'talk', retentionDays: 10 }], NOW)
    expect(await ids('tickets', 'ticket_id', 'talk')).toEqual(['t-12'])
  })

  it('takes messages that were set aside by when they came last, whatever became of them', async () => {
    const { db } = database
    const message = (messageId: string, daysAgo: number) => ({
      ...{ channel: 'sqs' as const, messageId, reason: 'no event', body: '{}', receiveCount: 1 },
      at: NOW - daysAgo * DAY_MS,
    })
    for (const { name } of KEPT) {
      await setAside(db, name, [message('old', 12), message('dropped', 12), message('middle', 5), message('new', 1)])
      await setAside(db, name, [message('again', 12)])
      await setAside(db, name, [message('again', 2)])
      await db.query(`update set_aside set state = 'dropped' where environment = $1 and message_id = 'dropped'`, [name])
    }
    expect((await retain(db, KEPT, NOW)).deleted).toBe(5)
    expect(await ids('set_aside', 'message_id', 'long')).toEqual(['again', 'middle', 'new'])
    expect(await ids('set_aside', 'message_id', 'short')).toEqual(['again', 'new'])
  })

  it('goes on for environments that were removed: what is known of them has an end', async () => {
    const { db } = database
    await db.query(
      `insert into environments (name, label, colour, region, kind, protection, channels, retention_days, managed_by,
         updated_by, removed_at)
       values ('gone', 'Gone', 'red', 'eu-central-1', 'aws', 'open', '{}', 4, 'screen', 'ada', now())`,
    )
    for (const daysAgo of [2, 5]) await aTicketOf('gone', daysAgo)
    const kept = await keptOf(db, async () => KEPT)
    expect(kept).toEqual([...KEPT, { name: 'gone', retentionDays: 4 }])
    await retain(db, kept, NOW)
    expect(await ids('tickets', 'ticket_id', 'gone')).toEqual(['t-2'])
  })
})
