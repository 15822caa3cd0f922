import type { APIRequestContext } from '@playwright/test'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, openList, openTicket, sayWhy, ticketLink } from './screen.ts'

const NOBODY = { cookies: [], origins: [] }

test.describe('without being signed in', () => {
  test.use({ storageState: NOBODY })

  test('every page says how to sign in, and shows nothing else', async ({ page }) => {
    for (const address of ['/', '/local', '/local/tickets', '/local/sessions/any', '/nowhere']) {
      await page.goto(address)
      await expect(page, address).toHaveURL(/\/sign-in$/)
      await expect(heading(page)).toHaveText('Sign in')
      await expect(page.getByText('npm run sign-in')).toBeVisible()
      await expect(page.getByRole('navigation')).toHaveCount(0)
    }
  })

  test('no question of the pages is answered', async ({ request }) => {
    for (const path of [
      'local/overview',
      'local/counts',
      'local/tickets',
      'local/tickets/any',
      'local/matches',
      'local/sessions',
      'local/configurations',
      'local/rule-sets',
      'local/health',
      'environments',
      'switches',
      'environments/local/arrival',
      'search?q=any',
      'local/set-aside',
      'local/bulk',
      'local/queues',
      'local/search?q=any',
      'nowhere/tickets',
      'live?environment=local',
      'demo',
    ]) {
      const answer = await request.get(`/api/${path}`)
      expect(answer.status(), path).toBe(401)
      expect(await answer.json(), path).toMatchObject({ error: { code: 'NOT_SIGNED_IN' } })
    }
  })
})

test('a viewer sees everything, and each control says why not and who can', async ({
  browser,
  baseURL,
  db,
  gamelift,
}) => {
  const game = await newGame(gamelift, 'viewer', { acceptanceSeconds: 600 })
  const ticketId = await game.start(game.id('red'), game.id('ana'))
  await game.start(game.id('blue'), game.id('bo'))
  await game.until('REQUIRES_ACCEPTANCE', ticketId)
  const token = await createSignInLink(db, { role: 'viewer', name: game.id('vera'), ttlSeconds: 60 })
  const context = await browser.newContext({ baseURL, storageState: NOBODY })
  const page = await context.newPage()
  await page.goto(`/sign-in?token=${token}`)
  await expect(page).toHaveURL(/\/local$/)

  await openTicket(page, ticketId)
  await expect(heading(page)).toContainText('Needs acceptance')
  for (const [name, can] of [
    [
      'Cancel ticket',
      'Your role (viewer) may not cancel tickets. Can do it: qa. With a reason: support, operator, admin.',
    ],
    ['Accept for all players', 'may not accept or reject for a player. Can do it: qa. With a reason: operator, admin.'],
    [`Accept for ${game.id('ana')}`, 'may not accept or reject for a player.'],
    [`Reject for ${game.id('ana')}`, 'may not accept or reject for a player.'],
  ] as const) {
    const button = page.getByRole('button', { name, exact: true })
    await expect(button, name).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAccessibleDescription(new RegExp(can.replaceAll(/[().]/g, '\\$&')))
    await button.click({ force: true })
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  expect((await game.describe(ticketId)).Status).toBe('REQUIRES_ACCEPTANCE')

  await openList(page, game.configuration)
  await expect(ticketLink(page, ticketId)).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Player id' })).not.toBeEditable()
  await page.goto(`/local/tickets?tab=all&playerId=${game.id('ana')}`)
  await expect(
    page.getByText('Your role (viewer) may not search by player id.', { exact: false }).first(),
  ).toBeVisible()
  await expect(ticketLink(page, ticketId)).toBeHidden()
  await context.close()
})

test('an action that did not come from a page of Matchdesk is refused, and nothing happens', async ({
  page,
  request,
  gamelift,
  db,
}) => {
  const game = await newGame(gamelift, 'forged')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  await game.until('SEARCHING', ticketId)
  await openTicket(page, ticketId)
  // What the page itself would send, taken on its way and not let through.
  const sent = Promise.withResolvers<{ url: string; headers: Record<string, string>; body: string }>()
  await page.route(/\/local\/tickets\//, async (route) => {
    const taken = route.request()
    if (taken.method() !== 'POST') return route.fallback()
    sent.resolve({ url: taken.url(), headers: await taken.allHeaders(), body: String(taken.postData()) })
    return route.abort()
  })
  await page.getByRole('button', { name: 'Cancel ticket' }).click()
  await sayWhy(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel ticket' }).click()
  const original = await sent.promise

  const repeat = (change: Record<string, string | undefined>) => post(request, original, change)
  for (const [why, change] of [
    ['no Origin', { origin: undefined }],
    ['a foreign Origin', { origin: 'https://elsewhere.example' }],
    ['an Origin of nothing', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ] as const) {
    const answer = await repeat(change)
    expect(`${answer.status()} ${await answer.text()}`, why).toMatch(
      /CROSS_SITE|Invalid Server Actions request|^403|^500/,
    )
    expect((await game.describe(ticketId)).Status, why).toBe('SEARCHING')
  }
  const { rows } = await db.query(`select 1 from audit where target = $1`, [ticketId])
  expect(rows).toEqual([])

  // The same request with nothing changed works: it was refused for where it came from.
  expect(await (await repeat({})).text()).toContain('"success":true')
  await game.until('CANCELLED', ticketId)
})

/** Sends a request of the page again from outside a browser, where every header can be chosen. */
function post(
  request: APIRequestContext,
  original: { url: string; headers: Record<string, string>; body: string },
  change: Record<string, string | undefined>,
) {
  const headers = Object.entries({ ...original.headers, ...change }).filter(
    (header): header is [string, string] =>
      header[1] !== undefined && !header[0].startsWith(':') && header[0] !== 'content-length',
  )
  return request.post(original.url, { headers: Object.fromEntries(headers), data: original.body })
}
