import { expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { createCallBudget } from '#lib/matchmaker/call-budget.ts'
import { type NotedDelivery, noteDeliveries } from './channel-minutes.ts'
import { meter } from './meter.ts'

const database = testDatabase()
const HOUR_MS = 3_600_000

it('adds up what each channel delivered, and tells what one of them lost', async () => {
  const { db } = database
  const now = Date.now()
  const note = (given: Partial<NotedDelivery>, times = 1) =>
    noteDeliveries(
      db,
      'env',
      Array.from({ length: times }, () => ({
        channel: 'sqs' as const,
        receivedAt: now,
        eventAt: now - 100,
        became: 'added' as const,
        late: false,
        ...given,
      })),
    )
  await note({}, 97)
  await note({ late: true, eventAt: now - 5_000 }, 3)
  await note({ became: 'repeated' }, 4)
  await note({ channel: 'sns', became: 'copy' }, 90)
  await note({ channel: 'sns', became: 'added' }, 2)
  await note({ channel: 'sns', became: 'refused', eventAt: null }, 1)
  // Too long ago to count, and of somebody else.
  await note({ receivedAt: now - 3 * HOUR_MS, became: 'refused' }, 50)
  await noteDeliveries(db, 'other', [{ channel: 'sqs', receivedAt: now, eventAt: now, became: 'refused', late: false }])

  const view = await meter(db, 'env', new Date(now - HOUR_MS), null)
  expect(view.channels).toMatchObject([
    // 102 events in all: 100 by SQS, 92 by SNS of which two came by nothing else.
    { channel: 'sns', received: 93, added: 2, copies: 90, refused: 1, missing: 10, lagP50Ms: 128 },
    {
      channel: 'sqs',
      received: 104,
      added: 100,
      repeated: 4,
      late: 3,
      refused: 0,
      missing: 2,
      lagP50Ms: 128,
      lagP99Ms: 8192,
      lastEventAt: new Date(now - 100).toISOString(),
    },
  ])
  expect(view).toMatchObject({ gaps: { total: 0, byType: [] }, budget: null, unconfirmed: 0, presumed: 0, setAside: 0 })
})

it('counts a gap of a match once, however many of its tickets show it', async () => {
  const { db } = database
  await db.query(
    `insert into gaps (environment, gap_key, ticket_id, type, found_at) values
     ('gappy', 'PotentialMatchCreated|m-1', 't-1', 'PotentialMatchCreated', now()),
     ('gappy', 'PotentialMatchCreated|m-1', 't-2', 'PotentialMatchCreated', now()),
     ('gappy', 'MatchmakingSearching|t-3', 't-3', 'MatchmakingSearching', now()),
     ('gappy', 'MatchmakingSearching|t-4', 't-4', 'MatchmakingSearching', now() - interval '2 hours')`,
  )
  const { gaps } = await meter(db, 'gappy', new Date(Date.now() - HOUR_MS), null)
  expect(gaps).toEqual({
    total: 2,
    byType: [
      { type: 'MatchmakingSearching', count: 1 },
      { type: 'PotentialMatchCreated', count: 1 },
    ],
  })
})

it('shows the budget that all replicas share', async () => {
  const budget = createCallBudget(database.db, { name: 'busy', callsPerSecond: 5 })
  expect((await meter(database.db, 'busy', new Date(), null)).budget).toBeNull()
  await budget.take(0)
  expect((await meter(database.db, 'busy', new Date(), null)).budget).toEqual({
    perSecond: 5,
    allowedPerSecond: 5,
    usedLastMinute: 1,
    throttledAt: null,
    heldAfter: null,
  })
})
