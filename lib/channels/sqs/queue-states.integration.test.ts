import { afterAll, beforeAll, expect, it } from 'vitest'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { sqsQueue } from './client.ts'
import { createQueueStates } from './queue-states.ts'
import { startTestQueue, type TestQueue } from './testing/test-queue.ts'

let queue: TestQueue
beforeAll(async () => {
  queue = await startTestQueue(3)
})
afterAll(() => queue?.stop())

const withQueues = (queueUrls: string[], revision = 1) =>
  anEnvironment({
    name: 'prod',
    revision,
    channels: { sns: { topicArns: [] }, sqs: queueUrls.map((queueUrl) => ({ queueUrl })), eventbridge: false },
  })

it('says how many messages wait and are in hand, and asks once for many who look', async () => {
  queue.send(['1', '2', '3'])
  const opened: string[] = []
  const states = createQueueStates((_, queueUrl) => {
    opened.push(queueUrl)
    return queue.client(30, queueUrl)
  })
  await queue.client().receive(1, AbortSignal.timeout(5_000))
  const environment = withQueues([queue.queueUrl])
  const [first, second] = await Promise.all([states(environment), states(environment)])
  expect(first).toEqual([
    {
      queueUrl: queue.queueUrl,
      name: 'events',
      waiting: 2,
      inHand: 1,
      hasDeadLetters: true,
      deadLetters: 0,
      problem: null,
    },
  ])
  expect(second[0]).toBe(first[0])
  expect(opened).toEqual([queue.queueUrl, queue.queueUrl.replace('/events', '/dead')])
  await states(withQueues([queue.queueUrl], 2))
  expect(opened).toHaveLength(4)
})

it('says of one queue why it cannot be looked at, and of the others how they stand', async () => {
  const missing = queue.queueUrl.replace('/events', '/no-such-queue')
  const unanswered = queue.queueUrl.replace('/events', '/unanswered')
  const states = createQueueStates((_, queueUrl) => {
    const client = queue.client()
    if (queueUrl === unanswered) return { ...client, depth: () => Promise.reject(new Error('connect ECONNREFUSED')) }
    if (queueUrl === missing) return sqsQueue({ queueUrl, region: 'eu-central-1', credentials: KEYS })
    return client
  })
  const found = await states(withQueues([missing, unanswered, queue.queueUrl]))
  expect(found.map(({ name, problem }) => [name, problem])).toEqual([
    ['no-such-queue', 'SQS knows no such queue.'],
    ['unanswered', 'SQS could not be asked: connect ECONNREFUSED'],
    ['events', null],
  ])
})

const KEYS = { accessKeyId: 'test', secretAccessKey: 'test' }
