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
import { startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { startReplicas } from '#lib/testing/replicas.ts'
import { countTickets, readCounters } from '#lib/tickets/testing/index-dump.ts'
import { busySeconds, canTellHowBusy } from './busy.ts'
import { createDuel, differing, play, waitAlone } from './duels.ts'
import { expect, test } from './fixtures.ts'
import { deliver, incomplete } from './sender.ts'
import { somewhere } from './server/matchdesk.ts'

const REPLICAS = 3
const KILLS = 12
const KILL_EVERY_MS = 2_000
const SENDERS = 3
const ENDINGS = process.env.MATCHDESK_FAULTS === 'full' ? 50 : 3
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

test(`a web process that is asked to end, ${ENDINGS} times, has ended within 2 s while it is watched and under load`, async ({
  browser,
}) => {
  test.setTimeout(60_000 + ENDINGS * 20_000)
  const postgres = await startKillablePostgres('endings')
  const replicas = await startReplicas(2, {
    DATABASE_URL: postgres.url,
    MATCHDESK_DATA_DIR: postgres.dataDir,
    MATCHDESK_INGEST_SECRET: SECRET,
    ENGINE_PORT: String(await freePort()),
  })
  const ingest = `${replicas.url}/api/ingest/local`
  // Each process is watched past the balancer too, by a browser that keeps its connections.
  const contexts = await Promise.all(
    [replicas.url, ...replicas.urls].map((baseURL) =>
      browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } }),
    ),
  )
  try {
    const pages = []
    for (const context of contexts) {
      const token = await createSignInLink(postgres.db, { role: 'admin', name: 'ada', ttlSeconds: 600 })
      const page = await context.newPage()
      await page.goto(`/sign-in?token=${token}`)
      await expect(page.getByText(/^Live/)).toBeVisible()
      pages.push(page)
    }

    const acknowledged: string[] = []
    const statuses = new Map<number, number>()
    let loading = true
    const load = Array.from({ length: SENDERS }, async () => {
      while (loading) {
        const status = await deliver(ingest, SECRET, acknowledged)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    })
    const endings: { afterMs: number; killed: boolean }[] = []
    for (let ending = 0; ending < ENDINGS; ending++) {
      await sleep(500 + ((ending * 173) % 600)) // another phase of a delivery each time
      endings.push(await replicas.end(ending % 2, 'SIGTERM'))
      // Nobody has to wait for its leases, and it is not taken for one that died.
      const { rows } = await postgres.db.query<{ alive: number }>('select count(*)::int as alive from replicas')
      expect(rows[0]?.alive).toBe(1)
      await replicas.start(ending % 2)
      await expect.poll(() => liveReplicas(postgres.db)).toHaveLength(2)
    }
    loading = false
    await Promise.all(load)

    const slowestMs = Math.max(...endings.map(({ afterMs }) => afterMs))
    console.log(JSON.stringify({ endings: ENDINGS, slowestMs: Math.round(slowestMs), statuses: [...statuses] }))
    expect(endings.filter(({ killed }) => killed)).toEqual([])
    expect(slowestMs).toBeLessThan(2_000)
    expect(acknowledged.length).toBeGreaterThan(ENDINGS * 10)
    expect(await incomplete(postgres.db, acknowledged)).toEqual([])
    for (const page of pages) await expect(page.getByText(/^Live/)).toBeVisible({ timeout: 20_000 })
  } finally {
    for (const context of contexts) await context.close()
    await replicas.stop()
    await postgres.stop()
  }
})

test('a web process goes on quietly when nobody reads its log any more', async () => {
  test.skip(!canTellHowBusy, 'how busy a process is can be read on Linux only')
  const postgres = await startKillablePostgres('unread')
  const replicas = await startReplicas(1, {
    DATABASE_URL: postgres.url,
    MATCHDESK_DATA_DIR: postgres.dataDir,
    MATCHDESK_INGEST_SECRET: SECRET,
    ENGINE_PORT: String(await freePort()),
  })
  try {
    replicas.stopReading(0)
    await postgres.kill() // of which it has something to say
    await sleep(1_000)
    const busyBefore = busySeconds(replicas.pid(0))
    await sleep(2_000)
    expect(busySeconds(replicas.pid(0)) - busyBefore).toBeLessThan(0.5)
    await postgres.start()
    await expect.poll(async () => (await fetch(`${replicas.urls[0]}/api/health`)).status, { timeout: 20_000 }).toBe(200)
  } finally {
    await replicas.stop()
    await postgres.stop()
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
