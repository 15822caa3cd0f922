import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, panel } from './screen.ts'

test('the health page counts what comes in, and each number leads to its list', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'health')
  await game.start(game.id('one'), game.id('ana'))
  await page.goto('/local/health')
  await expect(heading(page)).toHaveText('Health')
  const channel = page.getByRole('row').filter({ hasText: 'Webhook' })
  const received = () => channel.getByRole('cell').first().textContent().then(Number)
  await expect.poll(received).toBeGreaterThan(0)
  const before = await received()
  await game.start(game.id('two'), game.id('bo'))
  await expect.poll(received).toBeGreaterThan(before)

  await page.getByRole('link', { name: 'Last 24 hours' }).click()
  await expect(page).toHaveURL(/window=24h/)
  await expect(channel).toBeVisible()
  await expect(panel(page, 'Questions to GameLift')).toContainText('yes')
  await panel(page, 'In doubt').getByRole('link').first().click()
  await expect(heading(page)).toHaveText('Tickets')
})
