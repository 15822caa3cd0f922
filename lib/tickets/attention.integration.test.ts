import { describe, expect, it } from 'vitest'
import { setAside, settleSetAside } from '#lib/channels/set-aside.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEvent, anOverdue, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import type { MatchmakerHealth } from './attention.ts'
import { ingest } from './ingest.ts'
import { keepTimeouts } from './overdue-timeouts.ts'
import { overview } from './overview.ts'
import { arrivalsOf } from './testing/arrivals.ts'

const database = testDatabase()
const MINUTE = 60_000

async function attentionAt(
  environment: string,
  at: number,
  facts: Parameters<typeof arrivalsOf>[0],
  matchmaker?: MatchmakerHealth,
) {
  await ingest(database.db, environment, arrivalsOf(facts), START + at)
  return (await overview(database.db, environment, START + at, matchmaker)).attention
}

/** A ticket of its own match that waited `waitMs` and is done. */
function completed(index: number, waitMs: number) {
  const tickets = [aTicket(`done-${index}`, [`p${index}`])]
  return [
    anEvent('MatchmakingSearching', { tickets }),
    anEvent('MatchmakingSucceeded', { time: waitMs, tickets, matchId: `done-${index}` }),
  ]
}

describe('what calls for attention', () => {
  it('is web processes of different builds, in every environment', async () => {
    await database.db.query(
      `insert into replicas (id, host, build_id, started_at, seen_at)
       select gen_random_uuid(), 'host-' || n, 'build-' || n, now() + n * interval '1 s', now() from generate_series(1, 2) n`,
    )
    expect((await overview(database.db, 'anywhere')).attention).toMatchObject([
      { text: expect.stringMatching(/^2 web processes run 2 different builds: build-1 on host-1; build-2 on host-2/) },
    ])
    await database.db.query('delete from replicas')
    expect((await overview(database.db, 'anywhere')).attention).toEqual([])
  })

  it('is nothing in an environment nobody has heard of, nor in a healthy one', async () => {
    expect((await overview(database.db, 'empty')).attention).toEqual([])
    expect(await attentionAt('healthy', 1_000, [anEvent('MatchmakingSearching')])).toEqual([])
  })

  it('is a ticket that has been placed for longer than a queue waits', async () => {
    const placing = [
      anEvent('MatchmakingSearching'),
      anEvent('PotentialMatchCreated', { time: 1_000, acceptanceRequired: false }),
      // Events do come in, about another ticket.
      anEvent('MatchmakingSearching', { time: 11 * MINUTE, tickets: [aTicket('t2', ['raj'], START + 11 * MINUTE)] }),
    ]
    const attention = await attentionAt('placing', 11 * MINUTE, placing)
    expect(attention[0]).toEqual({
      text: '1 ticket in PLACING for more than 10 min.',
      href: '/placing/tickets?tab=PLACING&order=oldest',
      severity: 'bad',
    })
  })

  it('is a message that came and could not be used, until somebody has seen to it', async () => {
    const message = {
      channel: 'sqs',
      messageId: 'm-1',
      reason: 'not ours',
      body: '{}',
      receiveCount: 1,
      at: START,
    } as const
    await setAside(database.db, 'unused', [message])
    expect((await overview(database.db, 'unused')).attention).toEqual([
      { text: '1 message came that could not be used.', href: '/unused/set-aside', severity: 'warning' },
    ])
    await settleSetAside(database.db, 'unused', 'sqs', ['m-1'])
    expect((await overview(database.db, 'unused')).attention).toEqual([])
  })

  it('is a wait far above what is usual in its configuration', async () => {
    const usual = Array.from({ length: 12 }, (_, index) => completed(index, 30_000)).flat()
    const waiting = [
      anEvent('MatchmakingSearching', { tickets: [aTicket('slow', ['ana'])] }),
      anEvent('MatchmakingSearching', { time: 2 * MINUTE, tickets: [aTicket('t9', ['bo'], START + 2 * MINUTE)] }),
    ]
    const attention = await attentionAt('waits', 100_000, [...usual, ...waiting])
    expect(attention).toEqual([
      {
        text: 'arena-ranked: a ticket has waited 2 min; 95 of 100 matches are made within 30 s.',
        href: '/waits/tickets?tab=open&configuration=arena-ranked&order=oldest',
        severity: 'warning',
      },
    ])
  })

  it('is a GameLift that does not answer, before everything else', async () => {
    const outage = { since: '2026-11-20T13:00:00.000Z', message: 'no answer came' }
    const attention = await attentionAt('outage', 11 * MINUTE, [anEvent('MatchmakingSearching')], {
      outage,
      configurations: null,
    })
    expect(attention[0]).toEqual({
      text: 'GameLift has not answered',
      since: outage.since,
      detail: 'no answer came',
      href: '/outage/configurations',
      severity: 'bad',
    })
  })

  it('is a ticket that is open a minute after its request timeout, unless it is being placed', async () => {
    const known = { outage: null, configurations: [{ name: 'arena-ranked', requestTimeoutSeconds: 180 }] }
    const facts = [
      anEvent('MatchmakingSearching', { tickets: [aTicket('a', ['ana'])] }),
      anEvent('MatchmakingSearching', { tickets: [aTicket('b', ['bo'])] }),
      anEvent('MatchmakingSearching', { tickets: [aTicket('c', ['cleo'])] }),
      anEvent('PotentialMatchCreated', { time: 1_000, acceptanceRequired: false, tickets: [aTicket('c', ['cleo'])] }),
      anEvent('MatchmakingSearching', { tickets: [aTicket('new', ['dan'], START + MINUTE)] }),
    ]
    const late = async (at: number, health?: MatchmakerHealth) =>
      (await attentionAt('late', at, facts, health)).filter(({ text }) => text.includes('request timeout'))
    expect(await late(4 * MINUTE, known)).toEqual([])
    expect(await late(4 * MINUTE + 1_000, known)).toEqual([
      {
        text: '2 tickets of arena-ranked are past their request timeout of 3:00 and still open.',
        href: '/late/tickets?tab=open&configuration=arena-ranked&order=oldest',
        severity: 'bad',
      },
    ])
  })

  it('is a silent ticket of which the request timeout is not known, until it is', async () => {
    const facts = [
      anEvent('MatchmakingSearching', { tickets: [aTicket('a', ['ana'])] }),
      anEvent('MatchmakingSearching', { tickets: [aTicket('b', ['bo'])] }),
    ]
    const said = async (at: number) =>
      (await attentionAt('no-timeout', at, facts)).filter(({ text }) => text.includes('request timeout'))
    expect(await said(2 * MINUTE)).toEqual([])
    expect(await said(2 * MINUTE + 1)).toEqual([
      {
        text: 'The request timeout of arena-ranked is not known: 2 tickets of which nothing is heard cannot be presumed to be over.',
        href: '/no-timeout/tickets?tab=open&configuration=arena-ranked&order=oldest',
        severity: 'warning',
      },
    ])
    await keepTimeouts(database.db, 'no-timeout', [{ name: 'arena-ranked', requestTimeoutSeconds: 600 }])
    expect(await said(2 * MINUTE + 1)).toEqual([])
    expect(await said(11 * MINUTE + 1)).toMatchObject([{ text: expect.stringContaining('timeout of 10:00') }])
  })

  it('is a ticket that is presumed to have timed out, until something says how it ended', async () => {
    const overdue = anOverdue(4 * MINUTE)
    expect(await attentionAt('presumed', 4 * MINUTE, [anEvent('MatchmakingSearching'), overdue])).toEqual([
      {
        text: '1 ticket presumed to have timed out: neither an event nor GameLift has said how.',
        href: '/presumed/tickets?tab=TIMED_OUT&presumed=1',
        severity: 'warning',
      },
    ])
    expect(await attentionAt('presumed', 5 * MINUTE, [anEvent('MatchmakingTimedOut', { time: 3 * MINUTE })])).toEqual(
      [],
    )
  })

  it('is a configuration whose matches are often not accepted', async () => {
    const matches = Array.from({ length: 12 }, (_, index) => {
      const tickets = [aTicket(`t${index}`, [`p${index}`])]
      const matchId = `m${index}`
      const about = { tickets, matchId }
      return [
        anEvent('PotentialMatchCreated', { ...about }),
        anEvent('AcceptMatchCompleted', { ...about, time: 500, acceptance: index < 5 ? 'TimedOut' : 'Accepted' }),
        ...(index < 5 ? [] : [anEvent('MatchmakingSucceeded', { ...about, time: 900 })]),
      ]
    }).flat()
    expect(await attentionAt('rejections', 1_000, matches)).toEqual([
      {
        text: 'arena-ranked: 5 of the last 12 matches were not accepted.',
        href: '/rejections/matches',
        severity: 'warning',
      },
    ])
  })
})
