import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { ARENA, differingTickets, startArena } from './arena.ts'
import { expect, test } from './fixtures.ts'

test('a GameLift that takes every call and answers none is left alone, the pages say so, and the list is there', async ({
  browser,
}) => {
  test.setTimeout(180_000)
  const postgres = await startKillablePostgres('black-hole')
  const arena = await startArena(postgres, { replicas: 1, aws: { options: { tickMs: 100 } } })
  const { aws, replicas, traffic } = arena
  const context = await browser.newContext({ baseURL: replicas.url, storageState: { cookies: [], origins: [] } })
  try {
    await traffic.play(10, 5)
    await expect
      .poll(async () => differingTickets(postgres.db, await traffic.statuses()), { timeout: 30_000 })
      .toEqual([])
    const page = await context.newPage()
    const link = await createSignInLink(postgres.db, { role: 'admin', name: 'ada', ttlSeconds: 600 })
    await page.goto(`/sign-in?token=${link}`)
    await expect(page).toHaveURL(/\/local$/)

    aws.plan({ blackHole: true })
    await page.goto(`/${ARENA}/health`)
    await expect(page.getByText('calls are held back')).toBeVisible({ timeout: 90_000 })
    await expect(page.getByText(/^after \d+ unanswered$/)).toBeVisible()
    const begun = performance.now()
    await page.goto(`/${ARENA}/tickets?tab=all`)
    await expect(page.getByRole('row')).not.toHaveCount(1)
    expect(performance.now() - begun).toBeLessThan(5_000)
    await expect(page.getByText('GameLift not answering').first()).toBeVisible()

    aws.plan({ blackHole: false })
    await page.goto(`/${ARENA}/health`)
    await expect(page.getByText('calls are held back')).toBeHidden({ timeout: 30_000 })
  } finally {
    await context.close()
    await arena.stop()
    await postgres.stop()
  }
})
