import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { openTicket } from './screen.ts'

test('a dialog that cannot be fetched says so, and the click is not lost when it can', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'late')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  await game.until('SEARCHING', ticketId)
  // Nothing is fetched before it is wanted, as in a browser that is never idle.
  await page.addInitScript(() => {
    window.requestIdleCallback = () => 0
  })
  await openTicket(page, ticketId)
  await expect(page.getByText(/^Live/)).toBeVisible()
  let away = true
  await page.route(/_next\/static\/chunks/, (route) => (away ? route.abort() : route.continue()))
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  const told = page.getByRole('alert').filter({ hasText: 'This part of the page could not be loaded.' })
  await expect(told).toBeVisible()
  away = false
  await told.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('dialog').getByRole('textbox', { name: 'Reason' })).toBeFocused()
  await expect(told).toBeHidden()
})
