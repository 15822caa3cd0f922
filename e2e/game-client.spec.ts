import { findAwsCli, runAwsCli } from '#lib/engine/conformance/cli-client.ts'
import { expect, test } from './fixtures.ts'
import { heading, openTicket, sayWhy, sentence, ticketRow } from './screen.ts'

const RULES = JSON.stringify({
  ruleLanguageVersion: '1.0',
  teams: [
    { name: 'red', minPlayers: 2, maxPlayers: 2 },
    { name: 'blue', minPlayers: 2, maxPlayers: 2 },
  ],
})

const cli = findAwsCli()

test('a game driven by the AWS CLI is on screen as it happens', async ({ page }) => {
  test.skip(cli === null, 'the AWS CLI is not installed')
  test.setTimeout(120_000)
  const mark = Date.now().toString(36)
  const name = `cli-${mark}`
  const [red, blue] = [`red-${mark}`, `blue-${mark}`]
  const aws = async (...args: string[]) => {
    const { code, stdout, stderr } = await runAwsCli(String(cli?.command), String(process.env.E2E_ENGINE_URL), args)
    expect(code, stderr).toBe(0)
    return stdout.trim() === '' ? {} : JSON.parse(stdout)
  }
  const statusOf = async (ticketId: string) =>
    (await aws('describe-matchmaking', '--ticket-ids', ticketId)).TicketList[0].Status

  await aws('create-matchmaking-rule-set', '--name', name, '--rule-set-body', RULES)
  const { GameSessionQueue } = await aws('create-game-session-queue', '--name', name)
  await aws(
    ...['create-matchmaking-configuration', '--name', name, '--rule-set-name', name],
    ...['--request-timeout-seconds', '600', '--acceptance-required', '--acceptance-timeout-seconds', '300'],
    ...['--game-session-queue-arns', GameSessionQueue.GameSessionQueueArn],
  )
  await page.goto(`/local/tickets?configuration=${name}`)
  await expect(page.getByText('No ticket matches the filter')).toBeVisible()
  const start = (ticketId: string, ...playerIds: string[]) =>
    aws(
      ...['start-matchmaking', '--configuration-name', name, '--ticket-id', ticketId],
      ...['--players', JSON.stringify(playerIds.map((PlayerId) => ({ PlayerId })))],
    )
  await start(red, `ana-${mark}`, `bo-${mark}`)
  await expect(ticketRow(page, red)).toContainText('Searching')
  await start(blue, `sam-${mark}`, `lee-${mark}`)
  for (const ticketId of [red, blue]) {
    await expect(ticketRow(page, ticketId)).toContainText('Needs acceptance')
    await expect(ticketRow(page, ticketId)).toContainText(/left/)
  }
  await aws(
    ...['accept-match', '--ticket-id', blue, '--acceptance-type', 'ACCEPT'],
    ...['--player-ids', `sam-${mark}`, `lee-${mark}`],
  )

  await openTicket(page, red)
  await page.getByRole('button', { name: `Reject for bo-${mark}` }).click()
  await sayWhy(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Reject the match' }).click()
  await expect(heading(page)).toContainText('Cancelled')
  await expect(sentence(page)).toContainText('rejected the proposed match')
  expect(await statusOf(red)).toBe('CANCELLED')
  expect(await statusOf(blue)).toBe('SEARCHING')

  await openTicket(page, blue)
  await expect(heading(page)).toContainText('Searching')
  await expect(page.getByText(/^Live/)).toBeVisible()
  await aws('stop-matchmaking', '--ticket-id', blue)
  await expect(heading(page)).toContainText('Cancelled', { timeout: 1_000 }) // the promise: a second from the answer
  await expect(sentence(page)).toContainText('Cancelled on request.')
})
