import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import type { SetAside } from '#lib/channels/set-aside.ts'
import type { Delivery, Taken } from '#lib/tickets/receive.ts'
import { type Polling, pollQueue } from './poller.ts'
import { startTestQueue, type TestQueue } from './testing/test-queue.ts'

const TAKEN: Taken = { is: 'added' }
const everything = (deliveries: Delivery[]) => Promise.resolve(deliveries.map(() => TAKEN))
const event = (n: number) => JSON.stringify({ event: n })
const numberOf = ({ envelope }: Delivery) => (envelope as { event: number }).event

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const { stop } of running.splice(0).reverse()) await stop()
})

async function aQueue(...given: Parameters<typeof startTestQueue>): Promise<TestQueue> {
  const queue = await startTestQueue(...given)
  running.push(queue)
  return queue
}

function poll(queue: TestQueue, given: Partial<Polling> & { visibilitySeconds?: number } = {}) {
  const stopping = new AbortController()
  const setAside: SetAside[] = []
  const settled: string[] = []
  const problems: unknown[] = []
  const ended = pollQueue({
    queue: queue.client(given.visibilitySeconds),
    take: everything,
    setAside: async (messages) => void setAside.push(...messages),
    settle: async (ids) => void settled.push(...ids),
    signal: stopping.signal,
    onProblem: (error) => problems.push(error),
    firstRetryMs: 20,
    ...given,
  })
  const stop = async () => {
    stopping.abort()
    await ended
  }
  running.push({ stop })
  return { stop, setAside, settled, problems }
}

const until = (met: () => void, timeout = 20_000) => vi.waitFor(met, { timeout, interval: 20 })

it('deletes a message when it is taken, and not before', async () => {
  const queue = await aQueue()
  const taking = Promise.withResolvers<Taken[]>()
  poll(queue, { take: () => taking.promise })
  queue.send([event(1)])
  await until(() => expect(queue.left().inFlight).toEqual([event(1)]))
  await wait(100)
  expect(queue.counts.removed).toBe(0)
  taking.resolve([TAKEN])
  await until(() => expect(queue.left()).toEqual({ waiting: [], inFlight: [], dead: [] }))
})

it('takes an event bare, and out of a notification', async () => {
  const queue = await aQueue()
  const seen: unknown[] = []
  poll(queue, {
    take(deliveries) {
      seen.push(...deliveries.map(({ envelope }) => envelope))
      return everything(deliveries)
    },
  })
  const notification = { Type: 'Notification', MessageId: 'n', TopicArn: 'arn:aws:sns:x:1:t', Message: event(2) }
  queue.send([event(1), JSON.stringify(notification)])
  await until(() => expect(seen.toSorted(byText)).toEqual([{ event: 1 }, { event: 2 }]))
})

it('hides messages for as long as the work takes', async () => {
  const queue = await aQueue()
  const seen: number[] = []
  poll(queue, {
    visibilitySeconds: 1,
    async take(deliveries) {
      seen.push(...deliveries.map(numberOf))
      await wait(3_000)
      return everything(deliveries)
    },
  })
  queue.send([event(1), event(2)])
  await until(() => expect(queue.counts.removed).toBe(2))
  expect(seen.toSorted()).toEqual([1, 2])
  expect(queue.counts.received).toBe(2)
  expect(queue.counts.extended).toBeGreaterThanOrEqual(4)
})

it('lets one bad message in ten go its way to the dead letters, and takes the others', async () => {
  const queue = await aQueue(3)
  const seen: number[] = []
  const { setAside } = poll(queue, {
    visibilitySeconds: 1,
    take(deliveries) {
      seen.push(...deliveries.map(numberOf))
      return everything(deliveries)
    },
  })
  const bodies = Array.from({ length: 50 }, (_, n) => (n % 10 === 3 ? `{ bad ${n}` : event(n)))
  queue.send(bodies)
  const bad = bodies.filter((body) => body.startsWith('{ bad'))
  await until(() => expect(queue.left().dead.toSorted()).toEqual(bad.toSorted()))
  expect(queue.left()).toMatchObject({ waiting: [], inFlight: [] })
  expect(seen.length).toBe(45)
  expect(new Set(seen).size).toBe(45)
  // Seen each time it was handed out, and never more often than the queue allows.
  for (const body of bad) {
    const receipts = setAside.filter((message) => message.body === body)
    expect(receipts.map(({ receiveCount }) => receiveCount)).toEqual([1, 2, 3])
    expect(receipts[0]?.reason).toMatch(/^the body is not JSON: /)
  }
})

it('gives what the index refuses to setAside with the reason, and deletes its neighbours', async () => {
  const queue = await aQueue()
  const { setAside } = poll(queue, {
    take: async (deliveries) =>
      deliveries.map((one) => (numberOf(one) === 2 ? { is: 'refused', reason: 'not ours' } : TAKEN)),
  })
  queue.send([event(1), event(2), event(3)])
  await until(() => expect(queue.counts.removed).toBe(2))
  expect(queue.left().inFlight).toEqual([event(2)])
  expect(setAside).toMatchObject([{ channel: 'sqs', reason: 'not ours', body: event(2), receiveCount: 1 }])
})

it('deletes a hopeless message itself only where the queue has no dead letters, and only when it is set aside', async () => {
  const queue = await aQueue(null)
  let stored = false
  const { setAside } = poll(queue, {
    visibilitySeconds: 1,
    async setAside(messages) {
      setAside.push(...messages)
      expect(queue.counts.removed).toBe(0)
      stored = true
    },
  })
  queue.send(['not an event'])
  await until(() => expect(queue.counts.removed).toBe(1))
  expect(stored).toBe(true)
  expect(setAside.at(-1)?.receiveCount).toBe(5)
})

it('keeps what it holds while the database is away, so that no outage uses up the receives of a good message', async () => {
  const queue = await aQueue(2)
  let away = true
  let tries = 0
  const { problems } = poll(queue, {
    visibilitySeconds: 1,
    take(deliveries) {
      tries++
      if (away) return Promise.reject(Object.assign(new Error('connect'), { syscall: 'connect' }))
      return everything(deliveries)
    },
  })
  queue.send([event(1)])
  await until(() => expect(tries).toBeGreaterThan(5))
  await wait(2_500)
  away = false
  await until(() => expect(queue.counts.removed).toBe(1))
  expect(queue.counts.received).toBe(1)
  expect(problems.length).toBeGreaterThan(5)
})

it('sets aside the one event that cannot be stored, and stores the others of its batch', async () => {
  const queue = await aQueue()
  const { setAside } = poll(queue, {
    take(deliveries) {
      if (deliveries.some((one) => numberOf(one) === 4)) return Promise.reject(new Error('column is too narrow'))
      return everything(deliveries)
    },
  })
  queue.send([1, 2, 3, 4, 5, 6].map(event))
  await until(() => expect(queue.counts.removed).toBe(5))
  expect(setAside).toMatchObject([{ body: event(4), reason: 'it could not be stored: column is too narrow' }])
})

it('takes what was not deleted again, and says so', async () => {
  const queue = await aQueue(null)
  queue.failEveryNthRemoval(3)
  const { settled, problems } = poll(queue, { visibilitySeconds: 1 })
  queue.send(Array.from({ length: 30 }, (_, n) => event(n)))
  await until(() => expect(queue.left()).toEqual({ waiting: [], inFlight: [], dead: [] }))
  expect(queue.counts.notRemoved).toBeGreaterThan(8)
  expect(settled.length).toBe(queue.counts.received - 30)
  expect(String(problems[0])).toContain('SQS did not delete')
})

it('hands back what it holds when it is stopped', async () => {
  const queue = await aQueue()
  const { stop } = poll(queue, {
    take: () => Promise.reject(Object.assign(new Error('connect'), { syscall: 'connect' })),
  })
  queue.send([event(1)])
  await until(() => expect(queue.left().inFlight).toHaveLength(1))
  await stop()
  expect(queue.left()).toMatchObject({ waiting: [event(1)], inFlight: [] })
})

it('opens more lanes while the queue is long, and goes back to one', async () => {
  const queue = await aQueue()
  queue.send(Array.from({ length: 400 }, (_, n) => event(n)))
  let now = 0
  let most = 0
  poll(queue, {
    async take(deliveries) {
      most = Math.max(most, ++now)
      await wait(50)
      now--
      return everything(deliveries)
    },
  })
  await until(() => expect(queue.counts.removed).toBe(400))
  expect(most).toBeGreaterThan(5)
  expect(most).toBeLessThanOrEqual(10)
})

it('goes on after a failure of SQS', async () => {
  const queue = await aQueue()
  const client = queue.client()
  let failures = 3
  const { problems } = poll(queue, {
    queue: {
      ...client,
      receive: (max, signal) => (failures-- > 0 ? Promise.reject(new Error('throttled')) : client.receive(max, signal)),
    },
  })
  queue.send([event(1)])
  await until(() => expect(queue.counts.removed).toBe(1))
  expect(problems.map(String)).toEqual(Array(3).fill('Error: throttled'))
})

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a).localeCompare(JSON.stringify(b))
}
