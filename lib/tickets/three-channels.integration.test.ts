import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { Channel } from '#lib/environments/environment.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import type { EventFact, PlacementEventType } from '#lib/flexmatch/events.ts'
import { anEvent, aTicket, CONFIGURATION_ARN, envelopeOf, START } from '#lib/flexmatch/testing/builders.ts'
import { playedHistory } from '#lib/flexmatch/testing/histories.ts'
import { getTicket } from './get-ticket.ts'
import { type Delivery, receive, type Taken, Unavailable } from './receive.ts'
import { countTickets, dumpIndex, readCounters, readRollups, scanRollups } from './testing/index-dump.ts'

const database = testDatabase()
const FULL = process.env.MATCHDESK_FAULTS === 'full'
const RUNS = Number(process.env.CHANNEL_RUNS ?? (FULL ? 10_000 : 60))
const THREE: readonly Channel[] = ['eventbridge', 'sns', 'sqs']
const RECEIVED_AT = START + 30_000

let made = 0
const newEnvironment = () => anEnvironment({ name: `channels-${++made}` })

/** The copy that a channel brings: under an id of its own, and from the bus in whole seconds. */
function copyBy(channel: Channel, event: EventFact, place: number): Delivery {
  const envelope = { ...envelopeOf(event, channel === 'eventbridge'), id: `${channel} ${place}` }
  return { channel, messageId: null, receivedAt: RECEIVED_AT, envelope }
}

function placementBy(channel: Channel, type: PlacementEventType): Delivery {
  const envelope = {
    ...envelopeOf(anEvent('MatchmakingSearching')),
    id: `${channel} ${type}`,
    'detail-type': 'GameLift Queue Placement Event',
    resources: [CONFIGURATION_ARN.replace('matchmakingconfiguration', 'gamesessionqueue')],
    detail: { type, placementId: 'm1', startTime: '', endTime: '' },
  }
  return { channel, messageId: null, receivedAt: RECEIVED_AT, envelope }
}

interface Split {
  events: EventFact[]
  deliveries: Delivery[][]
}

/**
 * Each event one to seven times over three channels, in any order and batches; one of the channels brings all. (Of two
 * that say the same within a second, each lost on the channel that brought the other, nothing could tell.)
 */
const split: fc.Arbitrary<Split> = playedHistory.chain(({ events }) => {
  const copies = events.flatMap((event, place) => THREE.map((channel) => copyBy(channel, event, place)))
  const some = fc.shuffledSubarray(copies)
  const certain = (channel: Channel) => events.map((event, place) => copyBy(channel, event, place))
  return fc
    .tuple(
      some,
      some,
      fc.constantFrom<Channel>('sns', 'sqs').map(certain),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 30, maxLength: 30 }),
      fc.nat(),
    )
    .map(([first, second, complete, sizes, salt]) => {
      const all = [...first, ...complete, ...second]
        .map((delivery, index) => ({ delivery, place: (index * 7919 + salt) % 1_009 }))
        .sort((a, b) => a.place - b.place)
        .map(({ delivery }) => delivery)
      const deliveries: Delivery[][] = []
      for (let from = 0; from < all.length; from += deliveries.at(-1)?.length ?? 1) {
        deliveries.push(all.slice(from, from + (sizes[deliveries.length % sizes.length] ?? 1)))
      }
      return { events, deliveries }
    })
})

describe('events that come by three channels', () => {
  it('leave the index that one channel leaves, and counters and rollups that say what is there', async () => {
    await fc.assert(
      fc.asyncProperty(split, async ({ events, deliveries }) => {
        const one = newEnvironment()
        await receive(
          database.db,
          one,
          events.map((event, place) => copyBy('sns', event, place)),
        )
        const three = newEnvironment()
        const taken: Taken[] = []
        for (const delivery of deliveries) taken.push(...(await receive(database.db, three, delivery)))
        expect(await dumpIndex(database.db, three.name)).toBe(await dumpIndex(database.db, one.name))
        expect(await readCounters(database.db, three.name)).toEqual(await countTickets(database.db, three.name))
        for (const table of ['rollups', 'rollups_15'] as const) {
          expect(await readRollups(database.db, three.name, table)).toEqual(
            await scanRollups(database.db, three.name, table),
          )
        }
        expect(taken.filter(({ is }) => is === 'added')).toHaveLength(events.length)
        const noted = await readMinutes(three.name)
        expect(noted.received).toBe(taken.length)
        expect(noted.added).toBe(events.length)
        expect(Number(noted.copies) + Number(noted.repeated)).toBe(taken.length - events.length)
      }),
      { numRuns: RUNS, ...(FULL ? {} : { interruptAfterTimeLimit: 25_000 }) },
    )
  })

  it('are one line on the timeline each', async () => {
    const environment = newEnvironment()
    const tickets = [aTicket('t1', ['ana'])]
    const history = [
      anEvent('MatchmakingSearching', { time: 120, tickets }),
      anEvent('PotentialMatchCreated', { time: 2_340, tickets, acceptanceRequired: false }),
      anEvent('MatchmakingSucceeded', { time: 5_670, tickets }),
    ]
    for (const channel of THREE) {
      await receive(
        database.db,
        environment,
        history.map((event, place) => copyBy(channel, event, place)),
      )
    }
    const ticket = await getTicket(database.db, environment.name, 't1')
    expect(ticket?.timeline.map(({ text }) => text)).toEqual(['Queued', 'Searching', 'Match formed', 'Completed'])
    expect(ticket?.facts).toHaveLength(3)
    // The bus came first, with whole seconds; the others know better.
    expect(ticket?.facts.map(({ at }) => Date.parse(at) - START)).toEqual([120, 2_340, 5_670])
  })

  it('tell a time more exactly also while the ticket goes on', async () => {
    const environment = newEnvironment()
    const answered = anEvent('AcceptMatch', {
      time: 3_450,
      tickets: [aTicket('t1', [{ playerId: 'ana', accepted: true }])],
    })
    const history = [
      anEvent('MatchmakingSearching', { time: 120 }),
      anEvent('PotentialMatchCreated', { time: 2_340 }),
      answered,
    ]
    await receive(
      database.db,
      environment,
      history.map((event, place) => copyBy('eventbridge', event, place)),
    )
    const completed = anEvent('AcceptMatchCompleted', { time: 5_670 })
    await receive(database.db, environment, [copyBy('sns', answered, 3), copyBy('sns', completed, 4)])
    const ticket = await getTicket(database.db, environment.name, 't1')
    expect(ticket?.status).toBe('PLACING')
    expect(ticket?.players[0]?.answeredAt).toBe(new Date(START + 3_450).toISOString())
  })

  it('of a queue are one placement, on the timeline of its tickets', async () => {
    const environment = newEnvironment()
    const taken: Taken[] = []
    for (const channel of THREE) {
      const delivery = placementBy(channel, 'PlacementTimedOut')
      taken.push(...(await receive(database.db, environment, [delivery, delivery])))
    }
    expect(taken.map(({ is }) => is)).toEqual(['added', 'known', 'known', 'known', 'known', 'known'])
    const { rows } = await database.db.query('select copies from placements where environment = $1', [environment.name])
    expect(rows).toHaveLength(1)
    expect(rows[0].copies).toHaveLength(3)
    const proposed = anEvent('PotentialMatchCreated', { acceptanceRequired: false })
    await receive(database.db, environment, [copyBy('sns', proposed, 0)])
    const ticket = await getTicket(database.db, environment.name, 't1')
    expect(ticket?.timeline.at(-1)?.text).toBe('Queue arena-ranked found no place in time')
  })

  it('are two where one channel brought the same words in two envelopes', async () => {
    const environment = newEnvironment()
    const event = anEvent('MatchmakingSearching')
    const [first, second] = [copyBy('sqs', event, 1), copyBy('sqs', event, 2)]
    expect(await receive(database.db, environment, [first, first])).toEqual([{ is: 'added' }, { is: 'known' }])
    expect(await receive(database.db, environment, [second])).toEqual([{ is: 'added' }])
    expect(await receive(database.db, environment, [copyBy('sns', event, 1), second])).toEqual([
      { is: 'known' },
      { is: 'known' },
    ])
    expect((await getTicket(database.db, environment.name, 't1'))?.facts).toHaveLength(2)
  })

  it('are noted by channel: what was late, refused or not followed, too', async () => {
    const environment = { ...newEnvironment(), configurations: ['arena-ranked'] }
    const searching = copyBy('sqs', anEvent('MatchmakingSearching', { time: 1_500 }), 0)
    const proposed = copyBy('sqs', anEvent('PotentialMatchCreated', { time: 2_500 }), 1)
    const foreign = copyBy('sqs', anEvent('MatchmakingSearching', { configuration: 'other' }), 2)
    await receive(database.db, environment, [proposed])
    await receive(database.db, environment, [searching, foreign, { ...foreign, envelope: {} }])
    expect(await readMinutes(environment.name)).toEqual({
      received: 4,
      added: 2,
      repeated: 0,
      copies: 0,
      late: 1,
      ignored: 1,
      refused: 1,
      lag_ms_sum: 27_500 + 28_500 + 30_000,
    })
  })
})

describe('a queue that gives up', () => {
  it('has the tickets asked about that are still being placed', async () => {
    const environment = newEnvironment()
    const [searching, proposed] = [
      copyBy('sns', anEvent('MatchmakingSearching'), 0),
      copyBy('sns', anEvent('PotentialMatchCreated', { time: 1_000, acceptanceRequired: false }), 1),
    ] as [Delivery, Delivery]
    const due = async () =>
      (
        await database.db.query<{ due: number }>(
          `select extract(epoch from describe_due_at - now())::float8 as due from tickets where environment = $1`,
          [environment.name],
        )
      ).rows[0]?.due ?? Number.NaN
    await receive(database.db, environment, [searching, proposed])
    await database.db.query(`update tickets set describe_due_at = now() + interval '1 hour' where environment = $1`, [
      environment.name,
    ])
    await receive(database.db, environment, [placementBy('sqs', 'PlacementFulfilled')])
    expect(await due()).toBeGreaterThan(3_000)
    await receive(database.db, environment, [placementBy('sqs', 'PlacementTimedOut')])
    expect(await due()).toBeLessThan(3)
  })
})

describe('what is missing', () => {
  it('is told from what came, and no longer once it has come', async () => {
    const environment = newEnvironment()
    const tickets = [aTicket('t1', ['ana']), aTicket('t2', ['bo'])]
    const [searching, other, proposed, placed] = [
      anEvent('MatchmakingSearching', { tickets: tickets.slice(0, 1) }),
      anEvent('MatchmakingSearching', { tickets: tickets.slice(1) }),
      anEvent('PotentialMatchCreated', { time: 2_000, tickets, acceptanceRequired: false }),
      anEvent('MatchmakingSucceeded', { time: 4_000, tickets }),
    ].map((event, place) => copyBy('sns', event, place)) as [Delivery, Delivery, Delivery, Delivery]
    const missing = async () =>
      (
        await database.db.query<{ gap_key: string }>(
          'select distinct gap_key from gaps where environment = $1 order by gap_key',
          [environment.name],
        )
      ).rows.map(({ gap_key }) => gap_key)
    await receive(database.db, environment, [searching])
    expect(await missing()).toEqual([])
    await receive(database.db, environment, [placed])
    expect(await missing()).toEqual([`MatchmakingSearching|t2|${START}`, 'PotentialMatchCreated|m1'])
    await receive(database.db, environment, [proposed])
    expect(await missing()).toEqual([`MatchmakingSearching|t2|${START}`])
    await receive(database.db, environment, [other])
    expect(await missing()).toEqual([])
  })
})

async function readMinutes(environment: string): Promise<Record<string, number>> {
  const { rows } = await database.db.query(
    `select sum(received)::int as received, sum(added)::int as added, sum(repeated)::int as repeated,
       sum(copies)::int as copies, sum(late)::int as late, sum(ignored)::int as ignored,
       sum(refused)::int as refused, sum(lag_ms_sum)::int as lag_ms_sum
     from channel_minutes where environment = $1`,
    [environment],
  )
  return rows[0]
}

describe('a database that does not answer', () => {
  it('lets no more wait than it can take soon', async () => {
    const environment = newEnvironment()
    const away = { connect: () => new Promise<never>(() => {}) } as unknown as typeof database.db
    const many = Array.from({ length: 5_000 }, (_, place) => copyBy('sqs', anEvent('MatchmakingSearching'), place))
    const waiting = [1, 2, 3].map(() => receive(away, environment, many, { ms: 60_000 }).catch(() => {}))
    await expect(receive(away, environment, many)).rejects.toThrow(Unavailable)
    expect(waiting).toHaveLength(3)
  })
})
