import { openPool } from '#lib/db/pool.ts'
import { deliverSearching } from './events.ts'
import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { newGame } from './players.ts'
import { heading, openList, openTicket, panel, sentence, tab, ticketLink, ticketRow } from './screen.ts'

test.describe('a ticket that a newer one of its player ended', () => {
  test('names the player and the newer ticket, and leads there', async ({ page, gamelift }) => {
    test.setTimeout(90_000)
    const game = await newGame(gamelift, 'again', { teams: [{ name: 'crew', minPlayers: 4, maxPlayers: 4 }] })
    const bo = game.id('bo')
    const old = await game.start(game.id('old'), game.id('ana'), bo)
    await game.until('SEARCHING', old)
    const newer = await game.start(game.id('newer'), bo)
    await openTicket(page, old)
    await expect(sentence(page)).toContainText(
      `Cancelled because ${bo} queued again in ticket ${newer}; a player can be in one open ticket only.`,
      { timeout: 45_000 }, // what was asked about in that very moment is asked about again after 30 s of silence
    )
    const end = panel(page, 'Timeline').getByRole('listitem').filter({ hasText: 'Cancelled' })
    await expect(end).toContainText(`${bo} queued again in ticket ${newer}`)
    await expect(panel(page, 'Timeline').getByRole('listitem').filter({ hasText: 'Searching' })).toContainText(
      'came by Webhook',
    )

    await openList(page, game.configuration, 'CANCELLED')
    await expect(ticketRow(page, old)).toContainText(`${bo} queued again in ticket ${newer}`)
    await expect(page.getByText(/^Live/)).toBeVisible() // keys act from then on
    await page.keyboard.press('j')
    await expect(ticketLink(page, old)).toBeFocused()
    await ticketRow(page, old).getByText('Cancelled').click()
    await expect(heading(page)).toContainText(old)
    await sentence(page)
      .getByRole('link', { name: `Ticket ${newer}` })
      .click()
    await expect(heading(page)).toContainText(newer)
    await expect(heading(page)).toContainText('Searching')
  })
})

test.describe('a ticket past its request timeout', () => {
  let own: OwnMatchdesk
  test.beforeAll(async ({ browser }) => {
    own = await ownMatchdesk(browser, 'overdue')
  })
  test.afterAll(() => own?.end())

  test('is presumed over while GameLift is silent, found by that, and corrected when it speaks', async () => {
    test.setTimeout(150_000)
    const game = await newGame(own.gamelift, 'overdue', { requestTimeoutSeconds: 60 })
    const page = await own.context.newPage()
    // What was read of GameLift less than 5 s ago is not read again.
    await expect(async () => {
      await page.goto('/local/configurations')
      await expect(page.getByText(game.configuration).first()).toBeVisible({ timeout: 1_000 })
    }).toPass()
    await timeoutIsKept(own, game.configuration)
    const engine = own.childPid('engine')
    process.kill(engine, 'SIGSTOP')
    const ticketId = game.id('ticket')
    try {
      const startedAt = new Date(Date.now() - 600_000)
      const event = { ticketId, configuration: game.configuration, startedAt, playerIds: [game.id('ana')] }
      await deliverSearching(event, own)
      await openList(page, game.configuration, 'open')
      await expect(tab(page, 'Timed out')).toHaveText('Timed out1', { timeout: 45_000 })

      const presumed = page.getByRole('button', { name: 'Presumed' })
      await expect(presumed).toHaveAttribute('aria-pressed', 'false')
      await presumed.click()
      await expect(page).toHaveURL(/presumed=1/)
      await expect(presumed).toHaveAttribute('aria-pressed', 'true')
      await expect(page.getByText('Presumed: the status follows from what is known')).toBeVisible()
      await expect(page.getByText('No ticket matches the filter')).toBeVisible()
      await expect(tab(page, 'Open')).toHaveText('Open0')
      await tab(page, 'Timed out').click()
      await expect(tab(page, 'Timed out')).toHaveText('Timed out1')
      await expect(ticketRow(page, ticketId)).toContainText('presumed')
      await page.goto('/local')
      const attention = panel(page, 'Needs attention')
      await attention.getByRole('link', { name: '1 ticket presumed to have timed out' }).click()
      await expect(ticketRow(page, ticketId)).toBeVisible()
      await ticketLink(page, ticketId).click()
      await expect(sentence(page)).toContainText('Presumed to have timed out: its request timeout is long over')
      await expect(panel(page, 'Timeline')).toContainText('Timed out, presumably')
    } finally {
      process.kill(engine, 'SIGCONT')
    }
    // After calls without an answer one goes every 5 s; whoever asks between is told so.
    await expect(async () => {
      await page.getByRole('button', { name: 'Ask GameLift about this ticket now' }).click()
      await expect(heading(page)).toContainText('Gone', { timeout: 3_000 })
    }).toPass({ timeout: 40_000 })
    await openList(page, game.configuration, 'GONE')
    await expect(ticketRow(page, ticketId)).toBeVisible()
    await expect(page.getByText('Gone: GameLift no longer knows these tickets')).toBeVisible()
    await page.close()
  })
})

/** Before GameLift falls silent, whoever looks after overdue tickets must have heard how long they may last. */
async function timeoutIsKept({ databaseUrl }: OwnMatchdesk, configuration: string) {
  const db = openPool(databaseUrl, { name: 'e2e', max: 1 })
  const kept = async () =>
    (await db.query('select seconds from request_timeouts where configuration = $1', [configuration])).rows
  await expect.poll(kept, { timeout: 45_000 }).toEqual([{ seconds: 60 }])
  await db.end()
}
