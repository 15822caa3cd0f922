import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { setAside } from '#lib/channels/set-aside.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { expect, test } from './fixtures.ts'
import { heading, openTicket, sayWhy } from './screen.ts'

// They look at the one list of the environment and act on all of it.
test.describe.configure({ mode: 'serial' })

const aMessage = (messageId: string, reason: string, body: string, minutesAgo: number) => ({
  channel: 'sqs' as const,
  messageId,
  reason,
  body,
  receiveCount: 3,
  at: Date.now() - minutesAgo * 60_000,
})
const usable = (ticketId: string) => {
  const time = Date.now() - Date.UTC(2026, 0, 15, 10)
  const tickets = [aTicket(ticketId, ['ana'], Date.now())]
  return JSON.stringify(envelopeOf(anEvent('MatchmakingSearching', { time, id: `e-${ticketId}`, tickets })))
}
const rowOf = (page: Page, reason: string) => page.getByRole('row').filter({ hasText: reason })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test('somebody finds out with the keyboard alone why a message was not used, and gives it to the index again', async ({
  page,
  db,
}) => {
  const ticketId = `set-aside-${Date.now()}`
  await setAside(db, 'local', [
    aMessage('m-usable', 'the event is of account "9"; local is account 1', usable(ticketId), 4),
    aMessage('m-unreadable', 'the body is not JSON', 'player \u202egnirts, "cut', 9),
  ])
  await page.goto('/local')
  await expect(heading(page)).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(heading(page)).toHaveText('Set aside')

  // What came is one key away, with what nobody would see written out.
  await page.getByRole('button', { name: 'The body is not JSON' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Message as it came' })).toHaveText('player \\u202egnirts, "cut')
  await expect(rowOf(page, 'The body is not JSON')).toContainText('SQS, 3 times')

  await expect(button(page, 'Redrive chosen')).toHaveAttribute('aria-disabled', 'true')
  await rowOf(page, 'The event is of account').getByRole('checkbox').focus()
  await page.keyboard.press('Space')
  await expect(page.getByText('1 message chosen')).toBeVisible()
  await button(page, 'Redrive chosen').focus()
  await page.keyboard.press('Enter')
  await sayWhy(page)
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 message taken.')).toBeVisible()
  await expect(rowOf(page, 'The event is of account')).toHaveCount(0)
  await openTicket(page, ticketId)

  const { rows } = await db.query(
    `select outcome from audit where action = 'ingest.redrive' and input -> 'ids' is not null order by audit_id desc limit 1`,
  )
  expect(rows).toEqual([{ outcome: 'done' }])
})

test('what is refused again says why, and can be put away and brought back', async ({ page, db }) => {
  await setAside(db, 'local', [aMessage('m-cut', 'the body is not JSON', '{"detail":', 2)])
  await page.goto('/local/set-aside')
  await button(page, 'Redrive all').click()
  await sayWhy(page)
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^None was taken, \d messages? refused again\.$/)).toBeVisible()
  await expect(page.getByText(/message: the body is not JSON: /).first()).toBeVisible()

  await page.getByRole('checkbox', { name: 'Choose every message of this page' }).check()
  await button(page, 'Drop').click()
  await sayWhy(page)
  await page.keyboard.press('Enter')
  await expect(page.getByText(/dropped\. They are under Dropped/)).toBeVisible()
  await expect(page.getByText('Nothing waits here')).toBeVisible()
  await page.getByRole('link', { name: 'Dropped', exact: true }).click()
  await expect(rowOf(page, 'The body is not JSON').first()).toBeVisible()
})

test('a viewer can look, and reads who can redrive', async ({ browser, baseURL, db }) => {
  await setAside(db, 'local', [aMessage('m-viewed', 'the body is not JSON', '[', 1)])
  const token = await createSignInLink(db, { role: 'viewer', name: 'Vic', ttlSeconds: 60 })
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  await page.goto(`/sign-in?token=${token}`)
  await page.goto('/local/set-aside')
  await expect(rowOf(page, 'The body is not JSON').first()).toBeVisible()
  await expect(button(page, 'Redrive all')).toHaveAccessibleDescription(
    'Your role (viewer) may not deliver again what was set aside. Can do it with a reason: qa, operator, admin.',
  )
  await context.close()
})

test('the page can be read by everyone, dark and light, and on a phone', async ({ page, db }, info) => {
  await setAside(db, 'local', [
    aMessage('m-long', `detail.${'x'.repeat(300)} is missing`, usable('t-long'), 1),
    aMessage('m-short', 'the event is of region "us-west-2"; local is in us-east-1', usable('t-short'), 3),
  ])
  await page.goto('/local/set-aside')
  await page.getByRole('button', { name: /^The event is of region/ }).click()
  await rowOf(page, 'The event is of region').getByRole('checkbox').check()
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height })
      const where = `${colorScheme}, ${width} px`
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze()
      expect(
        violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target, failureSummary])),
        where,
      ).toEqual([])
      // The page and the table in it: a reason that does not wrap would hide how long ago it was.
      const side = () =>
        page.evaluate(() => {
          const table = document.querySelector('table')?.parentElement as HTMLElement
          return Math.max(document.documentElement.scrollWidth - innerWidth, table.scrollWidth - table.clientWidth)
        })
      await expect.poll(side, where).toBeLessThanOrEqual(0)
      await page.screenshot({ path: info.outputPath(`${colorScheme}-${width}.png`) })
    }
  }
})
