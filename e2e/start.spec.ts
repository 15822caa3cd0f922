import fs from 'node:fs'
import { expect, test } from './fixtures.ts'
import { newSignInUrl, runStartCommand, somewhere, startMatchdesk } from './server/matchdesk.ts'

test.describe('starting Matchdesk', () => {
  test('both processes say that they are healthy', async ({ request }) => {
    const dashboard = await request.get('/api/health')
    expect(dashboard.status()).toBe(200)
    expect(await dashboard.json()).toMatchObject({ status: 'ok' })
    const engine = await request.get(`${process.env.E2E_ENGINE_URL}/health`)
    expect(engine.status()).toBe(200)
    expect(await engine.json()).toMatchObject({ status: 'ok' })
  })

  test('a sign-in link opens the dashboard once', async ({ browser }) => {
    const url = await newSignInUrl({ dataDir: String(process.env.E2E_DATA_DIR) })
    const visit = async () => {
      const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
      const page = await context.newPage()
      await page.goto(url)
      return { page, close: () => context.close() }
    }
    const first = await visit()
    await expect(first.page).toHaveURL(/\/local/)
    await expect(first.page.getByRole('heading', { level: 1 })).toBeVisible()
    await first.close()
    const second = await visit()
    await expect(second.page).not.toHaveURL(/\/local/)
    await expect(second.page.getByText(/used/i).first()).toBeVisible()
    await second.close()
  })

  test('the sign-in link and the secret can be read by their owner only', () => {
    for (const name of ['sign-in-url', 'ingest-secret', 'holder.json']) {
      expect(fs.statSync(`${process.env.E2E_DATA_DIR}/${name}`).mode & 0o777).toBe(0o600)
    }
  })

  test('a second start on the same data says who holds it, and on the same ports who has them', async () => {
    const [port, enginePort] = [process.env.E2E_BASE_URL, process.env.E2E_ENGINE_URL].map((url) =>
      Number(new URL(String(url)).port),
    ) as [number, number]
    const same = runStartCommand({ dataDir: String(process.env.E2E_DATA_DIR), port, enginePort })
    await expect.poll(() => same.process.exitCode).toBe(1)
    expect(same.log()).toMatch(/is in use by Matchdesk: process \d+, since .* at http:\/\/127\.0\.0\.1:\d+\./)
    const { dataDir } = await somewhere('taken')
    const other = runStartCommand({ dataDir, port, enginePort })
    await expect.poll(() => other.process.exitCode).toBe(1)
    expect(other.log()).toMatch(new RegExp(`Port ${enginePort} is in use.*set ENGINE_PORT`))
    fs.rmSync(dataDir, { recursive: true, force: true })
  })

  test('a wrong setting stops the start with its name', async () => {
    const failed = runStartCommand(await somewhere('wrong'), { MATCHDESK_DEMO: 'yes' })
    await expect.poll(() => failed.process.exitCode).toBe(1)
    expect(failed.log().trim()).toBe('MATCHDESK_DEMO is "yes"; it must be 0 or 1.')
  })

  test('after a kill -9 of the start command nothing is left behind, and the next start just works', async () => {
    test.setTimeout(120_000)
    const where = await somewhere('killed')
    const first = await startMatchdesk(where)
    await first.kill()
    const second = await startMatchdesk(where) // at once: the same data folder, the same ports
    expect((await fetch(`${second.baseUrl}/api/health`)).status).toBe(200)
    const stoppedAt = Date.now()
    expect(await second.stop()).toBe(0)
    expect(Date.now() - stoppedAt).toBeLessThan(10_000)
    await expect(fetch(`${second.engineUrl}/health`)).rejects.toThrow()
    fs.rmSync(where.dataDir, { recursive: true, force: true })
  })

  test('a part that dies takes the rest down, and is named', async () => {
    const where = await somewhere('died')
    const matchdesk = await startMatchdesk(where)
    process.kill(matchdesk.childPid('engine'), 'SIGKILL')
    await expect.poll(() => matchdesk.log()).toMatch(/The engine process \(\d+\) was ended by SIGKILL unexpectedly/)
    expect(await matchdesk.ended).toBe(1)
    expect(matchdesk.log().trim()).toMatch(/so everything has stopped\. .* npm start goes on with it\.$/)
    await expect(fetch(`${matchdesk.baseUrl}/api/health`)).rejects.toThrow()
    fs.rmSync(where.dataDir, { recursive: true, force: true })
  })
})
