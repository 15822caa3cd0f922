import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { newGame } from './players.ts'
import { heading, openTicket } from './screen.ts'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const LISTS = [
  '',
  '/tickets?tab=all',
  '/matches',
  '/sessions',
  '/configurations',
  '/rule-sets',
  '/health',
  '/set-aside',
  '/bulk',
]

/** Every rule in the dark; in the light the one that depends on colours. What is wrong is named with its place. */
async function expectNoViolations(page: Page, where: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const axe = new AxeBuilder({ page })
    const { violations } = await (colorScheme === 'dark'
      ? axe.withTags(RULES)
      : axe.withRules('color-contrast')
    ).analyze()
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => ({ id, target, failureSummary })),
    )
    expect(found, `${where}, ${colorScheme}`).toEqual([])
  }
}

/** At the width of a small phone, or of a large screen at 400 %, the page is read by scrolling down only. */
async function expectNoSideScroll(page: Page, where: string): Promise<void> {
  const size = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 640 })
  const tooWide = () =>
    page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      if (scrollWidth <= clientWidth) return []
      // What reaches furthest, for the message: its words tell where to look.
      const reach = (element: Element) => element.getBoundingClientRect().right
      const widest = [...document.querySelectorAll('main *, header *')].sort((a, b) => reach(b) - reach(a))[0]
      return [`${scrollWidth} px`, widest?.className, widest?.textContent?.slice(0, 80)]
    })
  await expect.poll(tooWide, where).toEqual([])
  if (size) await page.setViewportSize(size)
}

async function expectOneHeading(page: Page, where: string): Promise<string> {
  await expect(heading(page), where).toHaveCount(1)
  return page.title()
}

test.describe('with data', () => {
  test('every page can be read by everyone, is narrow enough, and has a title of its own', async ({
    page,
    gamelift,
  }) => {
    test.setTimeout(120_000)
    const game = await newGame(gamelift, 'read', { queue: true, backfill: 'AUTOMATIC', acceptanceSeconds: 600 })
    const [red, blue] = [game.id('red'), game.id('blue')]
    await game.start(red, game.id('ana'))
    await game.start(blue, game.id('bo'))
    await game.until('REQUIRES_ACCEPTANCE', red, blue)
    await game.answer('ACCEPT', red, game.id('ana'))
    await game.answer('ACCEPT', blue, game.id('bo'))
    const [done] = await game.until('COMPLETED', red, blue)
    const arn = String(done?.GameSessionConnectionInfo?.GameSessionArn)
    const [asked, other] = [game.id('asked'), game.id('other')]
    await game.start(asked, game.id('sam'))
    await game.start(other, game.id('lee'))
    await game.until('REQUIRES_ACCEPTANCE', asked, other)
    await openTicket(page, asked)
    const matchHref = await page
      .getByRole('link', { name: /^Match / })
      .first()
      .getAttribute('href')

    const titles = new Set<string>()
    const addresses = [
      ...LISTS.map((list) => `/local${list}`),
      `/local/tickets/${asked}`,
      `/local/tickets/${red}`,
      String(matchHref),
      `/local/sessions/${encodeURIComponent(arn)}`,
      '/local/tickets/no-such-ticket',
      '/environments',
      '/environments/connect',
    ]
    for (const address of addresses) {
      await page.goto(address)
      await expect(heading(page)).toBeVisible()
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
      titles.add(await expectOneHeading(page, address))
      await expectNoViolations(page, address)
      await expectNoSideScroll(page, address)
    }
    expect(titles.size).toBe(addresses.length)
  })

  test('so can every dialog and menu', async ({ page, gamelift }) => {
    test.setTimeout(120_000)
    const game = await newGame(gamelift, 'dialogs', { acceptanceSeconds: 600 })
    const ticketId = await game.start(game.id('red'), game.id('ana'))
    await game.start(game.id('blue'), game.id('bo'))
    await game.until('REQUIRES_ACCEPTANCE', ticketId)
    await openTicket(page, ticketId)
    for (const name of ['Cancel ticket', 'Accept for all players', `Reject for ${game.id('ana')}`]) {
      await page.getByRole('button', { name, exact: true }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await expectNoViolations(page, name)
      await expectNoSideScroll(page, name)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toBeHidden()
    }
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    await expectNoViolations(page, 'keyboard shortcuts')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Copy as AWS CLI' }).click()
    await expectNoViolations(page, 'copy as AWS CLI')
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', { name: 'Find by id' }).fill('t')
    await expectNoViolations(page, 'search')
    await page.setViewportSize({ width: 320, height: 640 })
    await page.getByRole('button', { name: 'Pages' }).click()
    await expect(page.getByRole('dialog', { name: 'Pages' })).toBeVisible()
    await expectNoViolations(page, 'side sheet')
  })
})

test.describe('with nothing in it', () => {
  let own: OwnMatchdesk
  test.beforeAll(async ({ browser }) => {
    own = await ownMatchdesk(browser, 'empty')
  })
  test.afterAll(() => own?.end())

  test('every page says so in words of its own, readable by everyone', async () => {
    test.setTimeout(120_000)
    const page = await own.context.newPage()
    for (const [list, words] of [
      ['', 'No configuration has had a ticket yet'],
      ['/tickets', 'No ticket is open right now'],
      ['/tickets?tab=all', 'No tickets yet'],
      ['/tickets?tab=FAILED', 'No ticket is failed'],
      ['/tickets?playerId=nobody', 'No ticket matches the filter'],
      ['/matches', 'No match has been proposed yet'],
      ['/sessions', 'No game session is known yet'],
      ['/configurations', 'There is no matchmaking configuration'],
      ['/rule-sets', 'There is no rule set'],
      ['/health', 'Nothing has come by any channel in this time'],
      ['/set-aside', 'Nothing waits here'],
      ['/bulk', 'No run yet'],
    ] as const) {
      await page.goto(`/local${list}`)
      await expect(page.getByText(words), list).toBeVisible()
      await expectOneHeading(page, list)
      await expectNoViolations(page, list)
      await expectNoSideScroll(page, list)
    }
    await page.close()
  })

  test('the sign-in page can be read by everyone too', async ({ browser }) => {
    const context = await browser.newContext({ baseURL: own.baseUrl, storageState: { cookies: [], origins: [] } })
    const page = await context.newPage()
    await page.goto('/sign-in')
    await expectOneHeading(page, 'sign-in')
    await expectNoViolations(page, 'sign-in')
    await expectNoSideScroll(page, 'sign-in')
    await context.close()
  })
})
