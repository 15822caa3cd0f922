/** Brings up PostgreSQL, the engine and the dashboard, waits with them, and takes them down in order. */

import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'
import { readCommandLine } from '#lib/engine/command-line.mjs'
import { readFixtures } from '#lib/engine/fixture-files/read-fixtures.ts'
import { ENGINE_NODE_FLAGS } from '#lib/engine/node-flags.ts'
import { readEngineSettings } from '#lib/engine/settings.ts'
import { readEnvironmentsFile } from '#lib/environments/environments-file.ts'
import { localAddress, readSettings, type Settings } from '#lib/settings.ts'
import { dashboardAddress } from './addresses.ts'
import { keptAuditKey } from './audit-key.ts'
import { type Child, startChild } from './children.ts'
import { type HolderFacts, holdDataFolder } from './data-folder.ts'
import { requireReachable, startOwnPostgres } from './database.ts'
import { createEnding } from './ending.ts'
import { waitUntilHealthy } from './health.ts'
import { keptIngestSecret } from './ingest-secret.ts'
import { endLeftovers } from './leftovers.ts'
import { requireFreePort } from './ports.ts'
import { StartProblem, say } from './progress.ts'
import { writeSignInUrl } from './sign-in-url.ts'
import { welcome, welcomeReplica } from './welcome.ts'

type Mode = 'start' | 'engine' | 'dev' | 'web'

/** Problems that are a sentence for the person at the terminal. */
const EXPECTED = new Set(['StartProblem', 'SettingsError', 'FixtureError'])
const ending = createEnding()
// A terminal that is gone must not keep us from stopping in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
process.on('SIGINT', () => void ending.end(0))
process.on('SIGTERM', () => void ending.end(0))
process.on('SIGHUP', () => void ending.end(0))
// The command that runs us was killed: nobody could stop us any more.
process.once('disconnect', () => void ending.end(0))

try {
  const mode = process.argv[2] as Mode
  await (mode === 'web' ? startReplica(readSettings()) : start(mode, readSettings()))
} catch (error) {
  const expected = error instanceof Error && EXPECTED.has(error.name)
  await ending.end(1, expected ? (error as Error).message : error)
}

async function start(mode: Mode, settings: Settings): Promise<void> {
  // A wrong variable, option or file stops the start before anything runs.
  readEngineSettings(settings)
  const engineArgs = process.argv.slice(3)
  const { config } = readCommandLine(engineArgs)
  if (config !== null) await readFixtures(config)
  if (settings.environmentsFile) await readEnvironmentsFile(settings.environmentsFile)
  const withDashboard = mode !== 'engine'
  const facts: HolderFacts = {
    mode,
    address: withDashboard ? dashboardAddress(settings) : localAddress(settings.host, settings.enginePort),
    embeddedDatabase: null,
    ready: false,
    children: [],
  }
  const hold = holdDataFolder(settings.dataDir, facts)
  ending.last('the data folder', async () => hold.release())
  await endLeftovers((hold.previous as Partial<HolderFacts> | null)?.children ?? [])
  await requireFreePort(settings.host, settings.enginePort, 'ENGINE_PORT')
  if (withDashboard) await requireFreePort(settings.host, settings.port, 'PORT')

  if (settings.databaseUrl) await requireReachable(settings.databaseUrl)
  else facts.embeddedDatabase = await embeddedDatabase(settings.dataDir)
  const databaseUrl = settings.databaseUrl ?? (facts.embeddedDatabase as string)
  await bringSchemaUpToDate(databaseUrl)

  const environment = childEnvironment(mode, settings, databaseUrl)
  const parts = [run('engine', 'lib/engine/main.ts', engineArgs, environment, mode)]
  const healthy = [waitUntilHealthy('engine', `${localAddress(settings.host, settings.enginePort)}/health`)]
  if (withDashboard) {
    parts.push(runWeb(settings, environment, mode))
    healthy.push(waitUntilHealthy('dashboard', `${localAddress(settings.host, settings.port)}/api/health`))
  }
  facts.children = parts.map(({ name, identity }) => ({ name, ...identity }))
  hold.update({ ...facts })
  const signInUrl = withDashboard ? await writeSignInUrl(settings, databaseUrl) : null
  await Promise.all(healthy)
  if (ending.begun) return
  for (const part of parts) part.showOutput()
  hold.update({ ...facts, ready: true })
  say('Everything answers')
  console.log(welcome(settings, signInUrl))
}

/**
 * One of any number of web processes on one PostgreSQL: it has no data folder of its own, brings neither engine nor
 * database, and leaves the demo to the one `npm start` there may be.
 */
async function startReplica(settings: Settings): Promise<void> {
  if (!settings.databaseUrl) {
    throw new StartProblem(
      'DATABASE_URL is not set. npm run web starts one more web process on a PostgreSQL that others use too; ' +
        'npm start brings its own.',
    )
  }
  await requireFreePort(settings.host, settings.port, 'PORT')
  await requireReachable(settings.databaseUrl)
  await bringSchemaUpToDate(settings.databaseUrl)
  const web = runWeb(settings, { MATCHDESK_DEMO: process.env.MATCHDESK_DEMO || '0' }, 'web')
  await waitUntilHealthy('dashboard', `${localAddress(settings.host, settings.port)}/api/health`)
  if (ending.begun) return
  web.showOutput()
  say('The dashboard answers')
  console.log(welcomeReplica(settings))
}

async function embeddedDatabase(dataDir: string): Promise<string> {
  say('Starting PostgreSQL')
  const starting = startOwnPostgres(dataDir)
  ending.last('PostgreSQL', async () => (await starting).stop())
  const postgres = await starting
  void postgres.ended.then((log) =>
    ending.end(1, `PostgreSQL ended unexpectedly. Its last lines:\n${log.trim()}`, farewellOf('PostgreSQL')),
  )
  return postgres.connectionString
}

async function bringSchemaUpToDate(databaseUrl: string): Promise<void> {
  const db = openPool(databaseUrl, { name: 'migrations', max: 1 })
  try {
    const applied = await migrate(db)
    if (applied.length > 0) say(`Database schema brought up to date (${applied.join(', ')})`)
  } finally {
    await db.end()
  }
}

/** What the processes need beyond the settings they read themselves. The engine tells whoever shares the secret. */
function childEnvironment(mode: Mode, settings: Settings, databaseUrl: string): Record<string, string> {
  const common = { DATABASE_URL: databaseUrl, MATCHDESK_DATA_DIR: settings.dataDir }
  if (mode === 'engine') return common
  return {
    ...common,
    MATCHDESK_INGEST_SECRET: settings.ingestSecrets.join(',') || keptIngestSecret(settings.dataDir),
    MATCHDESK_AUDIT_KEY: settings.auditKey ?? keptAuditKey(settings.dataDir),
    // With whole seconds, as AWS sends them, most of a timeline would happen at the same time.
    ENGINE_EVENT_TIME: process.env.ENGINE_EVENT_TIME || 'milliseconds',
  }
}

/** The last line of a start that lost a part, below what the others said while they stopped. */
function farewellOf(part: string): string {
  return `${part} ended unexpectedly, so everything has stopped. What was acknowledged is kept: npm start goes on with it.`
}

function runWeb({ host, port }: Settings, env: Record<string, string>, mode: Mode): Child {
  const args = [mode === 'dev' ? 'dev' : 'start', '--hostname', host, '--port', String(port)]
  // The web process ends in an order of its own, where Next would wait for whoever keeps a connection.
  const own: Record<string, string> = mode === 'dev' ? {} : { NEXT_MANUAL_SIG_HANDLE: '1' }
  return run('web', 'node_modules/next/dist/bin/next', args, { ...env, ...own }, mode)
}

function run(name: string, script: string, args: string[], env: Record<string, string>, mode: Mode) {
  say(`Starting the ${name === 'web' ? 'dashboard' : name}`)
  const nodeFlags = name === 'engine' ? ENGINE_NODE_FLAGS : []
  const child = startChild(name, script, args, { env, show: mode === 'dev', nodeFlags })
  ending.last(name, () => child.stop())
  void child.ended.then((how) => {
    const said = child.hiddenTail().map((line) => `\n  ${line}`)
    return ending.end(
      1,
      `The ${name} process (${child.identity.pid}) ${how} unexpectedly; stopping the rest.${said.join('')}`,
      farewellOf(`The ${name} process`),
    )
  })
  return child
}
