import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { newGame } from './players.ts'
import { heading, openList, openTicket, sentence, ticketLink } from './screen.ts'

/** Where the focus is: its words, whether one sees that it is there, and whether it is in view; null when nowhere. */
function focus(page: Page) {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    if (element === document.body) return null
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    const { top, bottom, width, height } = element.getBoundingClientRect()
    const middle = document.elementFromPoint(
      element.getBoundingClientRect().left + width / 2,
      element.getBoundingClientRect().top + height / 2,
    )
    return {
      text: (element.ariaLabel ?? element.textContent ?? '').trim(),
      ring: (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none',
      inView: top >= 0 && bottom <= innerHeight,
      uncovered: middle !== null && (element.contains(middle) || middle.contains(element)),
    }
  })
}

test('find, open, cancel and verify without a pointer', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'keys')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  await openTicket(page, ticketId) // until it is known
  await page.goto('/local')
  await expect(page.getByText(/^Live/)).toBeVisible() // the keys act once the page is awake
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Find by id' })).toBeFocused()
  await page.keyboard.type(ticketId)
  await page.keyboard.press('Enter')
  await expect(heading(page)).toContainText(ticketId)

  const cancel = page.getByRole('button', { name: 'Cancel ticket' })
  await tabTo(page, 'Cancel ticket')
  await expect(cancel).toBeFocused()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('textbox', { name: 'Reason' })).toBeFocused()
  // Only what is in the dialog is reached, however long one goes on.
  for (let presses = 0; presses < 8; presses++) {
    await page.keyboard.press('Tab')
    const inside = await page.evaluate(() => {
      const at = document.activeElement
      return at === document.body || document.querySelector('dialog[open]')?.contains(at) === true
    })
    expect(inside).toBe(true)
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(cancel).toBeFocused()

  await page.keyboard.press('Enter')
  await page.keyboard.type('no longer wanted')
  await page.keyboard.press('Enter')
  await expect(heading(page)).toContainText('Cancelled')
  await expect(sentence(page)).toContainText('Cancelled on request.')
})

test('j and k walk the rows, Enter opens one, and letters that are typed stay letters', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'rows')
  const older = await game.start(game.id('older'), game.id('ana'))
  const newer = await game.start(game.id('newer'), game.id('bo'))
  await game.until('COMPLETED', older, newer)
  await openList(page, game.configuration)
  await expect(ticketLink(page, older)).toBeVisible()
  await expect(page.getByText(/^Live/)).toBeVisible() // the keys act once the page is awake
  await page.keyboard.press('j')
  await expect(ticketLink(page, newer)).toBeFocused()
  await page.keyboard.press('j')
  await expect(ticketLink(page, older)).toBeFocused()
  expect(await focus(page)).toMatchObject({ ring: true, inView: true, uncovered: true })
  await page.keyboard.press('k')
  await expect(ticketLink(page, newer)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(heading(page)).toContainText(newer)

  await page.keyboard.press('/')
  const search = page.getByRole('combobox', { name: 'Find by id' })
  await expect(search).toBeFocused()
  await page.keyboard.type('jk?/gt')
  await expect(search).toHaveValue('jk?/gt')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('the list of keys opens with "?", its keys lead to the pages, and they can be turned off', async ({ page }) => {
  await page.goto('/local/tickets')
  await expect(page.getByText(/^Live/)).toBeVisible() // the keys act once the page is awake
  await page.keyboard.press('?')
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(list).toContainText('Next and previous ticket in a list')
  await page.keyboard.press('Escape')
  await expect(list).toBeHidden()
  for (const [key, title] of [
    ['m', 'Matches'],
    ['s', 'Game sessions'],
    ['r', 'Rule sets'],
    ['c', 'Configurations'],
    ['h', 'Health'],
    ['a', 'Set aside'],
    ['o', 'Overview'],
  ] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await expect(heading(page)).toHaveText(title)
  }
  await page.keyboard.press('?')
  await list.getByRole('switch', { name: 'Single keys act' }).press('Space')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k') // still there: it is no single key
  await expect(page.getByRole('combobox', { name: 'Find by id' })).toBeFocused()
  await expect(list).toBeHidden()
})

test('the first Tab offers the content, and every stop after it can be seen', async ({ page, gamelift }) => {
  const game = await newGame(gamelift, 'stops')
  const ticketId = await game.start(game.id('ticket'), game.id('ana'))
  await openTicket(page, ticketId)
  await page.keyboard.press('Tab')
  expect(await focus(page)).toMatchObject({ text: 'Skip to content', inView: true, uncovered: true })
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('main').locator(':focus')).toHaveCount(1)

  await page.goto(`/local/tickets/${ticketId}`)
  await expect(heading(page)).toContainText(ticketId)
  const stops: string[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const at = await focus(page)
    if (at === null) break // round the end of the page
    stops.push(at.text)
    expect(at, `stop ${stops.length}: ${at.text}`).toMatchObject({ ring: true, inView: true, uncovered: true })
  }
  expect(stops).toContain('Cancel ticket')
  expect(stops).toContain('Tickets')
})

/** Presses until the button has the focus, as a person would. */
async function tabTo(page: Page, name: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press(key)
    if ((await focus(page))?.text === name) return
  }
  throw new Error(`${name} is not reached with ${key}.`)
}
