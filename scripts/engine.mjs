/** `matchdesk engine` and `npm run engine`: the engine alone, on a Node that can run it. */
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { HELP, readCommandLine, UsageError } from '#lib/engine/command-line.mjs'
import { handOver } from './hand-over.mjs'
import { canRun, nodeCommand } from './runtime.mjs'

const CLONE = fileURLToPath(new URL('..', import.meta.url))
const SOURCE = path.join(CLONE, 'lib/engine/main.ts')
/** In the package for game teams, made by scripts/engine-package. */
const PACKED = fileURLToPath(new URL('./engine.js', import.meta.url))

/**
 * @param {readonly string[]} args
 * @param {{ prepare?: () => Promise<unknown> }} [options] prepare: brings the clone into the state that running takes
 */
export function runEngine(args, { prepare = async () => {} } = {}) {
  return orSayWhyNot(async () => {
    const command = readCommandLine(args)
    const elsewhere = command.memory || command.databaseUrl !== null || Boolean(process.env.DATABASE_URL)
    if (command.help) console.log(HELP)
    else if (elsewhere || !fs.existsSync(SOURCE)) await runAlone(args, prepare)
    else await runWithPostgres(command)
  })
}

/**
 * `matchdesk replay`.
 * @param {readonly string[]} args
 */
export function runReplay(args) {
  return orSayWhyNot(() => runAlone(['replay', ...args], async () => {}))
}

/** A problem that was expected is a sentence; anything else shows where it came from. */
async function orSayWhyNot(work) {
  try {
    await work()
  } catch (error) {
    if (error?.name !== 'Problem' && !(error instanceof UsageError)) throw error
    console.error(error.message)
    process.exit(error instanceof UsageError ? 2 : 1)
  }
}

/** In this process where its Node can: the one whose id the caller has is the engine then. */
async function runAlone(args, prepare) {
  await prepare()
  const script = fs.existsSync(SOURCE) ? SOURCE : PACKED
  if (script === SOURCE && !fs.existsSync(path.join(CLONE, 'node_modules/cborg'))) {
    throw new UsageError(`The packages of Matchdesk are missing: run npm install in ${CLONE} first.`)
  }
  if (!canRun(script)) process.exit(await handOver([...nodeCommand(CLONE), script, ...args]))
  process.argv.splice(1, process.argv.length, script, ...args)
  await import(pathToFileURL(script).href)
}

/** With the PostgreSQL that comes with the packages, as `npm start` runs it. */
async function runWithPostgres(command) {
  if (command.port === 0) throw new UsageError('--port 0 goes with --memory or --database-url only.')
  // By its address: it is not part of the package, so the package's bundler must not find it.
  const { launch } = await import(pathToFileURL(path.join(CLONE, 'scripts/launch.mjs')).href)
  const env = {
    ...(command.port !== null && { ENGINE_PORT: String(command.port) }),
    ...(command.host !== null && { MATCHDESK_HOST: command.host }),
    ...(command.dataDir !== null && { MATCHDESK_DATA_DIR: path.resolve(command.dataDir) }),
  }
  const args = [
    ...(command.config !== null ? ['--config', path.resolve(command.config)] : []),
    ...(command.run !== null ? ['--run', path.resolve(command.run)] : []),
    ...(command.clock !== null ? ['--clock', command.clock] : []),
    ...(command.options !== null ? ['--options', JSON.stringify(command.options)] : []),
  ]
  process.chdir(CLONE)
  await launch('engine', { env, args })
}
