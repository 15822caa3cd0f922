import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { aDescribe, anEvent, CONFIGURATION, START } from '#lib/flexmatch/testing/builders.ts'
import { getTicket } from './get-ticket.ts'
import { ingest } from './ingest.ts'
import { findOverdue, settleOverdue, TICKETS_PER_PASS } from './overdue.ts'
import { reconcile } from './reconcile.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { countTickets, readCounters } from './testing/index-dump.ts'
import { planOf } from './testing/plans.ts'
import { ScriptedDescriber } from './testing/scripted-describer.ts'
import { seedTickets } from './testing/seed-tickets.ts'

const database = testDatabase()
const SECOND = 1_000
const TIMEOUTS = new Map([[CONFIGURATION, 120]])
/** A request timeout of two minutes, and the grace. */
const OVERDUE = 180 * SECOND
const silent = new Error('GameLift cannot be reached.')

let environment = ''
let environments = 0
let describer = new ScriptedDescriber()
beforeEach(() => {
  environment = `env-${++environments}`
  describer = new ScriptedDescriber()
  describer.failure = silent
})

const arrive = (at: number, ...facts: Parameters<typeof arrivalsOf>[0]) =>
  ingest(database.db, environment, arrivalsOf(facts), START + at)
const settleAt = (at: number, timeouts: ReadonlyMap<string, number> = TIMEOUTS) =>
  settleOverdue(database.db, environment, describer, timeouts, () => START + at)
const ticket = (ticketId = 't1', at = 0) => getTicket(database.db, environment, ticketId, START + at)
const searching = anEvent('MatchmakingSearching')

describe('a ticket past its request timeout', () => {
  it('is presumed to have timed out when GameLift does not answer, a minute after it should have ended', async () => {
    await arrive(0, searching)
    expect(await settleAt(OVERDUE - 1)).toMatchObject({ found: 0, presumed: 0 })
    expect(await ticket()).toMatchObject({ status: 'SEARCHING' })
    expect(await settleAt(OVERDUE)).toEqual({ found: 1, presumed: 1, failure: silent })
    expect(await ticket()).toMatchObject({
      status: 'TIMED_OUT',
      cause: 'request-timed-out',
      freshness: { presumed: true, confirmedAt: new Date(START).toISOString(), source: 'event' },
      endedAt: new Date(START + OVERDUE).toISOString(),
    })
    expect((await ticket())?.timeline.at(-1)?.text).toBe('Timed out, presumably')
    expect(await readCounters(database.db, environment)).toEqual(await countTickets(database.db, environment))
  })

  it('is settled by GameLift where that answers, and then nothing is presumed', async () => {
    await arrive(0, searching)
    describer.failure = null
    describer.knows({ ticketId: 't1', status: 'COMPLETED', endTime: START + 90 * SECOND })
    expect(await settleAt(OVERDUE)).toMatchObject({ found: 1, presumed: 0, failure: null })
    expect(await ticket()).toMatchObject({ status: 'COMPLETED', freshness: { presumed: false } })
  })

  it('stays open while GameLift says so', async () => {
    await arrive(0, searching)
    describer.failure = null
    describer.knows({ ticketId: 't1' })
    await settleAt(OVERDUE)
    describer.failure = silent
    expect(await settleAt(OVERDUE + 59 * SECOND)).toMatchObject({ found: 0 })
    expect(await ticket()).toMatchObject({ status: 'SEARCHING', freshness: { presumed: false } })
    expect(await settleAt(OVERDUE + 60 * SECOND)).toMatchObject({ presumed: 1 })
    expect(await ticket()).toMatchObject({ status: 'TIMED_OUT', freshness: { presumed: true } })
  })

  it('is gone, not timed out, when GameLift has forgotten it', async () => {
    await arrive(0, searching)
    describer.failure = null
    await settleAt(OVERDUE)
    expect(await ticket()).toMatchObject({ status: 'GONE', freshness: { presumed: false } })
    describer.failure = silent
    expect(await settleAt(10 * OVERDUE)).toMatchObject({ found: 0 })
  })

  it.each([
    ['being placed', [anEvent('PotentialMatchCreated', { time: 50 * SECOND, acceptanceRequired: false })], 'PLACING'],
    ['over', [anEvent('MatchmakingFailed', { time: 50 * SECOND })], 'FAILED'],
    ['of a minute ago', [anEvent('MatchmakingSearching', { time: OVERDUE - 30 * SECOND })], 'SEARCHING'],
  ])('is left alone when the last word of it is that it is %s', async (_, facts, status) => {
    await arrive(0, searching)
    await arrive(OVERDUE - 10 * SECOND, ...facts)
    expect(await settleAt(OVERDUE)).toMatchObject({ found: 0 })
    expect(await ticket()).toMatchObject({ status, freshness: { presumed: false } })
  })

  it('is left alone where the request timeout is not known', async () => {
    await arrive(0, searching)
    expect(await settleAt(10 * OVERDUE, new Map([['another', 1]]))).toMatchObject({ found: 0 })
    expect(await settleAt(10 * OVERDUE, new Map())).toMatchObject({ found: 0 })
    expect(await ticket()).toMatchObject({ status: 'SEARCHING' })
  })
})

describe('a presumption', () => {
  beforeEach(async () => {
    await arrive(0, searching)
    await settleAt(OVERDUE)
  })

  it.each([
    ['the event of its end, late', anEvent('MatchmakingTimedOut', { time: 120 * SECOND }), 'TIMED_OUT'],
    ['an event of another end', anEvent('MatchmakingCancelled', { time: 80 * SECOND }), 'CANCELLED'],
    [
      'an event of what happened since',
      anEvent('PotentialMatchCreated', { time: 200 * SECOND }),
      'REQUIRES_ACCEPTANCE',
    ],
    ['a describe', aDescribe(OVERDUE + SECOND, { status: 'SEARCHING' }), 'SEARCHING'],
  ])('gives way to %s', async (_, fact, status) => {
    await arrive(OVERDUE + 2 * SECOND, fact)
    expect(await ticket()).toMatchObject({ status, freshness: { presumed: false } })
    expect(await readCounters(database.db, environment)).toEqual(await countTickets(database.db, environment))
  })

  it('is asked about until it is settled', async () => {
    describer.failure = null
    describer.knows({ ticketId: 't1', status: 'TIMED_OUT', endTime: START + 120 * SECOND })
    await reconcile(database.db, environment, describer, () => START + OVERDUE + 60 * SECOND)
    expect(await ticket()).toMatchObject({ status: 'TIMED_OUT', freshness: { presumed: false } })
  })

  it('is made anew after it was corrected and all fell silent again', async () => {
    await arrive(OVERDUE + SECOND, aDescribe(OVERDUE + SECOND, { status: 'SEARCHING' }))
    expect(await settleAt(OVERDUE + 61 * SECOND)).toMatchObject({ presumed: 1 })
    expect(await ticket()).toMatchObject({ status: 'TIMED_OUT', freshness: { presumed: true } })
    expect((await ticket())?.facts.filter(({ source }) => source === 'overdue')).toHaveLength(2)
  })

  it('is not made again while it stands', async () => {
    expect(await settleAt(OVERDUE + 600 * SECOND)).toMatchObject({ found: 0 })
  })
})

it('two that settle at once write one presumption', async () => {
  await arrive(0, searching)
  await Promise.all([settleAt(OVERDUE), settleAt(OVERDUE + 5)])
  expect((await ticket())?.facts.map(({ source }) => source)).toEqual(['event', 'overdue'])
})

it('an answer that cannot be stored is not taken for silence', async () => {
  await arrive(0, searching)
  describer.failure = null
  describer.knows({ ticketId: 't1', startTime: Number.MAX_SAFE_INTEGER })
  await expect(settleAt(OVERDUE)).rejects.toThrow(RangeError)
  expect(await ticket()).toMatchObject({ status: 'SEARCHING' })
})

describe('among many tickets', () => {
  const BIG = 'big'
  const ROWS = 60_000
  const NOW = START + (ROWS + 600) * SECOND
  const timeouts = new Map(Array.from({ length: 10 }, (_, index) => [`config-${index}`, 60]))
  beforeAll(() => seedTickets(database.db, BIG, ROWS))

  it('those that are overdue are found by the range of an index, a bounded number at a time', async () => {
    const plan = await planOf(database.db, (db) => findOverdue(db, BIG, timeouts, NOW))
    expect(plan.indexes).toEqual(['tickets_configuration_open'])
    expect(plan.scans).not.toContain('Seq Scan')
    expect(plan.rowsRead).toBeLessThan(2 * TICKETS_PER_PASS)
    const settle = () => settleOverdue(database.db, BIG, describer, timeouts, () => NOW)
    expect(await settle()).toMatchObject({ found: TICKETS_PER_PASS, presumed: TICKETS_PER_PASS })
    expect(describer.asked).toHaveLength(1)
    let passes = 1
    for (let last = TICKETS_PER_PASS; last === TICKETS_PER_PASS; passes++) last = (await settle()).found
    const { rows } = await database.db.query(
      `select status, presumed, count(*) from tickets where environment = $1 and (is_open or presumed)
       group by status, presumed order by status`,
      [BIG],
    )
    expect(rows).toEqual([
      { status: 'PLACING', presumed: false, count: expect.any(Number) },
      { status: 'TIMED_OUT', presumed: true, count: expect.any(Number) },
    ])
    expect(passes).toBeGreaterThan(3)
  })
})
