import { expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { type ListedSession, saveSessions as saveListed } from './fleet-session-rows.ts'
import { ingest } from './ingest.ts'
import { arrivalsOf } from './testing/arrivals.ts'

const database = testDatabase()
const ENVIRONMENT = 'sessions'
const placed = (arn: string, ticketId: string, time: number) =>
  anEvent('MatchmakingSucceeded', {
    ...{ time, matchId: `match of ${ticketId}`, tickets: [aTicket(ticketId, [`player of ${ticketId}`])] },
    session: { gameSessionArn: arn },
  })
const listed = (gameSessionArn: string): ListedSession => ({
  ...{ gameSessionArn, status: 'ACTIVE', currentPlayers: 1, maximumPlayers: 2, createdAt: START },
  ...{ ipAddress: null, dnsName: null, port: null, location: null, creationPolicy: null, matchmakerData: null },
})

it('events and the list of a fleet write the same sessions, known ones and new ones, and never wait crosswise', async () => {
  await ingest(database.db, ENVIRONMENT, arrivalsOf([placed('arn:a', 't1', 0)]), START)
  const lister = await database.db.connect()
  try {
    await lister.query('begin')
    await saveListed(lister, ENVIRONMENT, 'fleet', [listed('arn:a')], START + 1_000)
    const news = arrivalsOf([placed('arn:a', 't2', 2_000), placed('arn:b', 't3', 2_000)])
    const ingested = ingest(database.db, ENVIRONMENT, news, START + 2_000)
    const waiting = `select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%game_sessions%'`
    await expect.poll(async () => (await database.db.query(waiting)).rowCount, { timeout: 5_000 }).toBe(1)
    await saveListed(lister, ENVIRONMENT, 'fleet', [listed('arn:b')], START + 2_000)
    await lister.query('commit')
    expect((await ingested).gameSessionArns.sort()).toEqual(['arn:a', 'arn:b'])
  } finally {
    lister.release()
  }
  const { rows } = await database.db.query(
    'select game_session_arn as arn, match_id, status, source from game_sessions where environment = $1 order by 1',
    [ENVIRONMENT],
  )
  expect(rows).toEqual([
    { arn: 'arn:a', match_id: 'match of t1', status: 'ACTIVE', source: 'event' },
    { arn: 'arn:b', match_id: 'match of t3', status: 'ACTIVE', source: 'event' },
  ])
})
