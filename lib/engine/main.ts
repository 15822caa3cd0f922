/**
 * The engine process: `node lib/engine/main.ts` with DATABASE_URL, or `runEngine` inside another program. It migrates the
 * database, takes it for itself, listens, brings its state back from the journal and then says it is ready.
 */
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'
import { readSettings, SettingsError } from '#lib/settings.ts'
import type { EngineOptionsPatch } from './core/contract.ts'
import { createEngine } from './core/engine.ts'
import { DEFAULT_OPTIONS, mergeOptions } from './core/options.ts'
import { OutboxWriter } from './journal/outbox.ts'
import { createPostgresStore } from './journal/postgres-store.ts'
import { HeldElsewhere } from './journal/store.ts'
import { labRoutes } from './lab/routes.ts'
import { type Publisher, startPublisher } from './publisher.ts'
import { type EngineSettings, readEngineSettings } from './settings.ts'
import { Shell } from './shell.ts'
import type { EventTarget } from './targets.ts'
import { createWireServer } from './wire/server.ts'

/** Together under the 5 s that whoever stops us grants. */
const STOP_MS = { inFlight: 1_500, snapshot: 2_200, publisher: 500, pool: 500 }

export interface RunningEngine {
  /** `http://127.0.0.1:9080`; with port 0 in the settings, the port that was free. */
  endpoint: string
  /** Answers what is in flight, keeps the state, gives the database back. Within 5 s. */
  stop(): Promise<void>
  /** Rejects when another engine has taken the database: this one can only end. */
  superseded: Promise<never>
}

/**
 * `databaseUrl` must name a migrated database. `targets` get the events, beside those of the settings. Resolves once the
 * replay is done; throws HeldElsewhere when another engine has the database.
 */
export async function runEngine(given: {
  settings: EngineSettings
  databaseUrl: string
  targets?: readonly EventTarget[]
}): Promise<RunningEngine> {
  const { settings, databaseUrl } = given
  const db = openPool(databaseUrl, { name: 'engine', max: 6 })
  const superseded = Promise.withResolvers<never>()
  superseded.promise.catch(() => {}) // whoever cares awaits it
  let publisher: Publisher | null = null
  const store = createPostgresStore(databaseUrl, db)
  const outbox = new OutboxWriter(store.outbox, () => publisher?.wake())
  const shell = new Shell({
    store,
    outbox,
    createEngine: (snapshot) => createEngine(DEFAULT_OPTIONS, snapshot),
    onSuperseded: superseded.reject,
  })
  const server = createWireServer({
    boundTo: settings.host,
    execute: (operation, input) => shell.execute(operation, input),
    routes: [{ method: 'GET', path: '/health', answer: async () => health(shell) }, ...labRoutes(shell)],
  })
  const stop = once(async () => {
    await closeServer(server)
    await within(STOP_MS.snapshot, shell.stop())
    outbox.close()
    await within(STOP_MS.publisher, publisher?.stop())
    await within(STOP_MS.pool, db.end())
  })
  try {
    await shell.hold()
    const endpoint = await listen(server, settings)
    await shell.start()
    await applyOptions(shell, settings.options)
    const targets = [...settings.targets, ...(given.targets ?? [])]
    publisher = startPublisher({ outbox: store.outbox, targets, timePrecision: settings.eventTime })
    return { endpoint, stop, superseded: superseded.promise }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The journal begins with a seed of its own: two databases must not give different events the same ids. */
async function applyOptions(shell: Shell, given: EngineOptionsPatch): Promise<void> {
  const patch = shell.position === 0 ? { seed: randomUUID(), ...given } : given
  const wanted = mergeOptions(shell.options, patch)
  if (JSON.stringify(wanted) !== JSON.stringify(shell.options)) await shell.setOptions(patch)
}

async function health(shell: Shell) {
  const failing = shell.failing()
  if (failing === null) return { status: 200, body: { status: 'ok', position: shell.position } }
  return { status: 503, body: { status: 'unavailable', failing } }
}

function listen(server: Server, { host, port }: EngineSettings): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(taken ? new SettingsError(`ENGINE_PORT is ${port}, and another program listens there on ${host}.`) : error)
    })
    server.listen(port, host, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : port
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${bound}`)
    })
  })
}

/** Takes no new connections and gives the requests under way a moment. */
async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  await within(STOP_MS.inFlight, closed)
  server.closeAllConnections()
}

async function within(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

function once(work: () => Promise<void>): () => Promise<void> {
  let started: Promise<void> | undefined
  return () => {
    started ??= work()
    return started
  }
}

async function start(): Promise<void> {
  const base = readSettings()
  if (!base.databaseUrl) throw new SettingsError('DATABASE_URL is not set; the engine needs a PostgreSQL database.')
  const settings = readEngineSettings(base)
  const pool = openPool(base.databaseUrl, { name: 'engine migration', max: 1 })
  await migrate(pool).finally(() => pool.end())
  const engine = await runEngine({ settings, databaseUrl: base.databaseUrl })
  console.log(`engine ready ${engine.endpoint}`)

  const end = async () => {
    await engine.stop()
    process.exit(0)
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  // Started by another program with a channel to it: without that program nobody would ever end this one.
  if (process.send) process.once('disconnect', end)
  await engine.superseded
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  start().catch((error: unknown) => {
    const expected = error instanceof SettingsError || error instanceof HeldElsewhere
    console.error(expected ? error.message : error)
    process.exit(1)
  })
}
