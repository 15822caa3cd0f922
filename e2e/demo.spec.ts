import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { heading, tab } from './screen.ts'

let own: OwnMatchdesk
test.beforeAll(async ({ browser }) => {
  own = await ownMatchdesk(browser, 'demo', { MATCHDESK_DEMO: '1', ENGINE_TICK_MS: '200' })
})
test.afterAll(() => own?.end())

/** In the opening seconds of the demo several players come every second, later one every four or so. */
const WATCH_MS = 8_000

/** How many tickets players have started, as the tab says. */
async function started(page: Page): Promise<number> {
  return Number((await tab(page, 'All').innerText()).replace(/\D/g, ''))
}

/** Whether the number moves within this time. */
async function moves(page: Page, withinMs: number): Promise<boolean> {
  const before = await tab(page, 'All').innerText()
  return expect(tab(page, 'All'))
    .not.toHaveText(before, { useInnerText: true, timeout: withinMs })
    .then(
      () => true,
      () => false,
    )
}

test('a newcomer finds life, can pause it, and have it back', async () => {
  const page = await own.context.newPage()
  await page.goto('/local/tickets?tab=all&kind=new')
  await expect.poll(() => started(page)).toBeGreaterThan(2)
  const traffic = page.getByRole('switch', { name: 'Demo traffic' })
  await expect(traffic).toBeChecked()
  const side = page.getByRole('complementary', { name: 'Side' })
  await expect(side).toContainText('Virtual players come and go.')

  await traffic.click()
  await expect(traffic).not.toBeChecked()
  await expect(side).toContainText('Paused: no new virtual players.')
  await expect.poll(() => moves(page, 1_000)).toBe(false) // who was on the way has arrived
  const whenPaused = await started(page)
  await page.waitForTimeout(WATCH_MS)
  // Backfill goes on, and a backfill ticket counts as one of a player until it has been described.
  await expect.poll(() => started(page)).toBeLessThanOrEqual(whenPaused)

  await page.reload()
  await expect(side).toContainText('Paused: no new virtual players.') // for everyone, not for one page
  await traffic.click()
  await expect(traffic).toBeChecked()
  await expect.poll(() => started(page), { timeout: 20_000 }).toBeGreaterThan(whenPaused)

  await page.goto('/local')
  await expect(heading(page)).toHaveText('Overview')
  for (const configuration of ['ranked-5v5', 'co-op', 'duel-1v1']) {
    await expect(page.getByRole('rowheader', { name: configuration })).toBeVisible({ timeout: 20_000 })
  }
  await page.close()
})
