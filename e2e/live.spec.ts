import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { newLine } from './line.ts'
import { newGame } from './players.ts'
import { heading, openList, openTicket, tab, ticketLink, ticketRow } from './screen.ts'

/** From GameLift's answer to the change on the screen. */
const ON_SCREEN_WITHIN_MS = 1_000

/** Set once, gone after a reload: what is on screen came by itself. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { neverReloaded: true }))
const neverReloaded = (page: Page) => page.evaluate(() => 'neverReloaded' in window)

/** Resolves with the epoch ms at which the page first shows the text, seen from inside the page. */
function shownAt(page: Page, selector: string, text: string): Promise<number> {
  return page.evaluate(
    ([selector, text]) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (!document.querySelector(selector)?.textContent?.includes(text)) return false
          resolve(Date.now())
          return true
        }
        if (look()) return
        const watch = new MutationObserver(() => look() && watch.disconnect())
        watch.observe(document.body, { subtree: true, childList: true, characterData: true })
      }),
    [selector, text] as const,
  )
}

test('a change made in GameLift is on two screens within a second', async ({ page, context, gamelift }) => {
  const game = await newGame(gamelift, 'live')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  await openTicket(page, ticketId)
  const list = await context.newPage()
  await openList(list, game.configuration)
  await expect(heading(page)).toContainText('Searching')
  await expect(ticketRow(list, ticketId)).toContainText('Searching')
  for (const each of [page, list]) {
    await expect(each.getByText(/^Live/)).toBeVisible()
    await mark(each)
  }

  const seen = Promise.all([shownAt(page, 'h1', 'Cancelled'), shownAt(list, 'tbody', 'Cancelled')])
  await game.stop(ticketId)
  const answeredAt = Date.now()
  for (const at of await seen) expect(at - answeredAt).toBeLessThan(ON_SCREEN_WITHIN_MS)
  await expect(tab(list, 'Cancelled')).toHaveText('Cancelled1')
  for (const each of [page, list]) expect(await neverReloaded(each)).toBe(true)
})

test('rows keep their places while somebody reads: what is new waits to be asked for', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'still')
  const first = await game.start(game.id('first'), game.id('ana'))
  const second = await game.start(game.id('second'), game.id('ana2'))
  await game.until('COMPLETED', first, second) // with each other: nothing of them changes any more
  await openList(page, game.configuration)
  await expect(page.getByRole('row')).toHaveCount(3)
  await ticketRow(page, first).hover()
  const place = await ticketRow(page, first).boundingBox()
  const third = await game.start(game.id('third'), game.id('bo'))
  await expect(page.getByRole('button', { name: '1 new' })).toBeVisible()
  await expect(tab(page, 'All')).toHaveText('All3')
  expect(await ticketRow(page, first).boundingBox()).toEqual(place)
  await expect(ticketLink(page, third)).toBeHidden()

  await page.getByRole('button', { name: '1 new' }).click()
  await expect(page.getByRole('row').nth(1)).toContainText(third)
  await expect(page.getByRole('button', { name: /new$/ })).toBeHidden()
})

test('losing the stream is said at once, and what was missed is read when it is back', async ({
  browser,
  baseURL,
  gamelift,
}) => {
  const game = await newGame(gamelift, 'lost')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  const line = await newLine()
  const context = await browser.newContext({ baseURL, proxy: { server: line.server } })
  const page = await context.newPage()
  await openTicket(page, ticketId)
  await expect(page.getByText(/^Live/)).toBeVisible()
  await expect(heading(page)).toContainText('Searching') // the line must not be cut before this has come through
  await mark(page)

  line.cut()
  await expect(page.getByText('Reconnecting')).toBeVisible()
  await expect(page.getByText(/^Stale since \d\d:\d\d:\d\d$/)).toBeVisible()
  await game.stop(ticketId)
  await expect(heading(page)).toContainText('Searching') // what was last known, under that word

  line.mend()
  await expect(page.getByText(/^Live/)).toBeVisible({ timeout: 15_000 })
  await expect(heading(page)).toContainText('Cancelled')
  expect(await neverReloaded(page)).toBe(true)
  await context.close()
  await line.close()
})
