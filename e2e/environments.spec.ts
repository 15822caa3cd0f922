import fs from 'node:fs'
import path from 'node:path'
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import type { Page } from '@playwright/test'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { openPool } from '#lib/db/pool.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'
import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { newGame } from './players.ts'
import { heading, open, panel, sayWhy } from './screen.ts'

let own: OwnMatchdesk
let engine: TestEngine
test.beforeAll(async ({ browser }) => {
  engine = await startTestEngine({ databaseUrl: null })
  own = await ownMatchdesk(browser, 'environments', {
    MATCHDESK_ENVIRONMENTS: environmentsFile(),
    MATCHDESK_LOCAL_ENDPOINTS: `127.0.0.1:1,${new URL(engine.endpoint).host}`,
  })
})
test.afterAll(async () => {
  await engine?.stop()
  await own?.end()
})

/** One environment that nobody may edit on screen, and where nothing answers. */
function environmentsFile(): string {
  const file = path.resolve('.test-data', `environments-${process.pid}.yaml`)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const text =
    'environments:\n  filed:\n    kind: local\n    region: us-east-1\n    endpoint: http://127.0.0.1:1\n    protection: protected\n    colour: red\n'
  fs.writeFileSync(file, text)
  return file
}

const environment = (page: Page, name: string) => page.getByRole('article', { name, exact: true })
const step = (page: Page, text: string) =>
  page.getByRole('list', { name: 'Steps' }).getByRole('listitem').filter({ hasText: text })

test('an administrator connects an engine, acts on its first ticket, sees it go away, and removes it', async () => {
  test.setTimeout(180_000)
  const page = await own.context.newPage()
  const port = Number(new URL(engine.endpoint).port)

  // Where, and whether everything is allowed there.
  await page.goto('/environments')
  await page.getByRole('link', { name: 'Connect an environment' }).click()
  await expect(heading(page)).toHaveText('Connect an environment')
  await page.getByLabel('Name', { exact: true }).fill('second')
  await page.getByLabel('Kind').selectOption('local')
  await page.getByLabel('Region').fill('us-east-1')
  await page.getByLabel('Endpoint').fill(`http://127.0.0.1:1`)
  await page.getByLabel('Colour', { exact: true }).selectOption('teal')
  await page.getByLabel('Protection').selectOption('open')
  await page.getByRole('button', { name: 'Run the checks' }).click()
  const checks = panel(page, 'Checks')
  await expect(checks.getByText('ECONNREFUSED').first()).toBeVisible()
  await page.getByLabel('Endpoint').fill(engine.endpoint)
  await expect(checks.getByText('run the checks again')).toBeVisible()
  await page.getByRole('button', { name: 'Run them again' }).click()
  await expect(checks.getByText('All checks passed.')).toBeAttached()
  for (const call of ['DescribeMatchmaking', 'StopMatchmaking', 'AcceptMatch', 'StartMatchBackfill']) {
    await expect(checks.getByText(`Allowed: ${call}`, { exact: true })).toBeVisible()
  }
  await page.getByLabel('Reason').fill('a second region')
  await page.getByLabel('Type second to confirm').fill('second')
  await page.getByRole('button', { name: 'Add environment' }).click()
  await expect(heading(page)).toHaveText('Edit second')

  // The secret is shown once, and the engine is started with it.
  await expect(step(page, 'The engine has a secret')).toContainText('Waiting')
  await page.getByRole('button', { name: 'Make a secret for the engine' }).click()
  await sayWhy(page, 'second')
  await page.keyboard.press('Enter')
  const shown = await page.getByRole('region', { name: 'secret for the engine', exact: true }).textContent()
  await expect(step(page, 'The engine has a secret')).toContainText('Done')
  await engine.stop()
  const targets = JSON.parse(String(/='(.*)'$/.exec(String(shown))?.[1]))
  engine = await startTestEngine({ databaseUrl: null, port, targets })
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const gamelift = new GameLiftClient({ endpoint: engine.endpoint, region: 'us-east-1', credentials })
  const game = await newGame(gamelift, 'second')
  const ticketId = await game.start(game.id('one'), game.id('ana'))
  await expect(step(page, 'The engine has posted an event')).toContainText('Done')
  await expect(step(page, 'A ticket is known')).toContainText('Done')
  await page.getByRole('link', { name: 'Look at its newest ticket' }).click()
  await expect(page).toHaveURL(new RegExp(`/second/tickets/${ticketId}$`))

  // It acts there, and the trail says where.
  await expect(heading(page)).toContainText(ticketId)
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('second')
  await sayWhy(page)
  await dialog.getByRole('button', { name: 'Cancel ticket' }).click()
  await game.until('CANCELLED', ticketId)
  const db = openPool(own.databaseUrl, { name: 'e2e', max: 1 })
  const { rows } = await db.query('select environment, action from audit where target = $1', [ticketId])
  expect(rows).toMatchObject([{ environment: 'second', action: 'ticket.cancel' }])

  // Its events are counted, and other environments point to it.
  await page.goto('/second/health')
  await expect(page.getByRole('row').filter({ hasText: 'Webhook' })).toBeVisible()
  await page.goto('/local')
  await page.getByRole('combobox', { name: 'Find by id' }).fill(ticketId)
  await page.keyboard.press('Enter')
  const others = page.getByRole('list', { name: 'Known in other environments' })
  await expect(others.getByRole('link')).toHaveCount(1)
  await others.getByRole('link', { name: /second/ }).click()
  await expect(page).toHaveURL(new RegExp(`/second/tickets/${ticketId}$`))

  // It goes away: that one is red with the reason, and the other works.
  await engine.stop()
  await page.goto('/environments')
  await expect(environment(page, 'second')).toContainText('GameLift does not answer since', { timeout: 40_000 })
  await expect(environment(page, 'local')).toContainText('GameLift answers')
  const local = await newGame(own.gamelift, 'local')
  const mine = await local.start(local.id('one'), local.id('bo'))
  await open(page, `/local/tickets/${mine}`)
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  await sayWhy(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel ticket' }).click()
  await local.until('CANCELLED', mine)

  await page.goto('/environments')
  await environment(page, 'second').getByRole('button', { name: 'Remove' }).click()
  await sayWhy(page, 'second')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove environment' }).click()
  await expect(environment(page, 'second')).toHaveCount(0)
  await page.goto('/second/tickets')
  await expect(heading(page)).toHaveText('There is no environment called second')
  await db.end()
  gamelift.destroy()
  await page.close()
})

test('what the file lists is read only, and says so', async () => {
  const page = await own.context.newPage()
  await page.goto('/environments')
  const filed = environment(page, 'filed')
  await expect(filed).toContainText('From the file of environments')
  for (const name of ['Edit', 'Remove']) {
    const button = filed.getByRole('button', { name })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAccessibleDescription(/change it there/)
  }
  await page.goto('/environments/connect?environment=filed')
  await expect(page.getByRole('button', { name: 'Save changes' })).toHaveCount(0)
  await page.close()
})

test('whoever may not manage environments sees them, and what they are told is why not', async ({ browser }) => {
  const db = openPool(own.databaseUrl, { name: 'e2e', max: 1 })
  const token = await createSignInLink(db, { role: 'operator', name: 'olga', ttlSeconds: 60 })
  await db.end()
  const context = await browser.newContext({ baseURL: own.baseUrl, storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  await page.goto(`/sign-in?token=${token}`)
  await page.goto('/environments')
  await expect(environment(page, 'local')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Connect an environment' })).toHaveAccessibleDescription(
    'Your role (operator) may not add, edit or remove environments. Can do it with a reason and a typed confirmation: admin.',
  )
  await page.goto('/environments/connect')
  await expect(page.getByRole('button', { name: 'Add environment' })).toHaveCount(0)
  await context.close()
})
