import 'server-only'
import { randomUUID } from 'node:crypto'
import type { AccessDeps } from '#lib/access/carry-out.ts'
import { logLine } from '#lib/access/log.ts'
import { createSwitches } from '#lib/access/switches.ts'
import { createLeases, type Leases } from '#lib/db/leases.ts'
import { type Db, openPool } from '#lib/db/pool.ts'
import type { Environment, Environments } from '#lib/environments/environment.ts'
import { readEnvironmentsFile } from '#lib/environments/environments-file.ts'
import { builtInEnvironment, createEnvironments } from '#lib/environments/registry.ts'
import { readStored, saveFromFile } from '#lib/environments/stored.ts'
import { createLiveHub, type LiveHub } from '#lib/live/hub.ts'
import { createStreamLimits, type StreamLimits } from '#lib/live/stream-limits.ts'
import { type Answering, createAnswering } from '#lib/matchmaker/answering.ts'
import { createCallBudget } from '#lib/matchmaker/call-budget.ts'
import { type Catalog, createCatalog } from '#lib/matchmaker/catalog.ts'
import { connect } from '#lib/matchmaker/connect.ts'
import { noteHealth } from '#lib/matchmaker/environment-health.ts'
import { gameLift } from '#lib/matchmaker/gamelift.ts'
import type { Matchmaker } from '#lib/matchmaker/matchmaker.ts'
import { readSettings, type Settings, SettingsError } from '#lib/settings.ts'
import type { MatchmakerHealth } from '#lib/tickets/attention.ts'
import { createTicketLookUp, type TicketLookUp } from '#lib/tickets/look-up-ticket.ts'
import { describeNow } from '#lib/tickets/reconcile.ts'

/** The parts of the web process that exist once, whichever bundle asks for them. */
export interface Runtime {
  settings: Settings
  /** This process, among the replicas. */
  replicaId: string
  db: Db
  /** What only one replica at a time does. */
  leases: Leases
  environments: Environments
  matchmakerOf(environment: Environment): Matchmaker
  catalogOf(environment: Environment): Catalog
  /** What is known of its GameLift without asking it. */
  healthOf(environment: Environment): MatchmakerHealth
  /** Whether its GameLift answers. */
  answeringOf(environment: Environment): Answering
  /** Asks GameLift about a ticket the index does not know. */
  lookUpOf(environment: Environment): TicketLookUp
  live: LiveHub
  streams: StreamLimits
  /** Aborted when the process is asked to end: the server waits for every open answer, and streams have no end of their own. */
  closing: AbortSignal
  /** What access decisions are made from. */
  access: AccessDeps
}

// Pages, routes, actions and instrumentation are bundled apart: a module variable would give each its own copy.
const KEY = Symbol.for('matchdesk.runtime')
type Holder = { [KEY]?: Promise<Runtime> }

/** Builds the runtime at the first call and hands out the same one ever after. A failure is not kept. */
export function getRuntime(): Promise<Runtime> {
  const holder = globalThis as Holder
  holder[KEY] ??= build().catch((error: unknown) => {
    delete holder[KEY]
    throw error
  })
  return holder[KEY]
}

async function build(): Promise<Runtime> {
  const settings = readSettings()
  if (!settings.databaseUrl) {
    throw new SettingsError(
      'DATABASE_URL is not set. Start Matchdesk with `npm start`, which brings its own PostgreSQL.',
    )
  }
  const db = openPool(settings.databaseUrl, { name: 'web', serving: true })
  const replicaId = randomUUID()
  const leases = createLeases(db, replicaId, (lease, error) =>
    logLine({ level: 'warning', message: 'What is done under a lease failed; trying again', lease, error }),
  )
  if (settings.environmentsFile) await saveFromFile(db, await readEnvironmentsFile(settings.environmentsFile))
  const environments = createEnvironments(
    builtInEnvironment(settings),
    () => readStored(db),
    undefined,
    settings.productionAccounts,
  )
  const switches = createSwitches(db, settings)
  const doors = createDoors(db)
  const live = createLiveHub(settings.databaseUrl, (error) =>
    logLine({ level: 'warning', message: 'Live changes are interrupted; reconnecting', error }),
  )
  await live.start()
  live.watchEnvironments(() => {
    environments.changed()
    switches.changed()
    // Until the next hint a removed one keeps its idle connections; that harms nobody.
    environments.list().then(doors.keepOnly, () => {})
  })
  const closing = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => closing.abort())
  return {
    settings,
    replicaId,
    db,
    leases,
    environments,
    matchmakerOf: (environment) => doors.of(environment).answering.matchmaker,
    catalogOf: (environment) => doors.of(environment).catalog,
    healthOf(environment) {
      const { answering, catalog } = doors.of(environment)
      return { outage: answering.outage(), configurations: catalog.knownConfigurations() }
    },
    answeringOf: (environment) => doors.of(environment).answering,
    lookUpOf: (environment) => doors.of(environment).lookUp,
    live,
    streams: createStreamLimits(),
    closing: closing.signal,
    access: { db, origins: settings.origins, environments, switches, now: () => new Date() },
  }
}

interface Door {
  revision: number
  answering: Answering
  catalog: Catalog
  lookUp: TicketLookUp
  close(): void
}
/** Longer than any call takes: what was begun through a door is not cut off when it closes. */
const CLOSE_AFTER_MS = 20_000

/** One way into each GameLift, opened when first asked for and anew when its environment was edited. */
function createDoors(db: Db) {
  const doors = new Map<string, Door>()
  function close(name: string) {
    const door = doors.get(name)
    doors.delete(name)
    if (door) setTimeout(door.close, CLOSE_AFTER_MS).unref()
  }
  return {
    of(environment: Environment): Door {
      const { name, revision } = environment
      const open = doors.get(name)
      // Who read the environment before an edit must not take back what the edit opened.
      if (open && open.revision >= revision) return open
      close(name)
      const door = openDoor(db, environment)
      doors.set(name, door)
      return door
    },
    keepOnly(environments: readonly Environment[]) {
      const names = new Set(environments.map((each) => each.name))
      for (const name of [...doors.keys()]) if (!names.has(name)) close(name)
    },
  }
}

function openDoor(db: Db, environment: Environment): Door {
  const clients = connect(environment, { budget: createCallBudget(db, environment) })
  const answering = createAnswering(gameLift(clients), {
    tell: (outage, error) => noteHealth(db, environment.name, outage, error),
  })
  const { matchmaker } = answering
  return {
    revision: environment.revision,
    answering,
    catalog: createCatalog(matchmaker),
    lookUp: createTicketLookUp({
      describe: (ticketId) => describeNow(db, environment.name, matchmaker, [ticketId]),
      onProblem: (ticketId, error) =>
        logLine({ level: 'warning', message: 'A ticket could not be looked up', ticketId, error }),
    }),
    close: clients.close,
  }
}
