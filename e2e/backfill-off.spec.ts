import { DescribeGameSessionsCommand, type GameLiftClient } from '@aws-sdk/client-gamelift'
import { expect, test } from './fixtures.ts'
import { type Game, newGame } from './players.ts'
import { open, panel, sayWhy, ticketLink } from './screen.ts'

interface Backfill {
  autoBackfillMode: string | null
  autoBackfillTicketId: string | null
}

/** What the session's game server would read. */
async function matchmakerData(gamelift: GameLiftClient, sessionArn: string): Promise<Backfill> {
  const { GameSessions } = await gamelift.send(new DescribeGameSessionsCommand({ GameSessionId: sessionArn }))
  return JSON.parse(String(GameSessions?.[0]?.MatchmakerData))
}

/** A co-op session of two in which four have room, so that automatic backfill searches for two. */
async function coOpSession(gamelift: GameLiftClient, name: string) {
  const game = await newGame(gamelift, name, {
    queue: true,
    backfill: 'AUTOMATIC',
    teams: [{ name: 'crew', minPlayers: 2, maxPlayers: 4 }],
  })
  const party = await game.start(game.id('party'), game.id('ana'), game.id('bo'))
  const [ticket] = await game.until('COMPLETED', party)
  const arn = String(ticket?.GameSessionConnectionInfo?.GameSessionArn)
  let live: string | null = null
  const readTicketId = async () => {
    live = (await matchmakerData(gamelift, arn)).autoBackfillTicketId ?? null
    return live
  }
  await expect.poll(readTicketId).not.toBeNull()
  return { game, arn, ticketId: String(live) }
}

const OFF = 'Turn off automatic backfill'

/** A pass of the matchmaker in which a player who searches would have been found by a live backfill. */
async function nobodyIsTaken(game: Game, playerId: string): Promise<void> {
  const ticketId = await game.start(game.id(`late-${playerId}`), playerId)
  await game.until('SEARCHING', ticketId)
  await game.stop(ticketId)
}

test('turning it off stops the live ticket, proves it, and nothing renews it', async ({ page, gamelift }) => {
  const { game, arn, ticketId } = await coOpSession(gamelift, 'off')
  await open(page, `/local/sessions/${encodeURIComponent(arn)}`)
  const backfill = panel(page, 'Backfill')
  await expect(backfill).toContainText(`Automatic backfill is on: ticket ${ticketId} is searching for 2 players.`)
  await expect(panel(page, 'Open backfill tickets').getByRole('link', { name: `Ticket ${ticketId}` })).toBeVisible()
  await expect(panel(page, 'Players by team')).toContainText('2 of 4 · 2 open slots')

  await backfill.getByRole('button', { name: OFF }).click()
  const dialog = page.getByRole('dialog', { name: `${OFF} for session` })
  await expect(dialog).toContainText('local')
  await expect(dialog).toContainText('Players in the session stay; nobody new is added by itself.')
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toBeFocused()
  await sayWhy(page, 'local')
  await dialog.getByRole('button', { name: OFF }).click()
  await expect(backfill).toContainText(`Off. Stopped ${ticketId}. None live after`)
  await backfill.getByText('Proof').click()
  await expect(backfill).toContainText('autoBackfillMode null, autoBackfillTicketId null')
  await expect(backfill).toContainText('Automatic backfill is off for this session.')
  await expect(backfill.getByRole('button', { name: OFF })).toHaveAccessibleDescription(
    'Automatic backfill is off for this session already.',
  )
  await expect(panel(page, 'Open backfill tickets')).toContainText('None is open for this session.')

  await nobodyIsTaken(game, game.id('sam'))
  const after = await matchmakerData(gamelift, arn)
  expect(after.autoBackfillMode ?? null).toBeNull()
  expect(after.autoBackfillTicketId ?? null).toBeNull()
  expect((await game.describe(ticketId)).Status).toBe('CANCELLED')
})

test('a ticket renewed between looking and clicking is the one that is stopped', async ({ page, gamelift }) => {
  const { game, arn, ticketId: first } = await coOpSession(gamelift, 'renewed')
  await open(page, `/local/sessions/${encodeURIComponent(arn)}`)
  await page.getByRole('button', { name: OFF }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await game.start(game.id('third'), game.id('sam')) // taken by the first backfill, which is then followed by another
  await expect.poll(async () => (await matchmakerData(gamelift, arn)).autoBackfillTicketId).not.toBe(first)
  const second = String((await matchmakerData(gamelift, arn)).autoBackfillTicketId)

  await sayWhy(page, 'local')
  await dialog.getByRole('button', { name: OFF }).click()
  await expect(panel(page, 'Backfill')).toContainText(`Off. Stopped ${second}. None live after`)
  expect((await game.describe(first)).Status).toBe('COMPLETED')
  expect((await game.describe(second)).Status).toBe('CANCELLED')
  expect((await matchmakerData(gamelift, arn)).autoBackfillTicketId ?? null).toBeNull()
})

test('a backfill started by hand brings the players the session has', async ({ page, gamelift }) => {
  const { game, arn } = await coOpSession(gamelift, 'by-hand')
  await open(page, `/local/sessions/${encodeURIComponent(arn)}`)
  await page.getByRole('button', { name: OFF }).click()
  await sayWhy(page, 'local')
  await page.getByRole('dialog').getByRole('button', { name: OFF }).click()
  await expect(panel(page, 'Backfill')).toContainText('Off. Stopped')

  await page.getByRole('button', { name: 'Start backfill' }).click()
  const dialog = page.getByRole('dialog', { name: 'Start a backfill for session' })
  await expect(dialog).toContainText('local')
  await expect(dialog.getByRole('textbox', { name: 'Configuration' })).toHaveValue(game.configuration)
  await expect(dialog.getByRole('checkbox', { name: game.id('ana') })).toBeChecked()
  await dialog.getByRole('checkbox', { name: game.id('bo') }).uncheck() // has left
  await sayWhy(page)
  await dialog.getByRole('button', { name: 'Start backfill' }).click()
  await expect(dialog).toBeHidden()
  const started = panel(page, 'Backfill').getByRole('status').filter({ hasText: 'was accepted by GameLift.' })
  const ticketId = String((await started.getByRole('link').getAttribute('href'))?.split('/').at(-1))
  const ticket = await game.describe(ticketId)
  expect(ticket.Players).toMatchObject([{ PlayerId: game.id('ana'), Team: 'crew' }])
  expect(ticket.Players).toHaveLength(1)
  await expect(ticketLink(page, ticketId)).toBeVisible()
  await game.start(game.id('newcomer'), game.id('sam'))
  await game.until('COMPLETED', ticketId)
  await expect(panel(page, 'Players by team')).toContainText(game.id('sam'))
})
