import { expect, test } from './fixtures.ts'
import { type Game, newGame } from './players.ts'
import { acceptFor, heading, openTicket, panel, sayWhy, sentence, ticketLink } from './screen.ts'

/** Long enough for a person, and for a machine with other work. */
const SECONDS_TO_ANSWER = 120

/** Parties of two, as two tickets that have been matched and are being asked. */
async function twoParties(game: Game): Promise<[string, string]> {
  const tickets: [string, string] = [game.id('red'), game.id('blue')]
  await game.start(tickets[0], game.id('ana'), game.id('bo'))
  await game.start(tickets[1], game.id('sam'), game.id('lee'))
  await game.until('REQUIRES_ACCEPTANCE', ...tickets)
  return tickets
}
const PAIRS = [
  { name: 'red', minPlayers: 2, maxPlayers: 2 },
  { name: 'blue', minPlayers: 2, maxPlayers: 2 },
]

test('accepting for players of a ticket, then for all the others, completes the match', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'accept', { acceptanceSeconds: SECONDS_TO_ANSWER, teams: PAIRS, queue: true })
  const [red, blue] = await twoParties(game)
  await openTicket(page, red)
  await expect(heading(page)).toContainText('Needs acceptance')
  await expect(heading(page)).toContainText(/(\d:\d\d|\d+ s) left/)
  await expect(sentence(page)).toContainText('Waiting on 2 of 2 players')

  await acceptFor(page, `Accept for ${game.id('ana')}`)
  const players = panel(page, '2 players')
  await expect(players.getByRole('listitem').filter({ hasText: game.id('ana') })).toContainText('accepted')
  await expect(page.getByRole('button', { name: `Accept for ${game.id('ana')}` })).toBeHidden()
  // Not on the next player's button, where a second Enter would accept for somebody else.
  await expect(players.getByRole('listitem').filter({ hasText: game.id('ana') })).toBeFocused()
  await expect(sentence(page)).toContainText(`Waiting on 1 of 2 players (${game.id('bo')})`)
  await acceptFor(page, `Accept for ${game.id('bo')}`)
  await expect(sentence(page)).toContainText('All players of this ticket have accepted.')

  await page
    .getByRole('region', { name: 'Other tickets of its match' })
    .getByRole('link', { name: `Ticket ${blue}` })
    .click()
  await expect(heading(page)).toContainText(blue)
  await page.getByRole('button', { name: 'Accept for all players' }).click()
  const dialog = page.getByRole('dialog', { name: `Accept for all players of ticket ${blue}` })
  await expect(dialog).toContainText(game.id('sam'))
  await expect(dialog).toContainText(game.id('lee'))
  await sayWhy(page)
  await dialog.getByRole('button', { name: 'Accept for 2 players' }).click()
  await expect(heading(page)).toContainText('Completed')
  await expect(sentence(page)).toContainText('Matched and placed.')
  expect((await game.describe(red)).Status).toBe('COMPLETED')
})

test('one rejection cancels that ticket, and who had accepted searches again', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'reject', { acceptanceSeconds: SECONDS_TO_ANSWER, teams: PAIRS })
  const [red, blue] = await twoParties(game)
  await game.answer('ACCEPT', blue, game.id('sam'), game.id('lee'))
  await openTicket(page, red)
  await page.getByRole('button', { name: `Reject for ${game.id('ana')}` }).click()
  const dialog = page.getByRole('dialog', { name: `Reject the match for ${game.id('ana')}` })
  await expect(dialog).toContainText('ends at once for everyone in it')
  await expect(dialog).toContainText('As answered so far: 1 ticket will be cancelled, 1 searches again.')
  await expect(dialog).toContainText('local')
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toBeFocused()
  // Nothing happens before somebody has said why.
  await page.keyboard.press('Enter')
  await expect(dialog.getByText('Say why, in some words.')).toBeVisible()
  await sayWhy(page)
  await dialog.getByRole('button', { name: 'Reject the match' }).click()
  await expect(heading(page)).toContainText('Cancelled')
  await expect(sentence(page)).toContainText(`Cancelled because ${game.id('ana')} rejected the proposed match.`)

  await openTicket(page, blue)
  await expect(heading(page)).toContainText('Searching')
  await expect(sentence(page)).toContainText(
    `Back in search: ${game.id('ana')} (ticket ${red}) rejected the proposed match. All players here had accepted.`,
  )
  await expect(page.getByRole('button', { name: /^Accept for/ })).toHaveCount(0)
  expect((await game.describe(red)).Status).toBe('CANCELLED')
  expect((await game.describe(blue)).Status).toBe('SEARCHING')
})

test('the match shows both teams and takes the answers of both', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'teams', { acceptanceSeconds: SECONDS_TO_ANSWER, teams: PAIRS })
  const [red, blue] = await twoParties(game)
  await openTicket(page, red)
  await panel(page, 'Facts')
    .getByRole('link', { name: /^Match / })
    .click()
  await expect(heading(page)).toContainText(/(\d:\d\d|\d+ s) left/)
  await expect(sentence(page)).toContainText('Waiting on 4 players')
  const teams = [panel(page, 'Team red'), panel(page, 'Team blue')]
  for (const team of teams) await expect(team.getByRole('button', { name: /^Accept for/ })).toHaveCount(2)
  const withAna = panel(page, /^Team/).filter({ hasText: game.id('ana') })
  await expect(withAna).toContainText(game.id('bo')) // a party stays together

  await acceptFor(page, `Accept for ${game.id('ana')}`)
  await expect(sentence(page)).toContainText('Waiting on 3 players')
  await page.getByRole('button', { name: `Reject for ${game.id('sam')}` }).click()
  await expect(page.getByRole('dialog')).toContainText('2 tickets will be cancelled, none searches again.')
  await sayWhy(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Reject the match' }).click()
  await expect(sentence(page)).toContainText(`Dropped because ${game.id('sam')} rejected it.`)
  // Nobody of either ticket's undecided players had answered, so both are over.
  const tickets = panel(page, 'Tickets')
  for (const ticketId of [red, blue]) {
    await expect(tickets.getByRole('listitem').filter({ has: ticketLink(page, ticketId) })).toContainText('Cancelled')
  }
  const undecided = (text: string) => page.getByRole('listitem').filter({ hasText: text }).first()
  for (const player of ['bo', 'lee']) await expect(undecided(game.id(player))).toContainText('did not answer')
  await openTicket(page, red)
  await expect(sentence(page)).toContainText(
    `Cancelled because ${game.id('sam')} (ticket ${blue}) rejected the match before ${game.id('bo')} had answered.`,
  )
  await expect(
    panel(page, '2 players')
      .getByRole('listitem')
      .filter({ hasText: game.id('bo') }),
  ).toContainText('did not answer')
})

test('a player who says nothing lets the time run out', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'silent', { acceptanceSeconds: 5, teams: PAIRS })
  const [red, blue] = await twoParties(game)
  await game.answer('ACCEPT', blue, game.id('sam'), game.id('lee'))
  await game.answer('ACCEPT', red, game.id('ana'))
  await openTicket(page, red)
  await expect(heading(page)).toContainText('Cancelled')
  await expect(sentence(page)).toContainText(
    `Cancelled because ${game.id('bo')} did not answer the proposed match in time.`,
  )
  await openTicket(page, blue)
  await expect(heading(page)).toContainText('Searching')
  await expect(sentence(page)).toContainText('did not accept it in time. All players here had accepted.')
})
