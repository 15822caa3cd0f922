import { bodiesOf } from '#lib/channels/sqs/testing/many-events.ts'
import { startTestQueue, type TestQueue } from '#lib/channels/sqs/testing/test-queue.ts'
import { openPool } from '#lib/db/pool.ts'
import { saveEnvironment } from '#lib/environments/stored.ts'
import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { heading, panel, sayWhy, ticketLink } from './screen.ts'

let queue: TestQueue
let own: OwnMatchdesk
test.beforeAll(async ({ browser }) => {
  queue = await startTestQueue(3)
  own = await ownMatchdesk(browser, 'queue', {
    AWS_ENDPOINT_URL_SQS: queue.endpoint,
    AWS_ENDPOINT_URL_GAMELIFT: 'http://127.0.0.1:9', // nobody asks GameLift here
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
})
test.afterAll(async () => {
  await own?.end()
  await queue?.stop()
})

test('an environment with a queue shows what comes by it, and what of that cannot be used', async () => {
  const db = openPool(own.databaseUrl, { name: 'e2e', max: 1 })
  await saveEnvironment(
    db,
    {
      name: 'studio',
      label: 'Studio',
      colour: 'teal',
      region: 'eu-central-1',
      accountId: '111122223333',
      kind: 'aws',
      endpoint: null,
      protection: 'guarded',
      credentials: {},
      configurations: null,
      fleets: [],
      channels: { sns: { topicArns: [] }, sqs: [{ queueUrl: queue.queueUrl }], eventbridge: false },
      retentionDays: 30,
      callsPerSecond: 5,
    },
    { name: 'e2e' },
  )
  await db.end()
  const [ours = '', foreign = '', dead = ''] = bodiesOf('by-queue', 3)
  queue.send([ours, foreign.replace('111122223333', '999999999999')])
  queue.send([dead], 'dead')

  const page = await own.context.newPage()
  await expect(async () => {
    await page.goto('/studio/tickets?tab=all')
    await expect(ticketLink(page, 'by-queue-0')).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 20_000 })
  await expect(ticketLink(page, 'by-queue-1')).toHaveCount(0)

  await page.goto('/studio/set-aside')
  await expect(heading(page)).toHaveText('Set aside')
  await expect(page.getByText('The event is of account "999999999999"; studio is account 111122223333')).toBeVisible()
  await expect(panel(page, 'Queues')).toContainText('Empty but for 1 message in hand.')

  // What the queue had put away before anybody looked is taken on request, and deleted there.
  await expect(panel(page, 'Queues')).toContainText('About 1 message among its dead letters.')
  await page.getByRole('button', { name: 'Take dead letters' }).click()
  await sayWhy(page)
  await page.keyboard.press('Enter')
  await expect(panel(page, 'Queues')).toContainText('1 message taken.')
  expect(queue.left().dead).toEqual([])
  await page.goto('/studio/tickets?tab=all')
  await expect(ticketLink(page, 'by-queue-2')).toBeVisible()
  await page.close()
})
