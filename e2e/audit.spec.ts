import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, openTicket, sayWhy } from './screen.ts'

const NOBODY = { cookies: [], origins: [] }

test('what was done leads from the ticket to its row, and from the row back', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'audited')
  const ticketId = await game.start(game.id('red'), game.id('ana'))
  await openTicket(page, ticketId)
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  const dialog = page.getByRole('dialog')
  await sayWhy(page)
  await dialog.getByRole('button', { name: 'Cancel ticket' }).click()
  await expect(heading(page)).toContainText('Cancelled')
  await page.getByRole('link', { name: 'audit', exact: true }).first().click()
  await expect(heading(page)).toHaveText(/^Audit entry \d+$/)
  await expect(page.getByText('Done', { exact: true }).first()).toBeVisible()
  await expect(async () => {
    await page.reload() // sealed within a second
    await expect(page.getByText(/as entry [\d,]+ of the chain/)).toBeVisible({ timeout: 500 })
  }).toPass()
  await page
    .getByRole('link', { name: `Ticket ${ticketId}` })
    .first()
    .click()
  await expect(page).toHaveURL(new RegExp(`/local/tickets/${ticketId}$`))

  await page.goto('/audit')
  await expect(page.getByText(/^Sealed up to entry/)).toBeVisible()
  await page.getByLabel('Target').fill(ticketId)
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/audit\\?target=${ticketId}$`))
  await expect(page.getByRole('row', { name: /Cancel tickets/ })).toHaveCount(1)
  await page.reload()
  await expect(page.getByLabel('Target')).toHaveValue(ticketId)
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export as CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/^matchdesk-audit-[\d-]+\.csv$/)
  await page.goto('/audit?action=audit.export')
  await expect(page.getByRole('row', { name: /Export the audit trail/ }).first()).toBeVisible()
})

test('a viewer sees their own rows only, refused pages too, and exports nothing', async ({ browser, baseURL, db }) => {
  const name = `Vera ${Date.now()}`
  const token = await createSignInLink(db, { role: 'viewer', name, ttlSeconds: 60 })
  const context = await browser.newContext({ baseURL, storageState: NOBODY })
  const page = await context.newPage()
  await page.goto(`/sign-in?token=${token}`)
  await page.goto('/environments/connect')
  await page.goto('/audit')
  await expect(heading(page)).toHaveText('Audit')
  // The sign-in, and one refusal for the one page.
  await expect(page.getByRole('row', { name: /Sign in/ })).toHaveCount(1)
  await expect(page.getByRole('row', { name: /Not allowed.*Add, edit or remove environments/ })).toHaveCount(1)
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(3)
  await expect(page.getByRole('button', { name: 'Export as CSV' })).toHaveAttribute('aria-disabled', 'true')
  expect((await page.request.get('/api/audit/export?format=csv')).status()).toBe(403)

  const { rows } = await db.query<{ audit_id: number }>(
    'select audit_id from audit where person_name <> $1 order by audit_id desc limit 1',
    [name],
  )
  for (const id of [rows[0]?.audit_id, 999_999_999]) {
    expect((await page.goto(`/audit/${id}`))?.status(), String(id)).toBe(404)
  }
  await page.goto('/audit?person=Somebody+else')
  await expect(page.getByText('Nothing matches these filters')).toBeVisible()
  await context.close()
})
