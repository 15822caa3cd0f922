/** The engine process: reads its options, settings and files, runs the engine and ends with a signal. */
import { fileURLToPath } from 'node:url'
import { readSettings, SettingsError } from '#lib/settings.ts'
import type { ClockStart } from './clock.ts'
import { type EngineCommand, HELP, readCommandLine, UsageError } from './command-line.mjs'
import { type EngineOptionsPatch, Refusal } from './core/contract.ts'
import { DEFAULT_OPTIONS, mergeOptions } from './core/options.ts'
import { FixtureError, type Fixtures } from './fixture-files/fixtures.ts'
import { readFixtures } from './fixture-files/read-fixtures.ts'
import { HeldElsewhere } from './journal/store.ts'
import { NotEmpty } from './run/import-run.ts'
import { runTrouble } from './run/replay-command.ts'
import { runEngine } from './run-engine.ts'
import { readEngineSettings } from './settings.ts'

/** `args` are those of `matchdesk engine`. Ends the process: with 0 when asked to, 2 for a wrong option, else 1. */
export async function runEngineCommand(args: readonly string[]): Promise<void> {
  try {
    const command = readCommandLine(args)
    if (command.help) console.log(HELP)
    else await run(command)
  } catch (error) {
    const expected = [UsageError, SettingsError, FixtureError, RunTrouble, NotEmpty, HeldElsewhere].some(
      (type) => error instanceof type,
    )
    console.error(expected ? (error as Error).message : error)
    process.exit(error instanceof UsageError ? 2 : 1)
  }
}

async function run(command: EngineCommand): Promise<void> {
  const base = readSettings({
    ...process.env,
    ...(command.host !== null && { MATCHDESK_HOST: command.host }),
    ...(command.databaseUrl !== null && { DATABASE_URL: command.databaseUrl }),
  })
  const settings = readEngineSettings(base)
  settings.port = command.port ?? settings.port
  const options = checked(command.options ?? {})
  const fixtures = command.config === null ? undefined : await readFixtures(command.config)
  const clock = { ...fixtures?.clock, ...(command.clock !== null && { mode: command.clock }) }
  if (command.dataDir !== null) throw new UsageError(NO_POSTGRES)
  const databaseUrl = command.memory ? null : base.databaseUrl
  if (databaseUrl === null && !command.memory) throw new UsageError(NO_PLACE)
  if (databaseUrl !== null) await bringSchemaUpToDate(databaseUrl).catch(sayWhyUnusable)

  const engine = await runEngine({ settings, databaseUrl, fixtures, options, clock, run: command.run }).catch(
    (error) => {
      const trouble = command.run === null ? null : runTrouble(command.run, error)
      throw trouble === null ? error : new RunTrouble(trouble)
    },
  )
  // Whoever reads what we print may go away before us.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const end = async () => {
    await engine.stop()
    process.exit(0)
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  // Started by another program with a channel to it: without that program nobody would ever end this one.
  if (process.send) process.once('disconnect', end)
  console.log(`engine ready ${engine.endpoint}${notes(command, clock, fixtures)}`)
  await engine.superseded
}

class RunTrouble extends Error {}

const NO_POSTGRES =
  '--data-dir is for the PostgreSQL that comes with a clone of Matchdesk, which is not here. Say --memory or --database-url.'
const NO_DRIVER = 'The npm package pg is missing, which PostgreSQL is reached by: npm install pg, or say --memory.'
const NO_PLACE =
  'There is no place to keep the data: say --memory for a run that is thrown away, or name a PostgreSQL with ' +
  '--database-url or DATABASE_URL.'

function checked(options: EngineOptionsPatch): EngineOptionsPatch {
  try {
    mergeOptions(DEFAULT_OPTIONS, options)
    return options
  } catch (error) {
    throw error instanceof Refusal ? new UsageError(`--options: ${error.message}`) : error
  }
}

/** Loaded only here: an engine in memory needs no PostgreSQL driver. */
async function bringSchemaUpToDate(databaseUrl: string): Promise<void> {
  const { openPool } = await import('#lib/db/pool.ts')
  const { migrate } = await import('#lib/db/migrate.ts')
  const pool = openPool(databaseUrl, { name: 'engine migration', max: 1 })
  await migrate(pool, fileURLToPath(new URL('../db/migrations', import.meta.url))).finally(() => pool.end())
}

function sayWhyUnusable(error: NodeJS.ErrnoException): never {
  if (error.code === undefined) throw error
  // The package for game teams comes without the driver: most of them need none.
  if (error.code === 'ERR_MODULE_NOT_FOUND') throw new UsageError(NO_DRIVER)
  const reason = error.message || error.code // a host with several addresses fails without a message
  throw new SettingsError(`The PostgreSQL of --database-url or DATABASE_URL cannot be used: ${reason}`)
}

/** What is not as usual. */
function notes(command: EngineCommand, clock: Partial<ClockStart>, fixtures: Fixtures | undefined): string {
  const said = [
    command.memory ? 'in memory' : '',
    clock.mode === 'paused' ? 'clock paused' : '',
    command.run === null ? '' : `run of ${command.run}`,
    fixtures ? `${fixtures.resources.length} resources from ${command.config}` : '',
  ].filter((note) => note !== '')
  return said.length > 0 ? ` (${said.join(', ')})` : ''
}
