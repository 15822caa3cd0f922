import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { aDescribe, anEvent, aTicket } from '#lib/flexmatch/testing/builders.ts'
import { ingest } from './ingest.ts'
import { LIVE_CHANNEL, livePayload } from './notify.ts'
import { arrivalsOf } from './testing/arrivals.ts'

const database = testDatabase()

describe('listeners', () => {
  it('hear which tickets, matches and sessions changed, once it is committed, and nothing of repeats', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const heard: unknown[] = []
    client.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')))
    await client.query(`listen ${LIVE_CHANNEL}`)
    const event = anEvent('MatchmakingSucceeded', { session: { gameSessionArn: 'arn:s' } })
    await ingest(database.db, 'local', arrivalsOf([event]))
    await ingest(database.db, 'local', arrivalsOf([event]))
    const many = Array.from({ length: 51 }, (_, index) => aTicket(`m-${index}`, [`p${index}`]))
    await ingest(database.db, 'local', arrivalsOf([anEvent('PotentialMatchCreated', { tickets: many, matchId: 'm2' })]))
    await expect.poll(() => heard.length).toBe(2)
    expect(heard).toEqual([
      { environment: 'local', tickets: ['t1'], matches: ['m1'], sessions: ['arn:s'] },
      { environment: 'local', many: true },
    ])
    await client.end()
  })

  it('hear of the session that a backfill ticket fills, though only its describe names it', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const heard: unknown[] = []
    client.on('notification', ({ payload }) => heard.push(JSON.parse(payload ?? '')))
    await client.query(`listen ${LIVE_CHANNEL}`)
    const backfill = aDescribe(0, {
      ticketId: 'b1',
      kind: 'backfill',
      status: 'SEARCHING',
      gameSessionArn: 'arn:filled',
    })
    await ingest(database.db, 'local', arrivalsOf([backfill]))
    await expect
      .poll(() => heard)
      .toEqual([{ environment: 'local', tickets: ['b1'], matches: [], sessions: ['arn:filled'] }])
    await client.end()
  })

  it('are never sent more than PostgreSQL takes', () => {
    const long = Array.from({ length: 50 }, (_, index) => String(index).padStart(128, 'é'))
    for (const count of [1, 25, 30, 50]) {
      const payload = livePayload('local', { ticketIds: long.slice(0, count) })
      expect(new TextEncoder().encode(payload).length).toBeLessThan(8_000)
    }
  })
})
