import { beforeAll, expect, it } from 'vitest'
import type { Db } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { getMatch } from './get-match.ts'
import { getTicket } from './get-ticket.ts'
import { ingest } from './ingest.ts'
import { arrivalsOf } from './testing/arrivals.ts'

const database = testDatabase()
const ENVIRONMENT = 'days'
const DAY_MS = 24 * 60 * 60_000
/** From the evening of the 15th over midnight. */
const EVENING = 13.9 * 60 * 60_000
const tickets = [aTicket('late', ['ana'], START + EVENING)]
const facts = [
  anEvent('MatchmakingSearching', { time: EVENING, tickets }),
  anEvent('PotentialMatchCreated', { time: EVENING + 5_000, tickets, acceptanceRequired: false }),
  anEvent('MatchmakingSucceeded', { time: EVENING + 15 * 60_000, tickets, session: { gameSessionArn: 'arn:1' } }),
]

const open = anEvent('PotentialMatchCreated', {
  ...{ time: EVENING, matchId: 'open', acceptanceRequired: false },
  tickets: [aTicket('waits', ['cy'], START + EVENING)],
})

beforeAll(async () => {
  const first = new Date(START - 15 * DAY_MS).toISOString().slice(0, 10)
  await database.db.query('select make_partitions($1, 31)', [first])
  await ingest(database.db, ENVIRONMENT, arrivalsOf(facts), START + EVENING + 20 * 60_000)
})

/** The days whose tables are looked into. Everything is asked over one connection. */
async function daysRead(run: (db: Db) => Promise<unknown>): Promise<string[]> {
  const days = new Set<string>()
  const connection = await database.db.connect()
  const explaining = {
    async query(text: string, values?: unknown[]) {
      if (/^\s*(select|with)/.test(text)) {
        const { rows } = await connection.query(`explain ${text}`, values)
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
        for (const [, day] of plan.matchAll(/ on (?:facts|fact_tickets|placements)_(\w+)/g)) days.add(day as string)
      }
      return connection.query(text, values)
    },
    connect: async () => explaining,
    release() {},
  }
  try {
    await run(explaining as unknown as Db)
  } finally {
    connection.release()
  }
  return [...days].sort()
}

it('a ticket and a match are read whole from the days on which they lived, and the day after', async () => {
  let shown: unknown[] = []
  const days = ['20260115', '20260116', '20260117']
  expect(
    await daysRead(async (db) => {
      shown = [await getTicket(db, ENVIRONMENT, 'late'), await getMatch(db, ENVIRONMENT, 'm1')]
    }),
  ).toEqual(days)
  expect(shown).toMatchObject([
    { status: 'COMPLETED', facts: [{}, {}, {}] },
    { status: 'completed', facts: [{}, {}] },
  ])
})

it('an event is ingested by the days around what is known of its tickets, its match and its session', async () => {
  const second = [aTicket('back', ['bo'], START + EVENING)]
  const lived = [
    anEvent('MatchmakingSearching', { time: EVENING, tickets: second }),
    anEvent('PotentialMatchCreated', {
      time: EVENING + 5_000,
      tickets: second,
      matchId: 'm2',
      acceptanceRequired: false,
    }),
    anEvent('MatchmakingSucceeded', {
      ...{ time: EVENING + 16 * 60_000, tickets: second, matchId: 'm2' },
      session: { gameSessionArn: 'arn:1' },
    }),
  ]
  const days: string[] = []
  for (const event of lived) {
    days.push(...(await daysRead((db) => ingest(db, ENVIRONMENT, arrivalsOf([event]), START + EVENING + 20 * 60_000))))
  }
  expect([...new Set(days)].sort()).toEqual(['20260114', '20260115', '20260116', '20260117'])
  const { rows } = await database.db.query(
    `select match_id, player_count from game_sessions where environment = $1 and game_session_arn = 'arn:1'`,
    [ENVIRONMENT],
  )
  expect(rows).toEqual([{ match_id: 'm1', player_count: 1 }])
})

it('what became of a match that its own events leave open is looked for on the days around them', async () => {
  await ingest(database.db, ENVIRONMENT, arrivalsOf([open]), START + EVENING + 20 * 60_000)
  const days = await daysRead((db) => getMatch(db, ENVIRONMENT, 'open'))
  expect(days).toEqual(['20260114', '20260115', '20260116'])
})

it('a ticket that was stored before its days were kept is read from all of them', async () => {
  await database.db.query('update tickets set first_fact_at = null, newest_fact_at = null where environment = $1', [
    ENVIRONMENT,
  ])
  let shown: unknown
  const days = await daysRead(async (db) => {
    shown = await getTicket(db, ENVIRONMENT, 'late')
  })
  expect(days.length).toBeGreaterThan(31)
  expect(shown).toMatchObject({ facts: [{}, {}, {}] })
})
