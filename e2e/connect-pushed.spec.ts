/** The channels that come to Matchdesk by themselves, each connected until its first event. */
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import type { Page } from '@playwright/test'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { newGame } from './players.ts'
import { heading, sayWhy } from './screen.ts'

let aws: FakeAws
let own: OwnMatchdesk
test.beforeAll(async ({ browser }) => {
  aws = await startFakeAws()
  own = await ownMatchdesk(browser, 'connect-pushed', aws.env)
})
test.afterAll(async () => {
  await own?.end()
  await aws?.stop()
})

const step = (page: Page, text: string) =>
  page.getByRole('list', { name: 'Steps' }).getByRole('listitem').filter({ hasText: text })

/** An environment of the account, up to where its channel is chosen. */
async function begin(page: Page, name: string): Promise<void> {
  await page.goto('/environments/connect')
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Region').fill(aws.region)
  await page.getByLabel('Account', { exact: true }).fill(aws.accountId)
}
async function save(page: Page, name: string): Promise<void> {
  await page.getByLabel('Reason').fill('pushed events')
  await page.getByLabel(`Type ${name} to confirm`).fill(name)
  await page.getByRole('button', { name: 'Add environment' }).click()
  await expect(heading(page)).toHaveText(`Edit ${name}`)
}
async function startTicket(name: string): Promise<string> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const gamelift = new GameLiftClient({ endpoint: aws.engine.endpoint, region: aws.region, credentials })
  const game = await newGame(gamelift, name)
  const ticketId = await game.start(game.id('one'), game.id('ana'))
  gamelift.destroy()
  return ticketId
}
async function arrives(page: Page, first: string, name: string, ticketId: string): Promise<void> {
  await expect(step(page, first)).toContainText('Done', { timeout: 30_000 })
  await expect(step(page, 'A ticket is known')).toContainText('Done')
  await page.goto(`/${name}/tickets/${ticketId}`)
  await expect(heading(page)).toContainText(ticketId)
}

test('a topic of SNS is subscribed while somebody waits for it, and delivers its first event', async () => {
  const page = await own.context.newPage()
  await begin(page, 'topic')
  await page.getByLabel('A topic of SNS').check()
  await page.getByLabel('ARNs of topics').fill(aws.sns.topicArn)
  await save(page, 'topic')
  const subscribed = step(page, 'The subscription of matchmaking is confirmed')
  await expect(subscribed).toContainText('Waiting')
  const first = 'SNS has delivered a message'
  await expect(step(page, first)).toContainText('Waiting')

  const url = `${own.baseUrl}/api/ingest/topic/sns`
  const askToConfirm = async () => {
    const body = JSON.stringify(aws.sns.confirmation())
    const headers = { 'content-type': 'text/plain', 'x-amz-sns-message-type': 'SubscriptionConfirmation' }
    return (await fetch(url, { method: 'POST', headers, body })).status
  }
  expect(await askToConfirm()).toBe(403)
  await page.getByRole('button', { name: 'Wait for the subscription (15 min)' }).click()
  await sayWhy(page, 'topic')
  await page.keyboard.press('Enter')
  await expect(async () => expect(await askToConfirm()).toBe(200)).toPass({ timeout: 10_000 })
  await expect(subscribed).toContainText('Done')
  expect(aws.sns.confirmed).toHaveLength(1)
  expect(aws.sns.subscribeUrlFetched).toBe(0)

  aws.deliverTo({ sns: { url } })
  await arrives(page, first, 'topic', await startTicket('topic'))
  await page.close()
})

test('a rule of EventBridge is given its secret, and delivers its first event', async () => {
  const page = await own.context.newPage()
  await begin(page, 'rule')
  await page.getByLabel('A rule of EventBridge').check()
  await save(page, 'rule')
  await expect(step(page, 'EventBridge has a secret')).toContainText('Waiting')
  const first = 'EventBridge has delivered an event'
  await expect(step(page, first)).toContainText('Waiting')

  await page.getByRole('button', { name: 'Make a secret for EventBridge' }).click()
  await sayWhy(page, 'rule')
  await page.keyboard.press('Enter')
  const shown = page.getByRole('region', { name: 'secret for EventBridge', exact: true })
  const secret = String(await shown.textContent()).trim()
  await expect(step(page, 'EventBridge has a secret')).toContainText('Done')

  aws.deliverTo({ eventbridge: { url: `${own.baseUrl}/api/ingest/rule/eventbridge`, secret } })
  await arrives(page, first, 'rule', await startTicket('rule'))
  await page.close()
})

test('an address that breaks off in the middle of a character is told so, as a page and as a route', async () => {
  const page = await own.context.newPage()
  const answer = await page.goto('/local/tickets/%E0%A4%A')
  expect(answer?.status()).toBe(400)
  await expect(heading(page)).toHaveText('This address cannot be read')
  const route = await page.request.get('/api/local/tickets/%E0%A4%A')
  expect(route.status()).toBe(400)
  expect(await route.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } })
  // What is well encoded goes its way, whatever it holds.
  for (const id of ['100%', 'नमस्ते', 'a/b']) {
    await page.goto(`/local/tickets/${encodeURIComponent(id)}`)
    await expect(heading(page)).toContainText(id)
  }
  await page.close()
})
