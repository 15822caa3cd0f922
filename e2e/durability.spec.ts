import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'
import { createDuel, differing, play } from './duels.ts'
import { expect, test } from './fixtures.ts'
import { deliver, incomplete } from './sender.ts'
import { somewhere } from './server/matchdesk.ts'

const KILLS = 20
const SENDERS = 4
const SECRET = 'a-secret-for-durability-tests'

test(`${KILLS} kills of the dashboard under load lose no event it answered 200 for, and none of the engine's`, async () => {
  test.setTimeout(240_000)
  const where = await somewhere('durability')
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres(path.join(where.dataDir, 'postgres'))
  const db = openPool(postgres.connectionString, { name: 'durability', max: 2 })
  await migrate(db)
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    DATABASE_URL: postgres.connectionString,
    MATCHDESK_DATA_DIR: where.dataDir,
    PORT: String(where.port),
    ENGINE_PORT: String(where.enginePort),
    MATCHDESK_INGEST_SECRET: SECRET,
    MATCHDESK_DEMO: '0',
  }
  const dashboard = `http://127.0.0.1:${where.port}`
  const engineUrl = `http://127.0.0.1:${where.enginePort}`
  const engine = await run('lib/engine/main.ts', [], env, `${engineUrl}/health`)
  const startWeb = () =>
    run('node_modules/next/dist/bin/next', ['start', '--port', env.PORT], env, `${dashboard}/api/health`)
  let web = await startWeb()
  try {
    const client = new GameLiftClient({
      endpoint: engineUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    await createDuel(client)
    const acknowledged: string[] = []
    const played: string[] = []
    let loading = true
    const load = [
      ...Array.from({ length: SENDERS }, async () => {
        while (loading) await deliver(`${dashboard}/api/ingest/local`, SECRET, acknowledged)
      }),
      (async () => {
        while (loading) played.push(await play(client))
      })(),
    ]
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(100 + ((kill * 173) % 600)) // another phase of a delivery each time
      await end(web)
      web = await startWeb()
    }
    loading = false
    await Promise.all(load)

    expect(acknowledged.length).toBeGreaterThan(KILLS)
    expect(await incomplete(db, acknowledged)).toEqual([])
    expect(played.length).toBeGreaterThan(KILLS)
    // The engine goes on delivering until each of its events has been taken.
    await expect.poll(() => differing(db, client, played), { timeout: 60_000 }).toEqual([])
  } finally {
    await end(web)
    await end(engine)
    await db.end()
    await postgres.stop()
    fs.rmSync(where.dataDir, { recursive: true, force: true })
  }
})

async function run(script: string, args: string[], env: NodeJS.ProcessEnv, healthUrl: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, ...args], { env, stdio: 'ignore' })
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) break
    const healthy = await fetch(healthUrl).then(
      (response) => response.ok,
      () => false,
    )
    if (healthy) return child
    await sleep(50)
  }
  child.kill('SIGKILL')
  throw new Error(`${script} did not answer at ${healthUrl}.`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
