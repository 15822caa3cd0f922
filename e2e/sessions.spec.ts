import { TerminateGameSessionCommand } from '@aws-sdk/client-gamelift'
import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { open, panel } from './screen.ts'

/** Fleets are read every 30 s; what a list no longer has is asked about after a minute. */
const READ_WITHIN_MS = 45_000

test('a game session shows how it stands as its fleet lists it, and that it is listed no more', async ({
  page,
  gamelift,
}) => {
  test.setTimeout(150_000)
  const game = await newGame(gamelift, 'stands', { queue: true })
  const [one] = [await game.start(game.id('one'), game.id('ana')), await game.start(game.id('two'), game.id('bo'))]
  const [ticket] = await game.until('COMPLETED', one)
  const arn = String(ticket?.GameSessionConnectionInfo?.GameSessionArn)
  const id = arn.slice(arn.lastIndexOf('/') + 1)

  await page.goto('/local/sessions')
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: new RegExp(id) }) })
  await expect(row).toContainText('ACTIVE', { timeout: READ_WITHIN_MS })
  await expect(row).toContainText('2 of 2')
  await expect(row).toContainText('its match and the list of fleet-')
  await open(page, `/local/sessions/${encodeURIComponent(arn)}`)
  await expect(panel(page, 'Facts')).toContainText('Last seen')

  await gamelift.send(new TerminateGameSessionCommand({ GameSessionId: arn, TerminationMode: 'FORCE_TERMINATE' }))
  await page.goto('/local/sessions')
  await expect(row).toContainText('was ACTIVE', { timeout: READ_WITHIN_MS })
  await expect(row).toContainText('lists it no more')
})
