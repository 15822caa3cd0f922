import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { type FakeSts, startFakeSts } from '#lib/testing/aws/sts.ts'
import { openQueue } from './open-queue.ts'
import { startTestQueue, type TestQueue } from './testing/test-queue.ts'

const ROLE = 'arn:aws:iam::111122223333:role/matchdesk-read'
let queue: TestQueue
let sts: FakeSts

beforeAll(async () => {
  queue = await startTestQueue()
  sts = await startFakeSts({
    accountId: '111122223333',
    externalIds: { [ROLE]: 'from-matchdesk' },
    isDown: () => false,
  })
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', queue.endpoint)
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'OWNKEY')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-key-of-nobody')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await queue?.stop()
  await sts?.close()
})
beforeEach(() => {
  queue.signedWith.clear()
  sts.assumed.length = 0
})

async function look(given: Parameters<typeof anEnvironment>[0]): Promise<void> {
  const opened = openQueue(anEnvironment({ kind: 'aws', region: 'eu-central-1', ...given }), queue.queueUrl)
  try {
    await opened.depth()
    await opened.depth()
  } finally {
    opened.close()
  }
}

it('reads a queue as whoever runs Matchdesk, where no role is named', async () => {
  await look({})
  expect([...queue.signedWith]).toEqual(['OWNKEY'])
  expect(sts.assumed).toEqual([])
})

it('reads a queue in the role for reading, asked for once', async () => {
  await look({ credentials: { readRoleArn: ROLE, externalId: 'from-matchdesk' } })
  expect(sts.assumed).toMatchObject([{ roleArn: ROLE, externalId: 'from-matchdesk' }])
  expect([...queue.signedWith]).toEqual([sts.assumed[0]?.accessKeyId])
})

it('says so when the role is refused, and asks the queue nothing', async () => {
  await expect(look({ credentials: { readRoleArn: ROLE, externalId: 'wrong' } })).rejects.toThrow(/Not authorized/)
  expect([...queue.signedWith]).toEqual([])
})

it('shows no real key to what stands in for SQS beside our own engine', async () => {
  await look({ kind: 'local' })
  expect([...queue.signedWith]).toEqual(['local'])
})
