/**
 * An engine from its settings to its end: takes its journal, listens, brings its state back, loads what it is to start
 * with and publishes events.
 */
import { randomUUID } from 'node:crypto'
import { type ClockStart, startClock } from './clock.ts'
import type { EngineOptionsPatch } from './core/contract.ts'
import { createEngine } from './core/engine.ts'
import { DEFAULT_OPTIONS } from './core/options.ts'
import type { Fixtures } from './fixture-files/fixtures.ts'
import { isChange, planFixtures } from './fixture-files/plan-fixtures.ts'
import { createMemoryStore } from './journal/memory-store.ts'
import { OutboxWriter } from './journal/outbox.ts'
import type { JournalStore } from './journal/store.ts'
import { labRoutes } from './lab/routes.ts'
import { listen, stopListening } from './listening.ts'
import { type Publisher, startPublisher } from './publisher.ts'
import { importRun } from './run/import-run.ts'
import { openRun } from './run/open-run.ts'
import type { EngineSettings } from './settings.ts'
import { Shell } from './shell.ts'
import type { EventTarget } from './targets.ts'
import { internalError } from './wire/errors.ts'
import { RequestRates } from './wire/request-rates.ts'
import { createWireServer } from './wire/server.ts'

/** Together under the 5 s that whoever stops us grants. */
const STOP_MS = { inFlight: 1_500, snapshot: 2_200, publisher: 500, store: 500 }

export interface EngineRun {
  settings: EngineSettings
  /** Names a migrated database; null keeps everything in memory, for as long as the engine runs. */
  databaseUrl: string | null
  /** Get the events, beside those of the settings. */
  targets?: readonly EventTarget[]
  fixtures?: Fixtures
  /** The file of a run that an empty journal begins with; the clock goes on from its last moment. */
  run?: string | null
  /** Win over settings, fixtures and what the journal says. */
  options?: EngineOptionsPatch
  clock?: Partial<ClockStart>
}

export interface RunningEngine {
  /** `http://127.0.0.1:9080`; with port 0 in the settings, the port that was free. */
  endpoint: string
  /** Answers what is in flight, keeps the state, gives the database back. Within 5 s. */
  stop(): Promise<void>
  /** Rejects when another engine has taken the database: this one can only end. */
  superseded: Promise<never>
}

/**
 * Resolves once the engine answers, with everything it was to start with. Throws HeldElsewhere when another engine has the
 * database, FixtureError for a fixture that cannot be loaded; then none is. NotEmpty or RunRefused for a run, which is
 * imported whole or not at all.
 */
export async function runEngine(given: EngineRun): Promise<RunningEngine> {
  const { settings } = given
  const targets = [...settings.targets, ...(given.targets ?? [])]
  const { store, close } = given.databaseUrl === null ? inMemory(targets) : await inPostgres(given.databaseUrl)
  const superseded = Promise.withResolvers<never>()
  superseded.promise.catch(() => {}) // whoever cares awaits it
  let publisher: Publisher | null = null
  let ready = false
  const outbox = new OutboxWriter(store.outbox, () => publisher?.wake())
  const shell = new Shell({
    store,
    outbox,
    createEngine: (snapshot) => createEngine(DEFAULT_OPTIONS, snapshot),
    createClock: (lastMs) => startClock(given.run ? 0 : lastMs, clockStart(given, lastMs)),
    onSuperseded: superseded.reject,
  })
  const rates = new RequestRates()
  const starting = () => (ready ? null : 'the engine is starting')
  const server = createWireServer({
    boundTo: settings.host,
    async execute(operation, input) {
      if (!ready) throw internalError('The engine cannot answer now: it is starting.')
      rates.admit(operation, shell.options.requestRates)
      return shell.execute(operation, input)
    },
    routes: [
      { method: 'GET', path: '/health', answer: async () => health(shell.failing() ?? starting(), shell.position) },
      ...labRoutes(shell),
    ],
  })
  const stop = once(async () => {
    await within(STOP_MS.inFlight, stopListening(server))
    server.closeAllConnections()
    await within(STOP_MS.snapshot, shell.stop())
    outbox.close()
    await within(STOP_MS.publisher, publisher?.stop())
    await within(STOP_MS.store, close())
  })
  try {
    if (given.run) await importRun(store, openRun(given.run))
    await shell.hold()
    const endpoint = await listen(server, settings)
    await shell.start()
    await load(shell, given)
    ready = true
    publisher = startPublisher({
      outbox: store.outbox,
      targets,
      timePrecision: settings.eventTime,
      faults: () => ({ options: shell.options.events, nowMs: shell.clock.nowMs() }),
    })
    return { endpoint, stop, superseded: superseded.promise }
  } catch (error) {
    await stop()
    throw error
  }
}

/** An imported run goes on as if no time had passed since: it is as it was, whenever that is. */
function clockStart({ clock, run }: EngineRun, lastMs: number): ClockStart {
  const start = { mode: 'running' as const, startAtMs: null, ...clock }
  return run && lastMs > 0 ? { ...start, startAtMs: lastMs } : start
}

interface Kept {
  store: JournalStore
  close(): Promise<void>
}

function inMemory(targets: readonly EventTarget[]): Kept {
  const store = createMemoryStore(targets.map(({ name }) => name))
  return { store, close: async () => {} }
}

/** Loaded only here: an engine in memory needs no PostgreSQL driver. */
async function inPostgres(databaseUrl: string): Promise<Kept> {
  const { openPool } = await import('#lib/db/pool.ts')
  const { createPostgresStore } = await import('./journal/postgres-store.ts')
  const db = openPool(databaseUrl, { name: 'engine', max: 6 })
  return { store: createPostgresStore(databaseUrl, db), close: () => db.end() }
}

/** The journal begins with a seed of its own: two databases must not give different events the same ids. */
async function load(shell: Shell, { settings, fixtures, options = {} }: EngineRun): Promise<void> {
  await setOptions(shell, shell.position === 0 ? { seed: randomUUID(), ...settings.options } : settings.options)
  if (fixtures) {
    const copy = createEngine(DEFAULT_OPTIONS, shell.snapshot())
    const trial = { engine: copy, position: shell.position, timeMs: shell.clock.nowMs() }
    for (const { operation, input } of planFixtures(fixtures, trial)) {
      if (operation === 'SetOptions') await shell.setOptions(input)
      else await shell.execute(operation, input)
    }
  }
  await setOptions(shell, options)
}

async function setOptions(shell: Shell, patch: EngineOptionsPatch): Promise<void> {
  if (isChange(shell, patch)) await shell.setOptions(patch)
}

function health(failing: string | null, position: number) {
  if (failing === null) return { status: 200, body: { status: 'ok', position } }
  return { status: 503, body: { status: 'unavailable', failing } }
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
