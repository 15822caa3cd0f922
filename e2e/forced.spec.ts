import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, openTicket, panel } from './screen.ts'

test('an outcome that was forced in the lab says so on the timeline of the ticket, and nothing else does', async ({
  page,
  gamelift,
}) => {
  const game = await newGame(gamelift, 'forced')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  await openTicket(page, ticketId)
  await expect(heading(page)).toContainText('Searching')
  const steps = panel(page, 'Timeline').getByRole('listitem')
  await expect(steps.filter({ hasText: 'Searching' })).toBeVisible()

  const forced = await fetch(`${process.env.E2E_ENGINE_URL}/lab/force/ticket-timeout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticketId }),
  })
  expect(forced.status).toBe(200)
  await expect(heading(page)).toContainText('Timed out')
  const end = steps.filter({ hasText: 'Timed out' })
  await expect(end).toContainText('forced in the engine’s lab')
  await expect(end.getByText('forced', { exact: false }).first()).toBeVisible()
  await expect(steps.filter({ hasText: 'forced' })).toHaveCount(1)
})
