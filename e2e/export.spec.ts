import fs from 'node:fs'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { openList, ticketLink } from './screen.ts'

test('the list one sees is saved as a file, without the ids of players, and the trail knows', async ({
  page,
  gamelift,
  db,
}) => {
  const game = await newGame(gamelift, 'export')
  const [red, blue] = [game.id('red'), game.id('blue')]
  await game.start(red, game.id('ana'))
  await game.start(blue, game.id('bo'))
  await openList(page, game.configuration)
  await expect(ticketLink(page, red)).toBeVisible()
  await expect(ticketLink(page, blue)).toBeVisible()

  for (const format of ['CSV, for a spreadsheet', 'JSON, for a program']) {
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Export the list of tickets' })
    await expect(dialog).toContainText('local')
    await dialog.getByRole('radio', { name: format }).check()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export', exact: true }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^tickets-local-\d{4}-\d\d-\d\dT\d{6}Z\.(csv|json)$/)
    const saved = page.getByRole('dialog', { name: 'The list is exported' })
    await expect(saved).toContainText(download.suggestedFilename())
    await saved.getByRole('button', { name: 'Close' }).first().click()
    const text = fs.readFileSync(await download.path(), 'utf8')
    expect(text).toContain(red)
    expect(text).toContain(blue)
    expect(text).not.toContain(game.id('ana'))
    expect(text).toMatch(/player-[0-9a-f]{12}/)
    const { rows } = await db.query(
      `select input from audit where action = 'export.masked' and target = $1 and outcome = 'done'`,
      [download.suggestedFilename()],
    )
    expect(rows).toEqual([
      { input: expect.objectContaining({ filter: expect.objectContaining({ configuration: game.configuration }) }) },
    ])
  }
})

test('who exports over and over is told when to come again', async ({ browser, baseURL, db }) => {
  const token = await createSignInLink(db, { role: 'operator', name: 'export often', ttlSeconds: 60 })
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  await context.request.get(`/sign-in?token=${token}`)
  const ask = () => context.request.get('/api/local/exports/tickets?format=csv&tab=FAILED')
  for (let n = 0; n < 5; n++) expect((await ask()).status()).toBe(200)
  const refused = await ask()
  expect(refused.status()).toBe(429)
  expect(Number(refused.headers()['retry-after'])).toBeGreaterThan(500)
  const page = await context.newPage()
  await page.goto('/local/tickets')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText(
    /You have exported often within ten minutes. Try again in \d+ s./,
  )
  await context.close()
})

test('a viewer is told who may export, and is refused when asking all the same', async ({ browser, baseURL, db }) => {
  const token = await createSignInLink(db, { role: 'viewer', name: 'export viewer', ttlSeconds: 60 })
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  await context.request.get(`/sign-in?token=${token}`)
  const page = await context.newPage()
  await page.goto('/local/tickets')
  const button = page.getByRole('button', { name: 'Export', exact: true })
  await expect(button).toBeDisabled()
  await expect(button).toHaveAccessibleDescription(/may not export/)
  const answer = await context.request.get('/api/local/exports/tickets?format=csv')
  expect(answer.status()).toBe(403)
  await context.close()
})
