import { randomBytes } from 'node:crypto'
import {
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  type GameLiftClient,
  StartMatchmakingCommand,
  StopMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, openList, openTicket, sayWhy, sentence, tab, ticketLink, ticketRow } from './screen.ts'

/** Tickets that no rule lets match: they wait for as long as somebody wants. */
async function waiting(gamelift: GameLiftClient, number: number) {
  const configuration = `bulk-${randomBytes(3).toString('hex')}`
  const rule = { name: 'never', type: 'comparison', operation: '>', referenceValue: 1_000 }
  const RuleSetBody = JSON.stringify({
    ruleLanguageVersion: '1.0',
    playerAttributes: [{ name: 'skill', type: 'number', default: 1 }],
    teams: ['red', 'blue'].map((name) => ({ name, minPlayers: 1, maxPlayers: 1 })),
    rules: [{ ...rule, measurements: ['avg(teams[red].players.attributes[skill])'] }],
  })
  await gamelift.send(new CreateMatchmakingRuleSetCommand({ Name: configuration, RuleSetBody }))
  await gamelift.send(
    new CreateMatchmakingConfigurationCommand({
      ...{ Name: configuration, RuleSetName: configuration, RequestTimeoutSeconds: 3_600 },
      ...{ AcceptanceRequired: false, FlexMatchMode: 'STANDALONE' },
    }),
  )
  const ids = Array.from({ length: number }, (_, index) => `${configuration}-${String(index).padStart(3, '0')}`)
  for (const TicketId of ids) {
    const Players = [{ PlayerId: `p-${TicketId}` }]
    await gamelift.send(new StartMatchmakingCommand({ TicketId, ConfigurationName: configuration, Players }))
  }
  const statuses = async () => {
    const found = new Set<string>()
    for (let from = 0; from < ids.length; from += 10) {
      const { TicketList = [] } = await gamelift.send(
        new DescribeMatchmakingCommand({ TicketIds: ids.slice(from, from + 10) }),
      )
      for (const { Status = '' } of TicketList) found.add(Status)
    }
    return [...found]
  }
  return { configuration, ids, statuses }
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name })
const badge = (page: Page) => heading(page)

test('three tickets are selected with the keyboard and cancelled, and the run tells what became of each', async ({
  page,
  gamelift,
  db,
}) => {
  const { configuration, ids, statuses } = await waiting(gamelift, 4)
  const [first = '', second = '', third = '', fourth = ''] = ids
  await openTicket(page, fourth)
  await openList(page, configuration, 'open')
  await expect(page.getByText('None selected')).toBeVisible()
  for (const id of [first, second]) {
    await ticketLink(page, id).focus()
    await page.keyboard.press('x')
  }
  await ticketRow(page, third).getByRole('checkbox').check()
  await expect(page.getByText('3 selected')).toBeVisible()
  await expect(page).toHaveURL(/\/local\/tickets\?/) // to select is not to open
  await button(page, 'Cancel 3 …').focus()
  await page.keyboard.press('Enter')

  const asked = dialog(page, 'Cancel 3 tickets')
  await expect(asked).toContainText('Local engine')
  await expect(asked).toContainText('3 tickets chosen one by one')
  for (const id of [first, second, third]) await expect(asked).toContainText(id)
  await expect(asked).toContainText('Their players stop searching.')
  await expect(asked).toContainText('This cannot be undone')
  await page.keyboard.press('Escape')
  await expect(asked).toBeHidden()
  expect(await statuses()).toEqual(['SEARCHING'])

  await button(page, 'Cancel 3 …').click()
  await sayWhy(page)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/local\/bulk\/[0-9a-f-]{36}$/)
  await expect(heading(page)).toContainText('Cancel 3 tickets')
  await expect(badge(page)).toContainText('Finished')
  await expect(sentence(page)).toContainText('Nothing is left to do.')
  for (const id of [first, second, third]) {
    await expect(ticketRow(page, id)).toContainText('Stopped')
    await expect(ticketRow(page, id)).toContainText('Cancelled')
  }
  await expect(page.getByText('asked by a test')).toBeVisible()
  await expect(ticketLink(page, fourth)).toHaveCount(0)
  const { rows } = await db.query(
    `select target, outcome from audit where action = 'ticket.cancel-many' and step > 0 and target = any($1) order by target`,
    [ids],
  )
  expect(rows).toEqual([first, second, third].map((target) => ({ target, outcome: 'done' })))

  // The address stays, and the ticket tells of it too.
  await page.reload()
  await expect(badge(page)).toContainText('Finished')
  await ticketLink(page, first).click()
  await expect(page.getByText('Cancel requested by', { exact: false })).toBeVisible()
})

test('sixty of a filter are cancelled once their number is typed; the run can be paused and goes on', async ({
  page,
  gamelift,
}) => {
  const { configuration, ids, statuses } = await waiting(gamelift, 60)
  await openTicket(page, ids.at(-1) ?? '')
  await openList(page, configuration, 'open')
  await button(page, 'Cancel all listed …').click()
  const asked = dialog(page, 'Cancel 60 tickets')
  await expect(asked).toContainText(`open tickets of configuration ${configuration}`)
  await expect(asked).toContainText('and 50 more')
  await sayWhy(page, 'local 6')
  await page.keyboard.press('Enter')
  await expect(asked).toContainText('Type local 60 as it stands above.')
  expect(await statuses()).toEqual(['SEARCHING'])
  await sayWhy(page, 'local 60')
  await page.keyboard.press('Enter')

  await expect(heading(page)).toContainText('Cancel 60 tickets')
  await button(page, 'Pause').click()
  await expect(badge(page)).toContainText('Paused')
  await expect(sentence(page)).toContainText('Resume to go on, or abort')
  const value = () => page.getByRole('progressbar').getAttribute('aria-valuenow')
  await page.waitForTimeout(500) // what was under way
  const paused = Number(await value())
  expect(paused).toBeLessThan(60)
  await page.waitForTimeout(1_500)
  expect(Number(await value())).toBe(paused)
  await button(page, 'Resume').click()
  await expect(badge(page)).toContainText('Finished', { timeout: 30_000 })
  expect(await statuses()).toEqual(['CANCELLED'])
})

test('a run is refused when the list has changed since, and can be looked at again', async ({ page, gamelift }) => {
  const { configuration, ids } = await waiting(gamelift, 3)
  const [gone = ''] = ids
  await openTicket(page, ids.at(-1) ?? '')
  await openList(page, configuration, 'open')
  await button(page, 'Cancel all listed …').click()
  await expect(dialog(page, 'Cancel 3 tickets')).toBeVisible()
  await gamelift.send(new StopMatchmakingCommand({ TicketId: gone }))
  await expect(tab(page, 'Open')).toHaveText('Open2') // whether its row keeps its place depends on who reads
  await sayWhy(page)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText(
    'The tickets have changed since they were shown: 3 then, 2 now.',
  )
  await button(page, 'Look again').click()
  await expect(dialog(page, 'Cancel 2 tickets')).toBeVisible()
  await expect(dialog(page, 'Cancel 2 tickets')).not.toContainText(gone)
})

test('an aborted run leaves the rest as it is, and what it left can be tried again', async ({ page, gamelift }) => {
  const { configuration, ids, statuses } = await waiting(gamelift, 55)
  await openTicket(page, ids.at(-1) ?? '')
  await openList(page, configuration, 'open')
  await button(page, 'Cancel all listed …').click()
  await sayWhy(page, 'local 55')
  await page.keyboard.press('Enter')
  await expect(heading(page)).toContainText('Cancel 55 tickets')
  const begun = Date.now()
  await button(page, 'Abort').click()
  await expect(badge(page)).toContainText('Aborted')
  expect(Date.now() - begun).toBeLessThan(4_000) // two seconds, and a browser on a busy machine
  await expect(sentence(page)).toContainText('have not been asked and stay as they are')
  expect((await statuses()).sort()).toContain('SEARCHING')
  await button(page, /^Try again the \d+ that are left …$/).click()
  await expect(page.getByRole('dialog')).toContainText('tickets chosen one by one')
  await page.keyboard.press('Escape')
})

test('missing answers of several matches are given at once', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'answers', { acceptanceSeconds: 120 })
  const tickets = [1, 2, 3, 4].map((number) => game.id(`t${number}`))
  for (const ticketId of tickets) await game.start(ticketId, `${ticketId}-player`)
  await game.until('REQUIRES_ACCEPTANCE', ...tickets)
  await openTicket(page, tickets[3] ?? '')
  await openList(page, game.configuration, 'REQUIRES_ACCEPTANCE')
  await expect(page.getByRole('row')).toHaveCount(5)
  await button(page, 'Accept all listed …').click()
  await expect(dialog(page, 'Accept for 4 tickets')).toBeVisible()
  await sayWhy(page)
  await page.keyboard.press('Enter')
  await expect(badge(page)).toContainText('Finished')
  for (const ticketId of tickets) await expect(ticketRow(page, ticketId)).toContainText('Accepted')
  await game.until('COMPLETED', ...tickets)
})

test('a viewer sees runs and reads who can begin one', async ({ browser, baseURL, db, gamelift }) => {
  const { configuration, ids } = await waiting(gamelift, 1)
  const token = await createSignInLink(db, { role: 'viewer', name: 'Vic', ttlSeconds: 60 })
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  await page.goto(`/sign-in?token=${token}`)
  await openTicket(page, ids[0] ?? '')
  await openList(page, configuration, 'open')
  await expect(button(page, 'Cancel all listed …')).toHaveAccessibleDescription(
    /may not cancel up to 50 tickets at once/,
  )
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await expect(heading(page)).toHaveText('Bulk runs')
  await context.close()
})

test('the pages can be read by everyone, dark and light, and on a phone', async ({ page, gamelift, db }, info) => {
  const { configuration, ids } = await waiting(gamelift, 12)
  await openTicket(page, ids.at(-1) ?? '')
  await openList(page, configuration, 'open')
  await ticketRow(page, ids[0] ?? '')
    .getByRole('checkbox')
    .check()
  await ticketRow(page, ids[1] ?? '')
    .getByRole('checkbox')
    .check()
  const shoot = async (name: string) => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const [width, height] of [
        [1440, 900],
        [390, 844],
      ] as const) {
        await page.setViewportSize({ width, height })
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
          .analyze()
        expect(
          violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => [id, target, failureSummary]),
          ),
          `${name}, ${colorScheme}, ${width} px`,
        ).toEqual([])
        const side = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        await expect.poll(side, `${name}, ${width} px`).toBeLessThanOrEqual(0)
        await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${width}.png`) })
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }
  await shoot('selected')
  await page.getByRole('checkbox', { name: 'Select every ticket of this page' }).check()
  await button(page, 'Cancel 12 …').click()
  await expect(dialog(page, 'Cancel 12 tickets')).toBeVisible()
  await shoot('dialog')
  await sayWhy(page)
  await page.keyboard.press('Enter')
  await expect(badge(page)).toContainText('Finished')
  // Some of each fate, as a bad day brings them.
  const bulkId = page.url().split('/').at(-1)
  await db.query(
    `update bulk_items set result = case when position < 2 then 'failed' when position < 4 then 'too-late' else result end,
       reason = case when position < 2 then 'GameLift does not let Matchdesk cancel this: no permission for StopMatchmaking.'
         when position < 4 then 'Too late to cancel: it is being placed in a game session.' end
     where bulk_id = $1`,
    [bulkId],
  )
  await db.query(`update bulk_runs set counts = '{"done": 8, "failed": 2, "too-late": 2}' where bulk_id = $1`, [bulkId])
  await page.reload()
  await expect(page.getByRole('heading', { name: 'What failed first' })).toBeVisible()
  await expect(sentence(page)).toContainText('2 failed. Look at the first reasons below, then try again what failed.')
  await shoot('run')
  await page.goto('/local/bulk')
  await expect(heading(page)).toHaveText('Bulk runs')
  await shoot('runs')
})
