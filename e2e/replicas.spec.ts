import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'
import { startTestEngine } from '#lib/engine/testing/start-test-engine.ts'
import { liveReplicas } from '#lib/replicas/heartbeat.ts'
import { freePort } from '#lib/testing/free-port.ts'
import { startReplicas } from '#lib/testing/replicas.ts'
import { countTickets, readCounters } from '#lib/tickets/testing/index-dump.ts'
import { createDuel, differing, play, waitAlone } from './duels.ts'
import { expect, test } from './fixtures.ts'
import { deliver, incomplete } from './sender.ts'
import { somewhere } from './server/matchdesk.ts'

const REPLICAS = 3
const KILLS = 12
const KILL_EVERY_MS = 2_000
const SENDERS = 3
const SECRET = 'a-secret-for-the-replicas'

test(`${REPLICAS} replicas, one killed every ${KILL_EVERY_MS / 1000} s: nothing acknowledged is lost, no page is left behind`, async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const { dataDir } = await somewhere('replicas')
  const postgres = await startEmbeddedPostgres(path.join(dataDir, 'postgres'))
  const db = openPool(postgres.connectionString, { name: 'replicas', max: 2 })
  await migrate(db)
  const enginePort = await freePort()
  const replicas = await startReplicas(REPLICAS, {
    DATABASE_URL: postgres.connectionString,
    MATCHDESK_DATA_DIR: dataDir,
    MATCHDESK_INGEST_SECRET: SECRET,
    ENGINE_PORT: String(enginePort),
  })
  const ingest = `${replicas.url}/api/ingest/local`
  const engine = await startTestEngine({
    databaseUrl: postgres.connectionString,
    port: enginePort,
    targets: [{ name: 'balancer', url: ingest, secret: SECRET, type: 'eventbridge' }],
    env: { ENGINE_EVENT_TIME: 'milliseconds' },
  })
  const gamelift = new GameLiftClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const context = await browser.newContext({ baseURL: replicas.url, storageState: { cookies: [], origins: [] } })
  try {
    test.info().annotations.push({ type: 'balancer', description: replicas.balancer })
    await createDuel(gamelift)
    const token = await createSignInLink(db, { role: 'admin', name: 'ada', ttlSeconds: 600 })
    const page = await context.newPage()
    await page.goto(`/sign-in?token=${token}`)
    await expect(page).toHaveURL(/\/local$/)
    await page.goto('/local/tickets')

    const acknowledged: string[] = []
    const played: string[] = []
    let loading = true
    const load = [
      ...Array.from({ length: SENDERS }, async () => {
        while (loading) await deliver(ingest, SECRET, acknowledged)
      }),
      (async () => {
        while (loading) played.push(await play(gamelift))
      })(),
    ]
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(KILL_EVERY_MS / 2 + ((kill * 173) % 600)) // another phase of a delivery each time
      await replicas.end(kill % REPLICAS, kill % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
      await sleep(KILL_EVERY_MS / 2)
      await replicas.start(kill % REPLICAS)
    }
    loading = false
    await Promise.all(load)

    expect(acknowledged.length).toBeGreaterThan(KILLS * 10)
    expect(played.length).toBeGreaterThan(KILLS * 10)
    expect(await incomplete(db, acknowledged)).toEqual([])
    // The engine goes on delivering until each of its events has been taken.
    await expect.poll(() => differing(db, gamelift, played), { timeout: 60_000 }).toEqual([])
    expect(await readCounters(db, 'local')).toEqual(await countTickets(db, 'local'))

    const last = await waitAlone(gamelift)
    await expect(page.getByRole('link', { name: last }).first()).toBeVisible({ timeout: 20_000 })

    await expect.poll(() => liveReplicas(db), { timeout: 20_000 }).toHaveLength(REPLICAS)
    await replicas.end(0, 'SIGTERM')
    // It has said good-bye: who dies is missed after ten seconds only.
    await expect.poll(() => liveReplicas(db), { timeout: 5_000 }).toHaveLength(REPLICAS - 1)
  } finally {
    await context.close()
    gamelift.destroy()
    await engine.kill()
    await replicas.stop()
    await db.end()
    await postgres.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  }
})

test('npm run web is one more web process on a database it shares, and ends by itself', async ({ page }) => {
  const { dataDir, port } = await somewhere('web')
  const databaseUrl = String(process.env.E2E_DATABASE_URL)
  const env = { ...process.env, NODE_ENV: 'production', PORT: String(port), MATCHDESK_DATA_DIR: dataDir }
  const run = (script: string, args: string[], more: Record<string, string>) =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
      env: { ...env, ...more } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const refused = run('lib/start/start.ts', ['web'], { DATABASE_URL: '' })
  const [complaint] = await Promise.all([textOf(refused.stderr), once(refused, 'exit')])
  expect(refused.exitCode).toBe(1)
  expect(complaint).toContain('DATABASE_URL is not set')

  const web = run('lib/start/start.ts', ['web'], { DATABASE_URL: databaseUrl })
  const ended = once(web, 'exit')
  try {
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/api/health`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(200)
    const signIn = run('lib/start/sign-in.ts', [], { DATABASE_URL: databaseUrl })
    const [link] = await Promise.all([textOf(signIn.stdout), once(signIn, 'exit')])
    expect(link).toContain(`http://127.0.0.1:${port}/sign-in?token=`)
    await page.context().clearCookies()
    await page.goto(link.trim())
    await expect(page).toHaveURL(`http://127.0.0.1:${port}/local`)
  } finally {
    web.kill('SIGTERM')
    await ended
    fs.rmSync(dataDir, { recursive: true, force: true })
  }
  expect(web.exitCode).toBe(0)
})

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}
