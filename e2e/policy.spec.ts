/** What pages may load and run: nothing that is not of the page, and everything that is. */
import type { BrowserContext, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, openTicket } from './screen.ts'

/** Whatever a policy stopped in any page of the context, in the words of the browser. */
async function violationsIn(context: BrowserContext): Promise<string[]> {
  const found: string[] = []
  await context.exposeBinding('tellViolation', (_, text: string) => void found.push(text))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, sourceFile, sample } = event
      const tell = (window as unknown as { tellViolation(text: string): void }).tellViolation
      tell([location.pathname, effectiveDirective, blockedURI, sourceFile, sample].join(' '))
    })
  })
  context.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) found.push(message.text())
  })
  return found
}

/** A page lives when its scripts have run: the clock of the header counts what came over the live stream. */
async function expectAlive(page: Page): Promise<void> {
  await expect(page.getByText(/^Live/).first()).toBeVisible()
}

test('every page, dialog and chart works under the policy, in the dark and in the light', async ({
  page,
  context,
  gamelift,
}) => {
  test.setTimeout(120_000)
  const violations = await violationsIn(context)
  const game = await newGame(gamelift, 'policy', { queue: true, acceptanceSeconds: 600 })
  const [red, blue] = [game.id('red'), game.id('blue')]
  await game.start(red, game.id('ana'))
  await game.start(blue, game.id('bo'))
  await game.until('REQUIRES_ACCEPTANCE', red, blue)
  await openTicket(page, red)
  const match = String(
    await page
      .getByRole('link', { name: /^Match / })
      .first()
      .getAttribute('href'),
  )
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const address of [
      '/local',
      '/local/tickets?tab=all',
      `/local/tickets/${red}`,
      match,
      '/local/matches',
      '/local/sessions',
      '/local/configurations',
      '/local/rule-sets',
      '/local/health',
      '/local/set-aside',
      '/local/tickets/no-such-ticket',
    ]) {
      await page.goto(address)
      await expect(heading(page), address).toBeVisible()
      await expectAlive(page)
    }
    for (const address of ['/environments', '/environments/connect', '/nowhere/at/all']) {
      await page.goto(address)
      await expect(heading(page), address).toBeVisible()
    }
  }
  // From page to page without loading anew: what comes then carries the nonce of another answer.
  await page.goto('/local')
  for (const name of ['Tickets', 'Matches', 'Sessions', 'Rule sets', 'Overview']) {
    await page.getByRole('navigation').getByRole('link', { name }).first().click()
    await expect(heading(page)).toContainText(name, { ignoreCase: true })
  }
  await page.getByText('Show the figures as a table').first().click()
  await openTicket(page, red)
  for (const name of ['Cancel ticket', 'Accept for all players']) {
    await page.getByRole('button', { name, exact: true }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.keyboard.press('Escape')
  }
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('combobox', { name: 'Find by id' }).fill('t')
  expect(violations).toEqual([])
})

test('a script that somebody got into a page does not run', async ({ page, context }) => {
  const violations = await violationsIn(context)
  await page.goto('/local')
  await expectAlive(page)
  await page.evaluate(() => {
    const inline = document.createElement('script')
    inline.textContent = 'window.ran = true'
    document.body.append(inline)
    const image = document.createElement('img')
    image.setAttribute('onerror', 'window.ran = true')
    image.src = '/no-such-image'
    document.body.append(image)
    const far = document.createElement('script')
    far.src = 'https://evil.test/x.js'
    document.body.append(far)
    document.body.insertAdjacentHTML('beforeend', '<base href="https://evil.test/"><iframe src="/local"></iframe>')
  })
  await expect.poll(() => violations.length).toBeGreaterThanOrEqual(4)
  expect(await page.evaluate(() => 'ran' in window)).toBe(false)
  expect(await page.evaluate(() => document.baseURI)).not.toContain('evil')
  await page.evaluate(() => void window.setTimeout('window.ran = true', 0))
  await expect.poll(() => violations.filter((text) => text.includes('eval')).length).toBeGreaterThan(0)
  expect(await page.evaluate(() => 'ran' in window)).toBe(false)
})

test('a page has a nonce of its own each time, on every script in it', async ({ page }) => {
  const nonces = new Set<string>()
  for (let n = 0; n < 20; n++) {
    const answer = await page.request.get('/local/rule-sets')
    const nonce = /'nonce-([^']+)'/.exec(answer.headers()['content-security-policy'] ?? '')?.[1] ?? ''
    const scripts = (await answer.text()).match(/<script\b[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(3)
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
    nonces.add(nonce)
  }
  expect(nonces.size).toBe(20)
})

test('the sign-in page has its style and nothing else', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  const violations = await violationsIn(context)
  const page = await context.newPage()
  await page.goto('/sign-in')
  await expect(heading(page)).toHaveText('Sign in')
  expect(await page.locator('main').evaluate((element) => getComputedStyle(element).maxWidth)).not.toBe('none')
  await page.goto('/local/%E0%A4%A')
  await expect(heading(page)).toHaveText('This address cannot be read')
  expect(violations).toEqual([])
  await context.close()
})
