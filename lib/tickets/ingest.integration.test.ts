import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { aDescribe, aGone, anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { playedHistory } from '#lib/flexmatch/testing/histories.ts'
import type { Arrival } from './arrival.ts'
import { ingest } from './ingest.ts'
import { listTickets } from './list-tickets.ts'
import { arrivalOf, arrivalsOf, fixtureEnvelopes } from './testing/arrivals.ts'
import { countTickets, dumpIndex, readCounters } from './testing/index-dump.ts'
import { ticketCounts } from './ticket-counts.ts'
import type { TicketFilter } from './views.ts'

const database = testDatabase()
const EVERYTHING: TicketFilter = {
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
let environments = 0
const newEnvironment = () => `env-${++environments}`

async function indexAfter(deliveries: readonly (readonly Arrival[])[]): Promise<string> {
  const environment = newEnvironment()
  for (const delivery of deliveries) await ingest(database.db, environment, delivery, START)
  expect(await readCounters(database.db, environment)).toEqual(await countTickets(database.db, environment))
  return dumpIndex(database.db, environment)
}

describe('ingest', () => {
  it('takes every recorded event and lists its tickets', async () => {
    const environment = newEnvironment()
    const arrivals = fixtureEnvelopes().map(arrivalOf)
    const result = await ingest(database.db, environment, arrivals)
    expect(result).toMatchObject({ received: 17, added: 17 })
    const page = await listTickets(database.db, environment, EVERYTHING)
    expect(page.rows.map((row) => row.ticketId).sort()).toEqual([...result.ticketIds].sort())
    expect((await ticketCounts(database.db, environment))?.all).toBe(3)
  })

  it('leaves the same index for any order, number and grouping of deliveries', async () => {
    const observed = fc.array(
      fc.record({
        ticketId: fc.constantFrom('t0', 't1'),
        time: fc.integer({ min: 0, max: 20_000 }),
        status: fc.constantFrom('SEARCHING' as const, 'PLACING' as const, 'COMPLETED' as const, 'gone' as const),
      }),
      { maxLength: 3 },
    )
    const history = fc
      .tuple(playedHistory, observed)
      .map(([{ events }, seen]) =>
        arrivalsOf([
          ...events,
          ...seen.map(({ ticketId, time, status }, index) =>
            status === 'gone' ? aGone(time, ticketId, `g${index}`) : aDescribe(time, { ticketId, status }, `d${index}`),
          ),
        ]),
      )
    await fc.assert(
      fc.asyncProperty(
        fc
          .oneof(fc.constant(fixtureEnvelopes().map(arrivalOf)), history)
          .chain((arrivals) =>
            fc.tuple(
              fc.constant(arrivals),
              fc.shuffledSubarray([...arrivals, ...arrivals], { minLength: arrivals.length * 2 }),
              fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 60, maxLength: 60 }),
            ),
          ),
        async ([arrivals, shuffled, sizes]) => {
          const deliveries: Arrival[][] = []
          for (let from = 0, index = 0; from < shuffled.length; index++) {
            const to = from + (sizes[index % sizes.length] ?? 1)
            deliveries.push(shuffled.slice(from, to))
            from = to
          }
          expect(await indexAfter(deliveries)).toBe(await indexAfter([arrivals]))
        },
      ),
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
    )
  })

  it('rebuilds a match that a ticket has left since, long after the next one was proposed', async () => {
    const arrivals = arrivalsOf([
      anEvent('MatchmakingSearching'),
      anEvent('PotentialMatchCreated', { time: 2_000, matchId: 'm1' }),
      anEvent('PotentialMatchCreated', { time: 4_000, matchId: 'm2' }),
      anEvent('MatchmakingSearching', { time: 6_000 }),
    ])
    const index = await indexAfter(arrivals.map((arrival) => [arrival]))
    expect(index).toBe(await indexAfter([arrivals]))
    expect(index.match(/"status": "not-answered"/g)).toHaveLength(2)
  })

  it('loses nothing when many deliver at once', async () => {
    const environment = newEnvironment()
    const arrivals = fixtureEnvelopes().map(arrivalOf)
    await Promise.all([...arrivals, ...arrivals].map((arrival) => ingest(database.db, environment, [arrival], START)))
    expect(await dumpIndex(database.db, environment)).toBe(await indexAfter([arrivals]))
    expect(await readCounters(database.db, environment)).toEqual(await countTickets(database.db, environment))
  })

  it('says what was new, and nothing the second time', async () => {
    const environment = newEnvironment()
    const [arrival] = arrivalsOf([anEvent('MatchmakingSearching')]) as [Arrival]
    expect(await ingest(database.db, environment, [arrival, arrival])).toMatchObject({
      received: 2,
      added: 1,
      ticketIds: ['t1'],
    })
    expect(await ingest(database.db, environment, [arrival])).toMatchObject({ added: 0, ticketIds: [] })
  })

  it('makes a new ticket due for a describe at once, and older open tickets of its players too', async () => {
    const environment = newEnvironment()
    const older = [
      anEvent('MatchmakingSearching', { tickets: [aTicket('old', ['ana', 'bo'])] }),
      aDescribe(100, { ticketId: 'old' }),
    ]
    await ingest(database.db, environment, arrivalsOf(older), START + 200)
    expect(await dueOf(environment, 'old')).toBe(START + 100 + 30_000)
    const newer = anEvent('MatchmakingSearching', { time: 5_000, tickets: [aTicket('new', ['bo'], START + 5_000)] })
    await ingest(database.db, environment, arrivalsOf([newer]), START + 5_100)
    expect(await dueOf(environment, 'new')).toBe(START + 5_100)
    expect(await dueOf(environment, 'old')).toBe(START + 5_100)
  })
})

async function dueOf(environment: string, ticketId: string): Promise<number | undefined> {
  const { rows } = await database.db.query<{ describe_due_at: Date | null }>(
    'select describe_due_at from tickets where environment = $1 and ticket_id = $2',
    [environment, ticketId],
  )
  return rows[0]?.describe_due_at?.getTime()
}
