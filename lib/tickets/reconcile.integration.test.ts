import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { createLeases } from '#lib/db/leases.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { anEvent, aTicket, START } from '#lib/flexmatch/testing/builders.ts'
import { notAsked } from '#lib/matchmaker/not-asked.ts'
import { getTicket } from './get-ticket.ts'
import { ingest } from './ingest.ts'
import { describeNow, reconcile } from './reconcile.ts'
import { startReconciler } from './reconciler.ts'
import { arrivalsOf } from './testing/arrivals.ts'
import { countTickets, readCounters } from './testing/index-dump.ts'
import { ScriptedDescriber } from './testing/scripted-describer.ts'

const database = testDatabase()
let environment = ''
let environments = 0
let describer = new ScriptedDescriber()
beforeEach(() => {
  environment = `env-${++environments}`
  describer = new ScriptedDescriber()
})

const arrive = (at: number, ...facts: Parameters<typeof arrivalsOf>[0]) =>
  ingest(database.db, environment, arrivalsOf(facts), START + at)
const reconcileAt = (at: number) => reconcile(database.db, environment, describer, () => START + at)
const ticket = (ticketId = 't1', at = 0) => getTicket(database.db, environment, ticketId, START + at)
const searching = (ticketId = 't1', time = 0, players = ['ana']) =>
  anEvent('MatchmakingSearching', { time, tickets: [aTicket(ticketId, players, START + time)] })
const proposed = (ticketId: string, time: number) =>
  anEvent('PotentialMatchCreated', { time, tickets: [aTicket(ticketId, ['ana', 'bo'], START)] })

it('a ticket whose events are stamped a day ahead is asked about like any other, and labelled when nobody answers', async () => {
  describer.knows({ ticketId: 't1', startTime: START + 86_400_000 })
  await arrive(0, searching('t1', 86_400_000))
  await reconcileAt(100)
  describer.asked.splice(0)
  await reconcileAt(31_000)
  expect(describer.asked).toEqual([['t1']])
  expect((await ticket('t1', 120_000))?.freshness.stale).toBe(true)
})

describe('a new ticket', () => {
  it('is described at once, and once', async () => {
    describer.knows({ ticketId: 't1' })
    await arrive(0, searching())
    expect(await reconcileAt(100)).toMatchObject({ asked: 1, described: 1, failure: null })
    expect((await ticket())?.players[0]?.attributes).toEqual({ skill: { N: 10 } })
    for (let at = 1_000; at < 30_000; at += 1_000) await reconcileAt(at)
    expect(describer.asked).toEqual([['t1']])
  })

  it('is described with nine others in one call, no more', async () => {
    await arrive(0, ...Array.from({ length: 23 }, (_, index) => searching(`t${index}`)))
    for (let index = 0; index < 23; index++) describer.knows({ ticketId: `t${index}` })
    await reconcileAt(100)
    expect(describer.asked.map((ids) => ids.length)).toEqual([10, 10, 3])
  })

  it('is waited for when GameLift does not know it yet, and gone after that', async () => {
    await arrive(0, searching())
    expect(await reconcileAt(100)).toMatchObject({ gone: 0 })
    expect(await reconcileAt(5_000)).toMatchObject({ asked: 0 })
    expect(await reconcileAt(10_200)).toMatchObject({ asked: 1, gone: 0 })
    expect(await reconcileAt(30_300)).toMatchObject({ asked: 1, gone: 1 })
    expect(await ticket()).toMatchObject({ status: 'GONE', cause: 'gone' })
    expect(await reconcileAt(90_000)).toMatchObject({ asked: 0 })
  })

  it('that nobody has heard of enters the index by a describe', async () => {
    describer.knows({ ticketId: 'mine', status: 'QUEUED' })
    await describeNow(database.db, environment, describer, ['mine'], () => START + 500)
    expect(await ticket('mine')).toMatchObject({ status: 'QUEUED', described: true, configuration: 'arena-ranked' })
    await describeNow(database.db, environment, describer, ['nobody'], () => START + 500)
    expect(await ticket('nobody')).toBeNull()
  })
})

describe('an open ticket that goes quiet', () => {
  it('is asked for after 30 s of silence, then every 30 s, and an answer without news adds no fact', async () => {
    describer.knows({ ticketId: 't1' })
    await arrive(0, searching())
    const asked: number[] = []
    for (let at = 0; at <= 100_000; at += 1_000) {
      if ((await reconcileAt(at)).asked > 0) asked.push(at)
    }
    expect(asked).toEqual([0, 30_000, 60_000, 90_000])
    expect((await ticket())?.facts).toHaveLength(2)
    expect((await ticket('t1', 100_000))?.freshness).toMatchObject({
      confirmedAt: new Date(START + 90_000).toISOString(),
      source: 'describe',
      stale: false,
    })
  })

  it('moves when the answer is news, and the same answer twice is one fact', async () => {
    describer.knows({ ticketId: 't1' })
    await arrive(0, searching())
    await reconcileAt(0)
    describer.knows({ ticketId: 't1', status: 'TIMED_OUT', endTime: START + 20_000 })
    await Promise.all([reconcileAt(30_000), reconcileAt(30_000)])
    expect(await ticket()).toMatchObject({ status: 'TIMED_OUT', cause: 'request-timed-out' })
    expect((await ticket())?.facts).toHaveLength(3)
    expect(await readCounters(database.db, environment)).toEqual(await countTickets(database.db, environment))
    expect(await reconcileAt(200_000)).toMatchObject({ asked: 0 })
  })

  it('is gone when GameLift no longer knows it, until a late event tells its end', async () => {
    describer.knows({ ticketId: 't1' })
    await arrive(0, searching())
    await reconcileAt(0)
    describer.tickets.clear()
    expect(await reconcileAt(30_000)).toMatchObject({ gone: 1 })
    expect(await ticket()).toMatchObject({ status: 'GONE' })
    await arrive(31_000, anEvent('MatchmakingCancelled', { time: 20_000 }))
    expect(await ticket()).toMatchObject({ status: 'CANCELLED', cause: 'stopped' })
  })

  it('is not asked for before the time to answer is over', async () => {
    describer.knows({ ticketId: 't1' })
    await arrive(0, searching())
    await reconcileAt(0)
    await arrive(1_000, anEvent('PotentialMatchCreated', { time: 1_000, acceptanceTimeout: 15 }))
    expect(await reconcileAt(18_000)).toMatchObject({ asked: 0 })
    expect(await reconcileAt(19_000)).toMatchObject({ asked: 1 })
  })
})

describe('a ticket that no event will speak of again', () => {
  it('is found superseded as soon as its player starts a newer one', async () => {
    describer.knows({ ticketId: 'old' }).knows({ ticketId: 'new', startTime: START + 12_000 })
    await arrive(0, searching('old', 0, ['ana', 'bo']))
    await reconcileAt(0)
    describer.knows({ ticketId: 'old', status: 'CANCELLED', statusMessage: 'Cancelled due to duplicate player' })
    await arrive(12_000, searching('new', 12_000, ['bo']))
    await reconcileAt(12_100)
    expect(await ticket('old')).toMatchObject({ status: 'CANCELLED', cause: 'superseded' })
    expect(await ticket('new')).toMatchObject({ status: 'SEARCHING' })
  })

  it('is asked about as soon as it may be, also when an event about it comes before that', async () => {
    describer.knows({ ticketId: 'old' }).knows({ ticketId: 'new', startTime: START + 2_000 })
    await arrive(0, searching('old', 0, ['ana', 'bo']))
    await reconcileAt(0)
    await arrive(2_000, searching('new', 2_000, ['bo']))
    await arrive(3_000, proposed('old', 1_900))
    describer.asked.splice(0)
    await reconcileAt(9_999)
    expect(describer.asked.flat()).not.toContain('old')
    await reconcileAt(10_000)
    expect(describer.asked.flat()).toContain('old')
    describer.asked.splice(0)
    await reconcileAt(21_000)
    expect(describer.asked).toEqual([])
  })

  it('is asked about again when what makes it due comes while it is asked about, and an event after that', async () => {
    describer.knows({ ticketId: 'old' }).knows({ ticketId: 'new', startTime: START + 30_000 })
    await arrive(0, searching('old', 0, ['ana', 'bo']))
    await reconcileAt(0)
    const slow = Object.assign(Object.create(describer), {
      async describeTickets(ids: string[]) {
        const answers = await describer.describeTickets(ids)
        await arrive(30_100, searching('new', 30_050, ['bo']))
        await arrive(30_200, proposed('old', 30_010))
        return answers
      },
    })
    await reconcile(database.db, environment, slow, () => START + 30_000)
    describer.asked.splice(0)
    await reconcileAt(39_999)
    expect(describer.asked.flat()).not.toContain('old')
    await reconcileAt(40_000)
    expect(describer.asked.flat()).toContain('old')
  })

  it('is still due when the question could not be sent, whatever came meanwhile', async () => {
    describer.knows({ ticketId: 'old' }).knows({ ticketId: 'new', startTime: START + 12_000 })
    await arrive(0, searching('old', 0, ['ana', 'bo']))
    await reconcileAt(0)
    await arrive(12_000, searching('new', 12_000, ['bo']))
    const slow = Object.assign(Object.create(describer), {
      async describeTickets() {
        await arrive(12_200, proposed('old', 11_900))
        throw notAsked('MATCHMAKER_UNAVAILABLE', 'not that often')
      },
    })
    await reconcile(database.db, environment, slow, () => START + 12_100)
    describer.asked.splice(0)
    await reconcileAt(12_300)
    expect(describer.asked.flat()).toContain('old')
  })

  it('is confirmed soon when its status is only presumed', async () => {
    describer.knows({ ticketId: 't1' })
    await arrive(0, searching())
    await reconcileAt(0)
    const tickets = [aTicket('t1', ['ana'])]
    await arrive(20_000, anEvent('PotentialMatchCreated', { time: 15_000, tickets }))
    await arrive(20_000, anEvent('AcceptMatchCompleted', { time: 20_000, tickets, acceptance: 'TimedOut' }))
    expect(await ticket()).toMatchObject({ status: 'CANCELLED', freshness: { presumed: true } })
    describer.knows({ ticketId: 't1', status: 'CANCELLED' })
    expect(await reconcileAt(21_900)).toMatchObject({ asked: 0 })
    expect(await reconcileAt(22_000)).toMatchObject({ asked: 1 })
    expect(await ticket()).toMatchObject({ status: 'CANCELLED', cause: 'not-answered', freshness: { presumed: false } })
  })
})

describe('the kind of a ticket', () => {
  const ARN = 'arn:aws:gamelift:eu-central-1::gamesession/fleet-1/s1'
  const seated = [{ playerId: 'ana', team: 'blue', attributes: {}, latencyMs: {}, playerSessionId: null }]

  it('is read from the session, asked for once, and kept when the session moves on', async () => {
    await arrive(0, searching('auto'), searching('manual'), searching('plain'))
    describer.knows({ ticketId: 'auto', kind: 'backfill', gameSessionArn: ARN, players: seated })
    describer.knows({ ticketId: 'manual', kind: 'backfill', gameSessionArn: ARN, players: seated })
    describer.knows({ ticketId: 'plain' })
    describer.sessions.set(ARN, { autoBackfillMode: 'AUTOMATIC', autoBackfillTicketId: 'auto' })
    await reconcileAt(0)
    const kinds = async () => Promise.all(['auto', 'manual', 'plain'].map(async (id) => (await ticket(id))?.kind))
    expect(await kinds()).toEqual(['auto-backfill', 'backfill', 'new'])
    expect(describer.sessionsAsked).toEqual([ARN])
    describer.sessions.set(ARN, { autoBackfillTicketId: 'a-newer-one' })
    await reconcileAt(40_000)
    expect(await kinds()).toEqual(['auto-backfill', 'backfill', 'new'])
  })

  it('shows in the teams of a ticket that waits, where there is no session', async () => {
    await arrive(0, searching())
    describer.knows({ ticketId: 't1', players: seated })
    await reconcileAt(0)
    expect((await ticket())?.kind).toBe('backfill')
  })
})

describe('a matchmaker that fails', () => {
  it('leaves its tickets due, later each time, and loses none', async () => {
    describer.knows({ ticketId: 't1' })
    await arrive(0, searching())
    describer.failure = new Error('throttled')
    expect(await reconcileAt(0)).toMatchObject({ asked: 0, failure: describer.failure })
    const tried: number[] = []
    for (let at = 1_000; at <= 80_000; at += 1_000) {
      const calls = describer.asked.length
      await reconcileAt(at)
      if (describer.asked.length > calls) tried.push(at)
    }
    expect(tried).toEqual([5_000, 15_000, 35_000, 75_000])
    describer.failure = null
    expect(await reconcileAt(200_000)).toMatchObject({ described: 1 })
    expect((await ticket())?.described).toBe(true)
  })

  it('is told on when somebody waits for the answer', async () => {
    describer.failure = new Error('throttled')
    await expect(describeNow(database.db, environment, describer, ['t1'])).rejects.toThrow('throttled')
  })
})

describe('text that cannot be stored', () => {
  it('in an attribute does not keep its ticket, or any other, undescribed', async () => {
    describer.knows({
      ticketId: 't1',
      players: [
        {
          playerId: 'ana',
          team: null,
          attributes: { name: { S: 'a\0b\ud800' } },
          latencyMs: {},
          playerSessionId: null,
        },
      ],
    })
    await arrive(0, searching())
    expect(await reconcileAt(0)).toMatchObject({ described: 1, failure: null })
    expect((await ticket())?.players[0]?.attributes).toEqual({ name: { S: 'a\ufffdb\ufffd' } })
    expect(await reconcileAt(30_000)).toMatchObject({ asked: 1, described: 0 })
  })
})

describe('lost events', () => {
  it('are made up for by one round of describes', async () => {
    await arrive(0, ...Array.from({ length: 30 }, (_, index) => searching(`t${index}`)))
    // Of what happened next not one event came through.
    for (let index = 0; index < 30; index++) {
      const status = (['COMPLETED', 'CANCELLED', 'FAILED', 'SEARCHING'] as const)[index % 4] ?? 'SEARCHING'
      describer.knows({ ticketId: `t${index}`, status, endTime: status === 'SEARCHING' ? null : START + 9_000 })
    }
    await reconcileAt(31_000)
    for (const [ticketId, seen] of describer.tickets) expect((await ticket(ticketId))?.status).toBe(seen.status)
    expect(Math.max(...describer.asked.map((ids) => ids.length))).toBe(10)
  })
})

describe('many replicas', () => {
  const dueOnes = async (number: number) => {
    await arrive(0, ...Array.from({ length: number }, (_, index) => searching(`t${index}`)))
    for (let index = 0; index < number; index++) describer.knows({ ticketId: `t${index}` })
  }

  it('that work at once ask about no ticket twice', async () => {
    await dueOnes(95)
    const results = await Promise.all(Array.from({ length: 4 }, () => reconcileAt(100)))
    expect(results.reduce((sum, { described }) => sum + described, 0)).toBe(95)
    const asked = describer.asked.flat()
    expect(asked).toHaveLength(95)
    expect(new Set(asked).size).toBe(95)
    expect(Math.max(...describer.asked.map((ids) => ids.length))).toBe(10)
  })

  it('ask about what one of them was lost with, not before it can have got an answer', async () => {
    await dueOnes(3)
    const lost = { ...describer, describeTickets: () => new Promise<never>(() => {}) }
    void reconcile(database.db, environment, lost as unknown as ScriptedDescriber, () => START + 100)
    const dueTimes = async () => {
      const { rows } = await database.db.query<{ at: Date }>(
        'select describe_due_at as at from tickets where environment = $1',
        [environment],
      )
      return rows.map(({ at }) => at.getTime() - START)
    }
    await expect.poll(dueTimes, { timeout: 2_000 }).toEqual([30_100, 30_100, 30_100])
    expect(await reconcileAt(30_099)).toMatchObject({ asked: 0 })
    expect(await reconcileAt(30_100)).toMatchObject({ asked: 3, described: 3, failure: null })
  })

  it('ask no sooner again because an event came while they asked', async () => {
    await dueOnes(1)
    const meanwhile: unknown[] = []
    const slow = Object.assign(Object.create(describer), {
      async describeTickets(ids: string[]) {
        await arrive(200, anEvent('PotentialMatchCreated', { time: 150, tickets: [aTicket('t0', ['ana'], START)] }))
        meanwhile.push(await reconcileAt(300))
        return describer.describeTickets(ids)
      },
    })
    await reconcile(database.db, environment, slow, () => START + 100)
    expect(meanwhile).toMatchObject([{ asked: 0 }])
    expect(describer.asked).toEqual([['t0']])
  })

  it('leave due what the budget of calls does not allow, and take it for no failure', async () => {
    await dueOnes(12)
    describer.failure = notAsked('MATCHMAKER_UNAVAILABLE', 'not that often')
    expect(await reconcileAt(100)).toMatchObject({ asked: 0, failure: null })
    expect(describer.asked).toHaveLength(1)
    describer.failure = null
    expect(await reconcileAt(101)).toMatchObject({ asked: 12, failure: null })
    describer.failure = notAsked('MATCHMAKER_UNAVAILABLE', 'not that often')
    const now = () => START + 11_000
    await expect(describeNow(database.db, environment, describer, ['t0'], now)).rejects.toBe(describer.failure)
    // Somebody wanted to know: that is not forgotten.
    describer.failure = null
    describer.asked.splice(0)
    await reconcileAt(11_001)
    expect(describer.asked).toEqual([['t0']])
  })

  it('stop between two calls when another one has taken over', async () => {
    await dueOnes(30)
    const over = new AbortController()
    const until = Object.assign(Object.create(describer), {
      async describeTickets(ids: string[]) {
        over.abort()
        return describer.describeTickets(ids)
      },
    })
    expect(await reconcile(database.db, environment, until, () => START + 100, over.signal)).toMatchObject({
      asked: 10,
    })
  })

  it('have one that describes at a time, and go on after trouble and without the one that did', async () => {
    await dueOnes(1)
    describer.failure = new Error('away')
    const problems: unknown[] = []
    const start = () => {
      const leases = createLeases(database.db, randomUUID(), (_, error) => problems.push(error), {
        lastsMs: 500,
        askEveryMs: 50,
      })
      return startReconciler({ db: database.db, leases, environment, describer, everyMs: 5 })
    }
    const both = [start(), start()]
    await expect.poll(() => problems.length, { timeout: 5_000 }).toBeGreaterThan(0)
    describer.failure = null
    const due = () =>
      database.db.query('update tickets set describe_due_at = now() where environment = $1', [environment])
    await due()
    await expect.poll(async () => (await ticket('t0'))?.described, { timeout: 10_000 }).toBe(true)
    await both[0]?.stop()
    const before = describer.asked.length
    await due()
    await expect.poll(() => describer.asked.length, { timeout: 10_000 }).toBeGreaterThan(before)
    await both[1]?.stop()
    expect(describer.mostAtOnce).toBe(1)
    const calls = describer.asked.length
    await due()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(describer.asked.length).toBe(calls)
  })
})
