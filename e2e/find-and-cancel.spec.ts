import { deliverSearching } from './events.ts'
import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, openList, openTicket, sayWhy, sentence, tab, ticketLink, ticketRow } from './screen.ts'

test.describe('finding a ticket', () => {
  test('by its tab, by filter and by the id typed into the search box', async ({ page, gamelift }) => {
    const game = await newGame(gamelift, 'find')
    const [first, second] = [game.id('first'), game.id('second')]
    await game.start(first, game.id('ana'))
    await game.until('SEARCHING', first)
    await openList(page, game.configuration, 'SEARCHING')
    await expect(ticketRow(page, first)).toContainText('Searching')
    await expect(ticketRow(page, first)).toContainText(game.id('ana'))
    await expect(tab(page, 'Searching')).toHaveText('Searching1')

    await tab(page, 'Cancelled').click()
    await expect(page.getByText('No ticket matches the filter')).toBeVisible()
    await tab(page, 'Open').click()
    await expect(ticketRow(page, first)).toBeVisible()

    await game.stop(first)
    await game.start(second, game.id('bo'))
    await tab(page, 'All').click()
    await expect(tab(page, 'All')).toHaveAttribute('aria-current', 'page')
    await page.getByRole('textbox', { name: 'Player id' }).fill(game.id('bo'))
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(new RegExp(`playerId=${game.id('bo')}`))
    await expect(ticketRow(page, second)).toBeVisible()
    await expect(ticketRow(page, first)).toBeHidden()
    await expect(tab(page, 'All')).toHaveText('All') // the counters cannot narrow by player: no number rather than a wrong one
    await page.getByRole('button', { name: 'Clear' }).click()
    await expect(tab(page, 'All')).toHaveText(/^All\d+$/)
    await page.getByRole('textbox', { name: 'Ticket id starts with' }).fill(first.slice(0, -1))
    await page.keyboard.press('Enter')
    await expect(ticketRow(page, first)).toBeVisible()
    await expect(ticketRow(page, second)).toBeHidden()
  })

  test('choices made faster than the lists come are all kept', async ({ page, gamelift }) => {
    const game = await newGame(gamelift, 'fast')
    const ticketId = await game.start(game.id('ticket'), game.id('ana'))
    await openTicket(page, ticketId)
    await page.goto('/local/tickets')
    const configuration = page.getByRole('combobox', { name: 'Configuration' })
    await expect(configuration.getByRole('option', { name: game.configuration })).toBeAttached()
    const slow = Promise.withResolvers<void>()
    await page.route(/\/local\/tickets\?.*_rsc=/, async (route) => {
      await slow.promise
      await route.continue()
    })
    await configuration.selectOption(game.configuration)
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('New match')
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Oldest first')
    await expect(configuration).toHaveValue(game.configuration)
    slow.resolve()
    await expect(page).toHaveURL(new RegExp(`configuration=${game.configuration}&kind=new&order=oldest`))
    await expect(page.getByRole('row')).toHaveCount(2)
    await expect(ticketLink(page, ticketId)).toBeVisible()
  })

  test('pasting a ticket, player, match or session id leads to it, an unknown id gets an exact answer', async ({
    page,
    gamelift,
  }) => {
    const game = await newGame(gamelift, 'paste', { queue: true })
    const [red, blue] = [game.id('red'), game.id('blue')]
    await game.start(red, game.id('ana'))
    await game.start(blue, game.id('bo'))
    const [done] = await game.until('COMPLETED', red, blue)
    const sessionArn = String(done?.GameSessionConnectionInfo?.GameSessionArn)
    await openTicket(page, red)
    const matchId = String(
      (
        await page
          .getByRole('link', { name: /^Match / })
          .first()
          .getAttribute('href')
      )
        ?.split('/')
        .at(-1),
    )

    const find = async (id: string) => {
      await page.getByRole('combobox', { name: 'Find by id' }).fill(id)
      await page.keyboard.press('Enter')
    }
    await find(`  ${blue} `)
    await expect(heading(page)).toContainText(blue)
    await find(matchId)
    await expect(heading(page)).toContainText('Match')
    await expect(page).toHaveURL(new RegExp(`/local/matches/${matchId}$`))
    await find(sessionArn)
    await expect(heading(page)).toContainText('Game session')
    await expect(page.getByText(sessionArn)).toBeVisible()
    await find(game.id('ana'))
    await expect(ticketLink(page, red)).toBeVisible()
    await expect(ticketLink(page, blue)).toBeHidden()
    const nobody = game.id('nobody')
    await find(nobody)
    await expect(page.getByText(`No ticket, player, match or game session of local is called ${nobody}.`)).toBeVisible()
  })
})

test.describe('cancelling a ticket', () => {
  test('says what it does, can be left, and ends in CANCELLED with its cause', async ({ page, gamelift }) => {
    const game = await newGame(gamelift, 'cancel')
    const ticketId = await game.start(game.id('ticket'), game.id('ana'))
    await openList(page, game.configuration, 'open')
    await ticketLink(page, ticketId).click()
    await expect(heading(page)).toContainText('Searching')

    const button = page.getByRole('button', { name: 'Cancel ticket' })
    const dialog = page.getByRole('dialog', { name: `Cancel ticket ${ticketId}` })
    await button.click()
    await expect(dialog).toContainText('local')
    await expect(dialog).toContainText('Open') // how far the environment is protected
    await expect(dialog).toContainText('Its player stops searching.')
    await expect(dialog).toContainText('This cannot be undone.')
    await expect(dialog.getByRole('textbox', { name: 'Reason' })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(button).toBeFocused()
    await expect(heading(page)).toContainText('Searching')

    await button.click()
    await sayWhy(page)
    await dialog.getByRole('button', { name: 'Cancel ticket' }).click()
    await expect(heading(page)).toContainText('Cancelled')
    await expect(sentence(page)).toContainText('Cancelled on request.')
    await expect(page.getByText('Cancel requested by', { exact: false })).toBeVisible() // in the timeline
    await expect(dialog).toBeHidden()
    expect((await game.describe(ticketId)).Status).toBe('CANCELLED')
  })

  test('sends once, however often the button is pressed', async ({ page, gamelift, db }) => {
    const game = await newGame(gamelift, 'twice')
    const ticketId = await game.start(game.id('ticket'), game.id('ana'))
    await openTicket(page, ticketId)
    const sent: string[] = []
    page.on('request', (request) => request.headers()['next-action'] && sent.push(request.url()))
    await page.getByRole('button', { name: 'Cancel ticket' }).click()
    await sayWhy(page)
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Cancel ticket' })
    // In one go, so that nothing the first press leads to can come between.
    await confirm.evaluate((element: HTMLElement) => {
      for (let times = 0; times < 3; times++) element.click()
    })
    await expect(heading(page)).toContainText('Cancelled')
    expect(sent).toHaveLength(1)
    const { rows } = await db.query(`select outcome from audit where action = 'ticket.cancel' and target = $1`, [
      ticketId,
    ])
    expect(rows).toEqual([{ outcome: 'done' }])
  })

  test('a ticket that ends while one asks leaves nothing to confirm', async ({ page, gamelift }) => {
    const game = await newGame(gamelift, 'ended')
    const ticketId = await game.start(game.id('ticket'), game.id('ana'))
    await openTicket(page, ticketId)
    await page.getByRole('button', { name: 'Cancel ticket' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toBeVisible()
    await game.stop(ticketId)
    await expect(dialog).toContainText('The ticket has ended: it is cancelled.')
    await expect(dialog.getByRole('button', { name: 'Cancel ticket' })).toHaveCount(0)
    await expect(dialog.getByText('Close', { exact: true })).toBeFocused()
    await page.keyboard.press('Escape')
    const button = page.getByRole('button', { name: 'Cancel ticket' })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAccessibleDescription('The ticket has ended: it is cancelled.')
  })

  test('a ticket that GameLift no longer knows has words of its own', async ({ page, gamelift }) => {
    const game = await newGame(gamelift, 'gone')
    const ticketId = game.id('vanished')
    await deliverSearching({
      ticketId,
      configuration: game.configuration,
      startedAt: new Date(),
      playerIds: [game.id('ana')],
    })
    await openTicket(page, ticketId)
    await page.getByRole('button', { name: 'Cancel ticket' }).click()
    const dialog = page.getByRole('dialog')
    await sayWhy(page)
    await dialog.getByRole('button', { name: 'Cancel ticket' }).click()
    await expect(dialog.getByRole('alert')).toContainText(`GameLift no longer knows ${ticketId}.`)
    await expect(heading(page)).not.toContainText('Cancelled')
  })
})
