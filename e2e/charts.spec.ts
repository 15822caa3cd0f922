import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, panel } from './screen.ts'

test('the overview shows how matching goes, for an hour and for a day, to look at and to read', async ({
  page,
  gamelift,
}) => {
  const game = await newGame(gamelift, 'charts')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  await game.until('SEARCHING', ticketId)
  await game.stop(ticketId)
  await game.until('CANCELLED', ticketId)
  const other = await newGame(gamelift, 'uncharted') // the charts can be narrowed once there are two
  await other.start(other.id('ticket'), other.id('bo'))
  await page.goto('/local')
  await expect(heading(page)).toHaveText('Overview')
  const matching = panel(page, 'Matching')
  await matching.getByRole('combobox', { name: 'Configuration of the charts' }).selectOption(game.configuration)
  await expect(matching.getByText('In the last hour: 0 matched, 1 cancelled, 0 timed out, 0 failed.')).toBeAttached({
    timeout: 15_000,
  })
  const height = (await matching.boundingBox())?.height
  await matching.getByRole('button', { name: 'Last 24 hours' }).click()
  await expect(
    matching.getByText('In the last 24 hours: 0 matched, 1 cancelled, 0 timed out, 0 failed.'),
  ).toBeAttached()
  expect((await matching.boundingBox())?.height).toBe(height)

  await matching.getByText('Show the figures as a table').click()
  const rows = matching.getByRole('table').getByRole('row')
  await expect(rows).toHaveCount(1 + 96)
  await expect(rows.nth(1).or(rows.nth(2)).filter({ hasText: '1' }).first()).toBeVisible()
})
