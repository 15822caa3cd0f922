/** What a protected environment asks for, and the brakes: on a Matchdesk of their own, because they hold for everybody. */
import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import type { Role } from '#lib/access/roles.ts'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { type Db, openPool } from '#lib/db/pool.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { newGame } from './players.ts'
import { heading, openTicket, sayWhy } from './screen.ts'

let own: OwnMatchdesk
let db: Db
test.beforeAll(async ({ browser }) => {
  // The built-in environment is called open; its account says that it is not.
  own = await ownMatchdesk(browser, 'roles', {
    MATCHDESK_ACCOUNT_ID: '111122223333',
    MATCHDESK_PRODUCTION_ACCOUNTS: '444455556666, 111122223333',
  })
  db = openPool(own.databaseUrl, { name: 'e2e', max: 1 })
})
test.afterAll(async () => {
  await db?.end()
  await own?.end()
})

async function as(browser: Browser, role: Role): Promise<Page> {
  const token = await createSignInLink(db, { role, name: role, ttlSeconds: 60 })
  const context = await browser.newContext({ baseURL: own.baseUrl, storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  await page.goto(`/sign-in?token=${token}`)
  await expect(page).toHaveURL(/\/local$/)
  return page
}

async function look(page: Page, name: string, info: { outputPath(name: string): string }) {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height })
      const where = `${name}, ${colorScheme}, ${width} px`
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .analyze()
      expect(
        violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target, failureSummary])),
        where,
      ).toEqual([])
      const side = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      await expect.poll(side, where).toBeLessThanOrEqual(0)
      await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${width}.png`) })
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

test('an environment of a production account asks for a reason and its name, whatever it is called', async ({
  browser,
}, info) => {
  const game = await newGame(own.gamelift, 'mislabelled')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))

  const qa = await as(browser, 'qa')
  await openTicket(qa, ticketId)
  await expect(qa.getByRole('banner').getByText('Protected')).toBeVisible()
  await expect(qa.getByRole('button', { name: 'Cancel ticket' })).toHaveAccessibleDescription(
    'Your role (qa) may not cancel tickets in a protected environment. Can do it with a reason and a typed confirmation: support, operator, admin.',
  )
  await qa.context().close()

  const page = await as(browser, 'operator')
  await openTicket(page, ticketId)
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('Protected')).toBeVisible()
  const reason = dialog.getByRole('textbox', { name: 'Reason' })
  const word = dialog.getByRole('textbox', { name: 'Type local to confirm' })
  await expect(reason).toBeFocused()
  await look(page, 'cancel', info)

  // Enter does nothing before both are there; the first that is missing gets the focus.
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('Say why, in some words.')).toBeVisible()
  await expect(reason).toBeFocused()
  await reason.fill('   ')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('Say why, in some words.')).toBeVisible()
  await reason.fill('stuck since noon')
  await word.fill('Local')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('Type local as it stands above.')).toBeVisible()
  await expect(word).toBeFocused()
  await look(page, 'cancel-wrong', info)
  expect((await game.describe(ticketId)).Status).toBe('SEARCHING')
  await word.fill('local')
  await page.keyboard.press('Enter')
  await expect(heading(page)).toContainText('Cancelled')
  const { rows } = await db.query('select protection, role, input, outcome from audit where target = $1', [ticketId])
  expect(rows).toEqual([
    { protection: 'protected', role: 'operator', input: { ticketId, reason: 'stuck since noon' }, outcome: 'done' },
  ])
  await page.goto('/environments')
  await expect(page.getByText('its account is on the production list')).toBeVisible()
  await page.context().close()
})

test('an operator makes Matchdesk read-only; every open page says so, and an administrator ends it', async ({
  browser,
}, info) => {
  const game = await newGame(own.gamelift, 'read-only')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  const [support, operator, admin] = [
    await as(browser, 'support'),
    await as(browser, 'operator'),
    await as(browser, 'admin'),
  ]
  await openTicket(support, ticketId)
  await expect(support.getByRole('button', { name: 'Cancel ticket' })).toBeEnabled()
  await support.getByRole('button', { name: 'Cancel ticket' }).click() // opened before anything was stopped

  await operator.goto('/environments')
  await operator.getByRole('link', { name: 'Switches' }).click()
  await expect(heading(operator)).toHaveText('Switches')
  await operator.getByRole('button', { name: 'Make read-only' }).click()
  await operator.getByRole('textbox', { name: /^Reason/ }).fill('the engine is being replaced')
  const before = Date.now()
  await operator.keyboard.press('Enter')
  const said = (page: Page) => page.getByRole('status').filter({ hasText: 'Read-only.' })
  await expect(said(operator)).toContainText('(the engine is being replaced)')
  await expect(support.getByText('Read-only.')).toBeAttached({ timeout: 3_000 })
  expect(Date.now() - before).toBeLessThan(4_000)

  // Who had the dialog open is told in it.
  await expect(support.getByRole('dialog').getByRole('status')).toContainText('Matchdesk is read-only')
  await expect(support.getByRole('dialog').getByRole('button', { name: 'Cancel ticket' })).toHaveCount(0)
  await support.keyboard.press('Escape')
  await expect(support.getByRole('button', { name: 'Cancel ticket' })).toHaveAccessibleDescription(
    /^Matchdesk is read-only: operator has switched it so \(the engine is being replaced\)\. Can end it: admin\.$/,
  )
  expect((await game.describe(ticketId)).Status).toBe('SEARCHING')
  await expect(operator.getByRole('button', { name: 'End read-only' })).toHaveAccessibleDescription(
    /^Your role \(operator\) may not let stopped actions go on/,
  )

  await admin.goto('/environments/switches')
  await admin.getByRole('button', { name: 'Stop it: cancel tickets' }).click()
  // No reason is needed.
  await admin.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click()
  await expect(admin.getByRole('button', { name: 'Let it go on: cancel tickets' })).toBeVisible()
  await look(admin, 'switches', info)
  await admin.getByRole('button', { name: 'End read-only' }).click()
  await look(admin, 'switch-off', info)
  await sayWhy(admin, 'read-only')
  await admin.keyboard.press('Enter')
  await expect(said(admin)).toHaveCount(0)
  await expect(admin.getByText('1 action is stopped.')).toBeVisible()
  await expect(support.getByRole('button', { name: 'Cancel ticket' })).toHaveAccessibleDescription(
    /^Nobody can cancel tickets now/,
  )
  await admin.getByRole('button', { name: 'Let it go on: cancel tickets' }).click()
  await sayWhy(admin, 'ticket.cancel')
  await admin.keyboard.press('Enter')
  await expect(admin.getByRole('button', { name: 'Stop it: cancel tickets' })).toBeVisible()
  await expect(support.getByText('1 action is stopped.')).toBeHidden()
  await support.getByRole('button', { name: 'Cancel ticket' }).click()
  await sayWhy(support, 'local')
  await support.keyboard.press('Enter')
  await expect(heading(support)).toContainText('Cancelled')

  const { rows } = await db.query(
    `select action, role, target, input ->> 'reason' as reason, outcome from audit
     where action in ('switch.on', 'switch.off') order by audit_id`,
  )
  expect(rows).toMatchObject([
    { action: 'switch.on', role: 'operator', target: 'read-only', reason: 'the engine is being replaced' },
    { action: 'switch.on', role: 'admin', target: 'ticket.cancel', reason: null },
    { action: 'switch.off', role: 'admin', target: 'read-only', reason: 'asked by a test' },
    { action: 'switch.off', role: 'admin', target: 'ticket.cancel', reason: 'asked by a test' },
  ])
  for (const page of [support, operator, admin]) await page.context().close()
})
