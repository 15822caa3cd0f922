import { setTimeout as sleep } from 'node:timers/promises'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { freePort } from '#lib/testing/free-port.ts'
import { startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { startReplicas } from '#lib/testing/replicas.ts'
import { expect, test } from './fixtures.ts'
import { tab } from './screen.ts'
import { deliver, incomplete } from './sender.ts'

const FULL = process.env.MATCHDESK_FAULTS === 'full'
const OUTAGE_MS = Number(process.env.MATCHDESK_OUTAGE_SECONDS ?? (FULL ? 60 : 6)) * 1_000
const SECRET = 'a-secret-for-the-outage'
/** Two events each: 50 a second. */
const SEND_EVERY_MS = 40
/** EventBridge waits for 5 s. */
const LATEST_MS = 4_500
const OUTAGES = [
  { what: 'is down', bannerWithinMs: 5_000, healsWithinMs: 10_000 },
  // A frozen one is only told from a slow one by asking: every 10 s, for 5 s.
  { what: 'is frozen', bannerWithinMs: 20_000, healsWithinMs: 20_000 },
] as const

for (const { what, bannerWithinMs, healsWithinMs } of OUTAGES) {
  test(`PostgreSQL ${what} for ${OUTAGE_MS / 1_000} s: the page says so, senders are told to come again, all goes on by itself`, async ({
    browser,
  }) => {
    test.setTimeout(120_000 + OUTAGE_MS * 2)
    const postgres = await startKillablePostgres('outage')
    const replicas = await startReplicas(2, {
      DATABASE_URL: postgres.url,
      MATCHDESK_DATA_DIR: postgres.dataDir,
      MATCHDESK_INGEST_SECRET: SECRET,
      ENGINE_PORT: String(await freePort()),
    })
    const context = await browser.newContext({ baseURL: replicas.url, storageState: { cookies: [], origins: [] } })
    const ingest = `${replicas.url}/api/ingest/local`
    const sent: { at: number; status: number; tookMs: number }[] = []
    const acknowledged: string[] = []
    const sendOne = async () => {
      const at = performance.now()
      const status = await deliver(ingest, SECRET, acknowledged)
      sent.push({ at, status, tookMs: performance.now() - at })
    }
    let sending = true
    const load = (async () => {
      const under: Promise<void>[] = []
      for (; sending; await sleep(SEND_EVERY_MS)) under.push(sendOne())
      await Promise.all(under)
    })()
    try {
      const token = await createSignInLink(postgres.db, { role: 'admin', name: 'ada', ttlSeconds: 600 })
      const page = await context.newPage()
      await page.goto(`/sign-in?token=${token}`)
      await page.getByRole('navigation').getByRole('link', { name: 'Tickets' }).first().click()
      const header = page.getByRole('banner')
      await expect(tab(page, 'All')).toBeVisible() // the page itself is there before the database goes
      await expect(header.getByText(/^Live/)).toBeVisible()
      await page.evaluate(() => Object.assign(window, { neverReloaded: true }))

      const goneAt = performance.now()
      if (what === 'is down') await postgres.kill()
      else postgres.freeze()
      const gone = performance.now()
      await expect(header.getByText(/^Database not answering since \d\d:\d\d:\d\d$/)).toBeVisible({
        timeout: bannerWithinMs,
      })
      const bannerAfterMs = performance.now() - gone
      await sleep(Math.max(0, OUTAGE_MS - (performance.now() - goneAt)))
      const backAt = performance.now()
      if (what === 'is down') await postgres.start()
      else postgres.thaw()
      const takesConnectionsAt = performance.now()
      await expect
        .poll(() => sent.findLast(({ at }) => at > takesConnectionsAt)?.status, { timeout: healsWithinMs })
        .toBe(200)
      const takenAfterMs = performance.now() - takesConnectionsAt
      await expect(header.getByText(/^Live/)).toBeVisible({ timeout: healsWithinMs })
      const liveAfterMs = performance.now() - takesConnectionsAt
      await sleep(1_000)
      sending = false
      await load

      // Those that had begun when it went may have been taken.
      const during = sent.filter(({ at, tookMs }) => at > gone && (at + tookMs < backAt || at + LATEST_MS < backAt))
      const statuses = Object.groupBy(during, ({ status }) => String(status))
      const slowestMs = Math.max(...during.map(({ tookMs }) => tookMs))
      const counted = Object.entries(statuses).map(([status, those]) => `${those?.length} x ${status}`)
      console.log(
        `PostgreSQL ${what} for ${OUTAGE_MS / 1_000} s: ${counted.join(', ')}, the slowest after ${Math.round(slowestMs)} ms; ` +
          `said on the page after ${Math.round(bannerAfterMs)} ms; back: taken after ${Math.round(takenAfterMs)} ms, live after ${Math.round(liveAfterMs)} ms.`,
      )
      expect(Object.keys(statuses)).toEqual(['503'])
      expect(slowestMs).toBeLessThan(LATEST_MS)
      expect(acknowledged.length).toBeGreaterThan(20)
      expect(await incomplete(postgres.db, acknowledged)).toEqual([])
      expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
      const { rows: tickets } = await postgres.db.query<{ all: string }>('select count(*)::text as all from tickets')
      await expect(tab(page, 'All')).toHaveText(`All${tickets[0]?.all}`)
      const { rows } = await postgres.db.query<{ open: number }>(
        `select count(*)::int as open from pg_stat_activity where application_name = 'matchdesk web'`,
      )
      expect(rows[0]?.open).toBeLessThanOrEqual(2 * 10)
    } finally {
      sending = false
      if (what === 'is frozen') postgres.thaw()
      await context.close()
      await replicas.stop()
      await postgres.stop()
    }
  })
}
