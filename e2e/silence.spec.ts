import { expect, test } from './fixtures.ts'
import { newLine } from './line.ts'
import { type OwnMatchdesk, ownMatchdesk } from './own-matchdesk.ts'
import { newGame } from './players.ts'
import { heading, panel } from './screen.ts'

test.describe('what nobody has said yet, and what nobody says any more', () => {
  let own: OwnMatchdesk
  test.beforeAll(async ({ browser }) => {
    own = await ownMatchdesk(browser, 'silence')
  })
  test.afterAll(() => own?.end())

  test('a ticket is found in the moment it was started, by its page and by the search', async () => {
    const game = await newGame(own.gamelift, 'moment')
    await own.setOptions({ tickMs: 600_000 }) // no ticket searches, so no event tells of one
    const page = await own.context.newPage()
    const first = await game.start(game.id('first'), game.id('ana'))
    await page.goto(`/local/tickets/${first}`)
    await expect(heading(page)).toContainText('Queued')

    const second = await game.start(game.id('second'), game.id('bo'))
    await page.getByRole('combobox', { name: 'Find by id' }).fill(second)
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(new RegExp(`/tickets/${second}$`))
    await expect(heading(page)).toContainText('Queued')

    const third = game.id('third')
    await page.goto(`/local/tickets/${third}`)
    await expect(heading(page)).toContainText(`No ticket ${third} in local`)
    await game.start(third, game.id('cleo'))
    await expect(heading(page)).toContainText('Queued')
    await own.setOptions({ tickMs: 500 })
    await page.close()
  })

  test('a GameLift that hangs is said in the header and on the overview, and taken back when it answers', async () => {
    const page = await own.context.newPage()
    await page.goto('/local')
    const header = page.getByRole('banner')
    await expect(header.getByText(/^Live/)).toBeVisible()
    const engine = own.childPid('engine')
    process.kill(engine, 'SIGSTOP')
    try {
      await expect(header).toContainText(/Live · GameLift not answering since \d\d:\d\d:\d\d/, { timeout: 20_000 })
      await expect(panel(page, 'Needs attention').getByRole('link').first()).toContainText(
        /Bad: GameLift has not answered since \d\d:\d\d:\d\d: .*no answer came/,
      )
      await expect(page.getByRole('main')).not.toContainText('matching normally')
    } finally {
      process.kill(engine, 'SIGCONT')
    }
    await expect(header.getByText('GameLift not answering')).toBeHidden({ timeout: 20_000 })
    await expect(page.getByText('GameLift has not answered')).toBeHidden()
    await page.close()
  })

  test('an overview that is no longer told of changes says how old it is', async ({ browser }) => {
    const line = await newLine()
    const context = await browser.newContext({
      baseURL: own.baseUrl,
      proxy: { server: line.server },
      storageState: await own.context.storageState(),
    })
    const page = await context.newPage()
    await page.goto('/local')
    await expect(page.getByText(/^Live/)).toBeVisible()
    await expect(page.getByText(/As of/)).toBeHidden()
    line.cut()
    await expect(page.getByRole('main')).toContainText(/As of \d\d:\d\d:\d\d:/)
    await expect(page.getByRole('main')).not.toContainText(/are matching normally|is matching normally|right now/)
    line.mend()
    await expect(page.getByText(/As of/)).toBeHidden({ timeout: 20_000 })
    await context.close()
    await line.close()
  })
})
