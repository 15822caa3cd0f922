import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { newGame } from './players.ts'
import { heading, openList, openTicket, sayWhy, sentence, ticketLink, ticketRow } from './screen.ts'

let own: OwnMatchdesk
test.beforeAll(async ({ browser }) => {
  own = await ownMatchdesk(browser, 'too-late', { ENGINE_PLACEMENT_DELAY_MS: '600000', ENGINE_TICK_MS: '100' })
})
test.afterAll(() => own?.end())

test('a ticket that is being placed cannot be cancelled, and the page says so before anybody tries', async () => {
  const game = await newGame(own.gamelift, 'placing', { queue: true })
  const ticketId = await game.start(game.id('red'), game.id('ana'))
  await game.start(game.id('blue'), game.id('bo'))
  await game.until('PLACING', ticketId)
  const page = await own.context.newPage()
  await openTicket(page, ticketId)
  await expect(heading(page)).toContainText('Placing')
  await expect(sentence(page)).toContainText(
    'the match is being placed in a game session. It can no longer be cancelled.',
  )
  const button = page.getByRole('button', { name: 'Cancel ticket' })
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await expect(button).toHaveAccessibleDescription(
    `Too late to cancel: ${ticketId} is being placed in a game session. Once the session is up, your game server can remove its players, or the session can be ended (aws gamelift terminate-game-session).`,
  )
  await button.click({ force: true })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.close()
})

test('a ticket that gets placed while one asks is "too late", and is not shown as cancelled', async () => {
  const game = await newGame(own.gamelift, 'overtaken', { queue: true })
  const ticketId = await game.start(game.id('red'), game.id('ana'))
  const page = await own.context.newPage()
  await openTicket(page, ticketId)
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  const dialog = page.getByRole('dialog')
  const news = await own.holdNews()
  await game.start(game.id('blue'), game.id('bo'))
  await game.until('PLACING', ticketId)
  await sayWhy(page)
  await dialog.getByRole('button', { name: 'Cancel ticket' }).click()
  const problem = dialog.getByRole('alert')
  await expect(problem).toContainText(`Too late to cancel: ${ticketId} is being placed in a game session.`)
  await expect(problem).toContainText('terminate-game-session')
  await news.letThrough()
  await expect(dialog.getByRole('button', { name: 'Cancel ticket' })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(heading(page)).toContainText('Placing')
  await expect(page.getByText('Cancel requested …')).toHaveCount(0)
  await expect(page.getByText(/Refused: Too late/)).toBeVisible() // the timeline keeps who tried
  await page.close()
})

test('a ticket that has ended, which the page has not heard yet, is told apart from one that was cancelled', async () => {
  const game = await newGame(own.gamelift, 'ended')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  const page = await own.context.newPage()
  await openTicket(page, ticketId)
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  const news = await own.holdNews()
  await game.stop(ticketId)
  const dialog = page.getByRole('dialog')
  await sayWhy(page)
  await dialog.getByRole('button', { name: 'Cancel ticket' }).click()
  await expect(dialog.getByRole('alert')).toContainText(
    `Ticket ${ticketId} is already CANCELLED; there is nothing left to cancel.`,
  )
  await expect(dialog.getByRole('alert')).toContainText('Nothing was changed')
  await news.letThrough()
  await expect(heading(page)).toContainText('Cancelled')
  await page.close()
})

test('an accepted cancel is "requested" until GameLift has said that it happened', async () => {
  const game = await newGame(own.gamelift, 'requested')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  const page = await own.context.newPage()
  await openTicket(page, ticketId)
  await expect(heading(page)).toContainText('Searching')
  const news = await own.holdNews()
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  await sayWhy(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel ticket' }).click()
  await expect(heading(page)).toContainText('Cancel requested')
  await expect(heading(page)).toContainText('Searching')
  await expect(page.getByRole('button', { name: 'Cancel requested' })).toHaveAttribute('aria-disabled', 'true')
  expect((await game.describe(ticketId)).Status).toBe('CANCELLED') // GameLift did it; nobody has heard yet
  const list = await own.context.newPage()
  await openList(list, game.configuration, 'open')
  await expect(ticketRow(list, ticketId)).toContainText('SearchingCancel requested …')

  await news.letThrough()
  await expect(heading(page)).toContainText('Cancelled')
  await expect(heading(page)).not.toContainText('requested')
  await expect(sentence(page)).toContainText('Cancelled on request.')
  await expect(ticketLink(list, ticketId)).toBeHidden()
  await list.close()
  await page.close()
})
