import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { type Game, newGame } from './players.ts'
import { heading, openList, panel, sayWhy, tab, ticketLink, ticketRow } from './screen.ts'

test.describe('a ticket in every status', () => {
  let own: OwnMatchdesk
  test.beforeAll(async ({ browser }) => {
    own = await ownMatchdesk(browser, 'status', { ENGINE_TICK_MS: '100', ENGINE_PLACEMENT_DELAY_MS: '0' })
  })
  test.afterAll(() => own?.end())

  /** Two players who are matched with each other. */
  async function duel(game: Game, name: string): Promise<string> {
    await game.start(game.id(`${name}-blue`), game.id(`${name}-bo`))
    return game.start(game.id(name), game.id(`${name}-ana`))
  }

  test('is on its tab, counted, and told in words', async () => {
    const plain = await newGame(own.gamelift, 'plain', { queue: true })
    const asking = await newGame(own.gamelift, 'asking', { queue: true, acceptanceSeconds: 600 })
    const short = await newGame(own.gamelift, 'short', { requestTimeoutSeconds: 1 })

    await own.setOptions({ placement: { outcome: 'fail' } })
    const failed = await duel(plain, 'failed')
    await plain.until('FAILED', failed)
    await own.setOptions({ placement: { outcome: 'fulfil' } })
    const completed = await duel(plain, 'completed')
    await plain.until('COMPLETED', completed)
    await own.setOptions({ placement: { delayMs: 600_000 } })
    const placing = await duel(plain, 'placing')
    await plain.until('PLACING', placing)
    const proposed = await duel(asking, 'proposed')
    await asking.until('REQUIRES_ACCEPTANCE', proposed)
    const timedOut = await short.start(short.id('timed-out'), short.id('ana'))
    await short.until('TIMED_OUT', timedOut)
    const cancelled = await plain.start(plain.id('cancelled'), plain.id('kim'))
    await plain.until('SEARCHING', cancelled)
    await plain.stop(cancelled)
    const searching = await plain.start(plain.id('searching'), plain.id('sam'))
    await plain.until('SEARCHING', searching)

    const page = await own.context.newPage()
    for (const { game, status, name, ticketId, count } of [
      { game: plain, status: 'FAILED', name: 'Failed', ticketId: failed, count: 2 },
      { game: plain, status: 'COMPLETED', name: 'Completed', ticketId: completed, count: 2 },
      { game: plain, status: 'PLACING', name: 'Placing', ticketId: placing, count: 2 },
      { game: asking, status: 'REQUIRES_ACCEPTANCE', name: 'Needs acceptance', ticketId: proposed, count: 2 },
      { game: short, status: 'TIMED_OUT', name: 'Timed out', ticketId: timedOut, count: 1 },
      { game: plain, status: 'CANCELLED', name: 'Cancelled', ticketId: cancelled, count: 1 },
      { game: plain, status: 'SEARCHING', name: 'Searching', ticketId: searching, count: 1 },
    ]) {
      await openList(page, game.configuration, status)
      await expect(ticketRow(page, ticketId)).toContainText(name)
      await expect(tab(page, name)).toHaveText(`${name}${count}`)
      await expect(tab(page, name)).toHaveAttribute('aria-current', 'page')
      await expect(page.getByRole('row')).toHaveCount(count + 1)
    }
    // No event tells of a ticket before it searches. One that was started from here is asked about.
    await own.setOptions({ tickMs: 600_000 })
    const arn = String((await plain.describe(completed)).GameSessionConnectionInfo?.GameSessionArn)
    await page.goto(`/local/sessions/${encodeURIComponent(arn)}`)
    await page.getByRole('button', { name: 'Start backfill' }).click()
    await sayWhy(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Start backfill' }).click()
    await expect(panel(page, 'Open backfill tickets').getByRole('listitem')).toContainText('Queued')
    await openList(page, plain.configuration, 'QUEUED')
    await expect(tab(page, 'Queued')).toHaveText('Queued1')
    await expect(page.getByRole('row').nth(1)).toContainText('Backfill')
    await page.close()
  })

  test('is counted on the overview too, and each number leads to its list', async () => {
    const page = await own.context.newPage()
    await page.goto('/local')
    await expect(heading(page)).toHaveText('Overview')
    const tiles = page.getByRole('region', { name: 'Tickets by status' })
    await expect(tiles.getByRole('link', { name: /^Failed/ })).toHaveText('Failed2')
    await tiles.getByRole('link', { name: /^Timed out/ }).click()
    await expect(page).toHaveURL(/\/local\/tickets\?tab=TIMED_OUT$/)
    await expect(page.getByRole('row')).toHaveCount(2)
    await page.close()
  })
})

test('an address holds the whole state of the list: reload, back, and a new tab restore it', async ({
  page,
  context,
  gamelift,
}) => {
  const game = await newGame(gamelift, 'link')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  await game.until('SEARCHING', ticketId)
  await page.goto('/local/tickets')
  await page.getByRole('combobox', { name: 'Configuration' }).selectOption(game.configuration)
  await expect(page).toHaveURL(new RegExp(`configuration=${game.configuration}`))
  await page.getByRole('combobox', { name: 'Kind' }).selectOption('New match')
  await expect(page).toHaveURL(/kind=new/)
  await page.getByRole('combobox', { name: 'Order' }).selectOption('Oldest first')
  await expect(page).toHaveURL(/order=oldest/)
  await tab(page, 'Searching').click()
  await expect(page).toHaveURL(/tab=SEARCHING/)

  const other = await context.newPage()
  await other.goto(page.url())
  await page.reload()
  for (const each of [page, other]) {
    await expect(each.getByRole('combobox', { name: 'Configuration' })).toHaveValue(game.configuration)
    await expect(each.getByRole('combobox', { name: 'Kind' })).toHaveValue('new')
    await expect(each.getByRole('combobox', { name: 'Order' })).toHaveValue('oldest')
    await expect(tab(each, 'Searching')).toHaveAttribute('aria-current', 'page')
    await expect(ticketLink(each, ticketId)).toBeVisible()
    await expect(each.getByRole('columnheader', { name: 'Started' })).toHaveAttribute('aria-sort', 'ascending')
  }
  await page.goBack()
  await expect(page).not.toHaveURL(/tab=SEARCHING/)
  await expect(tab(page, 'Open')).toHaveAttribute('aria-current', 'page')
  await expect(page.getByRole('combobox', { name: 'Order' })).toHaveValue('oldest')
})

test('an address that names nothing says what it did not find', async ({ page }) => {
  const arn = 'arn:aws:gamelift:us-east-1::gamesession/fleet-nowhere/nobody'
  for (const [address, words] of [
    ['/nowhere', 'There is no environment called nowhere'],
    ['/nowhere/tickets', 'There is no environment called nowhere'],
    ['/local/tickets/no-such-ticket', 'No ticket no-such-ticket in local'],
    ['/local/matches/no-such-match', 'No match no-such-match in local'],
    [`/local/sessions/${encodeURIComponent(arn)}`, `No game session ${arn} in local`],
    ['/local/elsewhere', 'There is no such page'],
    ['/local/tickets/%00', 'No ticket'],
  ] as const) {
    await page.goto(address)
    await expect(heading(page), address).toContainText(words)
    await expect(page.getByRole('main').getByRole('link')).toHaveCount(1) // the way on
  }
})
