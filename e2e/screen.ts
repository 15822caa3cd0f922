/** Where things are on the screens, in the words people see. */
import { expect, type Locator, type Page } from '@playwright/test'

/** Title and state of the thing the page is about. */
export function heading(page: Page): Locator {
  return page.getByRole('heading', { level: 1 })
}

/** The line under the title: what goes on, and what happens next. */
export function sentence(page: Page): Locator {
  return page.locator('h1 + div')
}

export function ticketLink(page: Page, ticketId: string): Locator {
  return page.getByRole('link', { name: `Ticket ${ticketId}`, exact: true })
}

/** The ticket's line in a list of tickets. */
export function ticketRow(page: Page, ticketId: string): Locator {
  return page.getByRole('row').filter({ has: ticketLink(page, ticketId) })
}

/** One of the tabs over the list; its text ends with the count. */
export function tab(page: Page, name: string): Locator {
  return page.getByRole('navigation', { name: 'Tickets by status' }).getByRole('link', { name: new RegExp(`^${name}`) })
}

/** The part of the page with this title. */
export function panel(page: Page, title: string | RegExp): Locator {
  return page.getByRole('region', { name: title, exact: true })
}

/** A page of something that was started a moment ago: there as soon as its first event has arrived. */
export async function open(page: Page, address: string): Promise<void> {
  await expect(async () => {
    await page.goto(address)
    await expect(heading(page)).toBeVisible()
    expect(await heading(page).textContent()).not.toMatch(/^No /)
  }).toPass({ intervals: [50, 100, 250] })
}

export async function openTicket(page: Page, ticketId: string): Promise<void> {
  await open(page, `/local/tickets/${ticketId}`)
  await expect(heading(page)).toContainText(ticketId)
}

/** The list, narrowed to one configuration, which keeps other specs' tickets away. */
export async function openList(page: Page, configuration: string, tabName = 'all'): Promise<void> {
  await page.goto(`/local/tickets?tab=${tabName}&configuration=${configuration}`)
  await expect(heading(page)).toHaveText('Tickets')
}

/** Fills in what the open dialog asks for along with the click: a reason, and where a word is given, that word. */
export async function sayWhy(page: Page, word?: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('asked by a test')
  if (word !== undefined) await dialog.getByRole('textbox', { name: /to confirm$/ }).fill(word)
}

/** The button of a player's line, the reason, and Enter. */
export async function acceptFor(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).click()
  await sayWhy(page)
  await page.keyboard.press('Enter')
}
