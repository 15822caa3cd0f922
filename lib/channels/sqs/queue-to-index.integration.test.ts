import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { listSetAside, redrive } from '#lib/channels/set-aside.ts'
import { createLeases, type Leases } from '#lib/db/leases.ts'
import { openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { startDatabaseProxy } from '#lib/engine/testing/database-proxy.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { drain } from './drain.ts'
import { startPollers } from './pollers.ts'
import { bodiesOf, numberOfFacts, openTickets } from './testing/many-events.ts'
import { startTestQueue, type TestQueue } from './testing/test-queue.ts'

const database = testDatabase()
/** The full size is the queue of a bad night. */
const BACKLOG = Number(process.env.BACKLOG ?? (process.env.MATCHDESK_FAULTS === 'full' ? 100_000 : 5_000))
const FAST = { lastsMs: 1_500, askEveryMs: 300 }

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const { stop } of running.splice(0).reverse()) await stop()
})

async function aQueue(...given: Parameters<typeof startTestQueue>): Promise<TestQueue> {
  const queue = await startTestQueue(...given)
  running.push(queue)
  return queue
}

const ofQueue = (name: string, queue: TestQueue, given: Partial<Environment> = {}) =>
  anEnvironment({
    name,
    kind: 'aws',
    accountId: '111122223333',
    region: 'eu-central-1',
    channels: { sns: { topicArns: [] }, sqs: [{ queueUrl: queue.queueUrl }], eventbridge: false },
    ...given,
  })

function aReplica(queue: TestQueue, environments: () => Environment[], visibilitySeconds = 60, db = database.db) {
  const problems: unknown[] = []
  const leases: Leases = createLeases(db, randomUUID(), (_, error) => problems.push(error), FAST)
  const pollers = startPollers({
    db,
    leases,
    environments: async () => environments(),
    openQueue: () => queue.client(visibilitySeconds),
    onProblem: (_, __, error) => problems.push(error),
    intervalMs: 100,
  })
  running.push(pollers)
  return { stop: pollers.stop, problems, holds: () => leases.holds(`sqs ${queue.queueUrl}`) }
}

const until = (met: () => unknown, timeout = 15_000) => vi.waitFor(met, { timeout, interval: 50 })
const EMPTY = { waiting: [], inFlight: [] }

it('sets aside what is foreign, unknown or unreadable, applies none of it, and takes it once it is put right', async () => {
  const queue = await aQueue(2)
  let environment = ofQueue('guard', queue)
  aReplica(queue, () => [environment], 1)
  const [ours = '', foreign = '', elsewhere = '', unknown = '', nul = ''] = bodiesOf('guard', 5)
  queue.send([
    ours,
    foreign.replace('111122223333', '999999999999'),
    elsewhere.replace('"region":"eu-central-1"', '"region":"us-west-2"'),
    unknown.replace('MatchmakingSearching', 'MatchmakingSurprised'),
    nul.replace('"playerId":"', '"playerId":"\\u0000'),
    'not even JSON',
  ])
  await until(() => expect(queue.left()).toMatchObject({ ...EMPTY, dead: { length: 5 } }))
  const { rows } = await listSetAside(database.db, 'guard')
  expect(rows.map(({ reason }) => reason).toSorted()).toEqual([
    expect.stringMatching(/^detail.tickets\[0\].*contains a NUL|^detail.*NUL/),
    expect.stringMatching(/^detail.type "MatchmakingSurprised" is not a FlexMatch event/),
    'the body is not JSON: Unexpected token \'o\', "not even JSON" is not valid JSON',
    'the event is of account "999999999999"; guard is account 111122223333',
    'the event is of region "us-west-2"; guard is in eu-central-1',
  ])
  expect(rows.every(({ receiveCount }) => receiveCount === 2)).toBe(true)
  expect(await openTickets(database.db, 'guard')).toEqual(['guard-0'])

  environment = ofQueue('guard', queue, { accountId: '999999999999', revision: 1 })
  const foreignRow = rows.find(({ reason }) => reason.includes('account'))
  expect(await redrive(database.db, environment, [foreignRow?.id ?? ''])).toMatchObject({ taken: 1 })
  expect(await openTickets(database.db, 'guard')).toEqual(['guard-0', 'guard-1'])

  const open = (_: Environment, url: string) => queue.client(30, url)
  const drained = await drain(database.db, environment, queue.queueUrl, open)
  expect(drained).toMatchObject({ taken: 1, more: false })
  expect(drained.refused.map(({ count }) => count)).toEqual([3, 1])
  expect(await numberOfFacts(database.db, 'guard')).toBe(2)
  expect([...queue.left().dead, ...queue.deadInFlight()]).toHaveLength(4)
})

it('says so where there are no dead letters, or no such queue', async () => {
  const queue = await aQueue(null)
  const open = (_: Environment, url: string) => queue.client(30, url)
  const environment = ofQueue('none', queue)
  await expect(drain(database.db, environment, queue.queueUrl, open)).rejects.toMatchObject({
    code: 'REFUSED',
    message: 'The queue has no dead letters.',
  })
  const gone = queue.queueUrl.replace('/events', '/gone')
  await expect(drain(database.db, environment, gone, open)).rejects.toMatchObject({
    message: 'SQS knows no such queue. What was taken before that stays taken.',
  })
})

it('stores an event once though its message is not deleted and comes again', async () => {
  const queue = await aQueue(null)
  queue.failEveryNthRemoval(3)
  const environment = ofQueue('again', queue)
  aReplica(queue, () => [environment], 1)
  queue.send(bodiesOf('again', 200))
  await until(() => expect(queue.left()).toMatchObject(EMPTY))
  expect(queue.counts.notRemoved).toBeGreaterThan(60)
  expect(queue.counts.received).toBeGreaterThan(260)
  expect(await numberOfFacts(database.db, 'again')).toBe(200)
  expect(await openTickets(database.db, 'again')).toHaveLength(200)
})

it('loses no event and wears none out while the database is away', async () => {
  const queue = await aQueue(3)
  const proxy = await startDatabaseProxy(database.url)
  const db = openPool(proxy.url, { name: 'cut off' })
  running.push({
    async stop() {
      await db.end()
      proxy.close()
    },
  })
  const environment = ofQueue('outage', queue)
  const { holds, problems } = aReplica(queue, () => [environment], 2, db)
  await until(() => expect(holds()).toBe(true))
  queue.send(bodiesOf('before', 300))
  await until(() => expect(queue.counts.removed).toBeGreaterThan(0))
  proxy.shut()
  queue.send(bodiesOf('during', 50))
  await wait(6_000)
  expect(await numberOfFacts(database.db, 'outage')).toBeLessThan(350)
  proxy.open()
  await until(() => expect(queue.left()).toMatchObject(EMPTY))
  expect(await numberOfFacts(database.db, 'outage')).toBe(350)
  expect(queue.left().dead).toEqual([])
  expect(problems.length).toBeGreaterThan(0)
})

it(
  'catches up with a long queue, and is as quick as ever afterwards',
  async () => {
    const queue = await aQueue()
    const environment = ofQueue('backlog', queue)
    queue.send(bodiesOf('backlog', BACKLOG))
    const began = performance.now()
    const { problems } = aReplica(queue, () => [environment])
    await until(() => expect(queue.counts.removed).toBe(BACKLOG), BACKLOG * 20)
    const perSecond = BACKLOG / ((performance.now() - began) / 1_000)
    console.log(`Caught up with ${BACKLOG} messages at ${Math.round(perSecond)} a second.`)
    expect(await numberOfFacts(database.db, 'backlog')).toBe(BACKLOG)
    expect(queue.counts.received).toBe(BACKLOG)
    expect(problems).toEqual([])

    const sent = performance.now()
    queue.send(bodiesOf('live', 1))
    await until(async () => expect(await openTickets(database.db, 'backlog')).toContain('live-0'))
    expect(performance.now() - sent).toBeLessThan(2_000)
  },
  60_000 + BACKLOG * 20,
)

it('empties a queue from one replica at a time, and from another when that one ends', async () => {
  const queue = await aQueue()
  const environment = ofQueue('replicas', queue)
  // Soon visible again: what the queue hands to a call that was just given up is nobody's until then.
  const one = aReplica(queue, () => [environment], 2)
  await until(() => expect(one.holds()).toBe(true))
  const other = aReplica(queue, () => [environment], 2)
  queue.send(bodiesOf('first', 20))
  await until(() => expect(queue.counts.removed).toBe(20))
  expect([one.holds(), other.holds()]).toEqual([true, false])
  await one.stop()
  await until(() => expect(other.holds()).toBe(true))
  queue.send(bodiesOf('second', 20))
  await until(() => expect(queue.counts.removed).toBe(40))
  expect(await numberOfFacts(database.db, 'replicas')).toBe(40)
})

it('follows an edited environment, takes what it refused when it comes again, and lets go of a removed one', async () => {
  const queue = await aQueue(10)
  let environments = [ofQueue('edited', queue, { accountId: '999999999999' })]
  const { holds } = aReplica(queue, () => environments, 2)
  queue.send(bodiesOf('before', 1))
  await until(async () => expect((await listSetAside(database.db, 'edited')).rows).toHaveLength(1))
  environments = [ofQueue('edited', queue, { revision: 1 })]
  queue.send(bodiesOf('after', 1))
  await until(async () => expect(await openTickets(database.db, 'edited')).toEqual(['after-0', 'before-0']))
  await until(async () => expect((await listSetAside(database.db, 'edited')).rows).toEqual([]))
  environments = []
  await until(() => expect(holds()).toBe(false))
})

it('empties a queue that two environments name for the first of them only, and says so', async () => {
  const queue = await aQueue()
  const environments = [ofQueue('owner', queue), ofQueue('second', queue)]
  const { problems } = aReplica(queue, () => environments)
  queue.send(bodiesOf('shared', 30))
  await until(() => expect(queue.counts.removed).toBe(30))
  expect(await numberOfFacts(database.db, 'owner')).toBe(30)
  expect(problems.map(String)).toEqual(['Error: Its queue is emptied for another environment already.'])
})
