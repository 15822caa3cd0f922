import { GameLiftClient } from '@aws-sdk/client-gamelift'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { newGame } from './players.ts'
import { heading, panel } from './screen.ts'

const READER = 'arn:aws:iam::111122223333:role/matchdesk-read'
const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/111122223333/matchmaking'

let aws: FakeAws
let own: OwnMatchdesk
test.beforeAll(async ({ browser }) => {
  aws = await startFakeAws({ externalIds: { [READER]: 'desk' } })
  own = await ownMatchdesk(browser, 'connect', aws.env)
})
test.afterAll(async () => {
  await own?.end()
  await aws?.stop()
})

test('an account of AWS is connected from its refusals to its first event', async () => {
  test.setTimeout(120_000)
  const page = await own.context.newPage()
  await page.goto('/environments/connect')
  await page.getByLabel('Name', { exact: true }).fill('cloud')
  await page.getByLabel('Region').fill('eu-central-1')
  await page.getByLabel('Role to read').fill(READER)

  // The exact refusal, then the way out of it.
  await page.getByRole('button', { name: 'Run the checks' }).click()
  const checks = panel(page, 'Checks')
  await expect(checks.getByText(`Not authorized to perform sts:AssumeRole on ${READER}`).first()).toBeVisible()
  await page.getByLabel('External id').fill('desk')
  await page.getByLabel('A queue of SQS (recommended)').check()
  await page.getByLabel('Addresses of queues').fill(QUEUE)
  await page.getByRole('button', { name: 'Run them again' }).click()
  await expect(checks.getByText('All checks passed.')).toBeAttached({ timeout: 30_000 })
  await expect(page.getByLabel('Account', { exact: true })).toHaveValue('111122223333')
  await expect(checks.getByText('with a dead-letter queue')).toBeVisible()

  // What to create follows the choices; reading and acting are apart.
  const create = panel(page, 'What to create in the account')
  await create.getByText('Policy to read', { exact: true }).click()
  const readPolicy = create.getByRole('region', { name: 'policy to read' })
  await expect(readPolicy).toContainText('sqs:ReceiveMessage')
  await expect(readPolicy).not.toContainText('StopMatchmaking')
  await create.getByText('Policy to act', { exact: true }).click()
  await expect(create.getByRole('region', { name: 'policy to act' })).toContainText('gamelift:StopMatchmaking')
  await create.getByText('CloudFormation template', { exact: true }).click()
  const template = create.getByRole('region', { name: 'CloudFormation template' })
  await expect(template).toContainText('AWS::SQS::Queue')
  await expect(template).not.toContainText('AWS::SNS::Topic')
  await create.getByText('Commands of the AWS CLI', { exact: true }).click()
  await expect(create.getByRole('region', { name: 'command 1', exact: true })).toContainText(
    '--role-name matchdesk-read',
  )

  await page.getByLabel('Reason').fill('the cloud')
  await page.getByLabel('Type cloud to confirm').fill('cloud')
  await page.getByRole('button', { name: 'Add environment' }).click()
  await expect(heading(page)).toHaveText('Edit cloud')
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem')
  await expect(steps.filter({ hasText: 'A message has come from the queue' })).toContainText('Waiting')
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const gamelift = new GameLiftClient({ endpoint: aws.engine.endpoint, region: aws.region, credentials })
  const game = await newGame(gamelift, 'cloud')
  const ticketId = await game.start(game.id('one'), game.id('ana'))
  await expect(steps.filter({ hasText: 'A message has come from the queue' })).toContainText('Done', {
    timeout: 30_000,
  })
  await page.getByRole('link', { name: 'Look at its newest ticket' }).click()
  await expect(page).toHaveURL(new RegExp(`/cloud/tickets/${ticketId}$`))
  gamelift.destroy()
  await page.close()
})

test('an address inside the network is not asked', async () => {
  const page = await own.context.newPage()
  await page.goto('/environments/connect')
  await page.getByLabel('Name', { exact: true }).fill('inside')
  await page.getByLabel('Endpoint').fill('https://169.254.169.254')
  await page.getByRole('button', { name: 'Run the checks' }).click()
  const checks = panel(page, 'Checks')
  await expect(checks.getByText('where machines keep their own secrets')).toBeVisible()
  await expect(checks.getByText('DescribeMatchmaking')).toHaveCount(0)
  await page.close()
})
