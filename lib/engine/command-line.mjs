/**
 * The options of `matchdesk engine`. Plain JavaScript: they are read before a Node that runs TypeScript is looked for.
 */
import { parseArgs } from 'node:util'

/** A slip on the command line, with a sentence that names the option. */
export class UsageError extends Error {
  name = 'UsageError'
}

export const HELP = `Usage: matchdesk engine [options]

Runs the local FlexMatch engine, which AWS CLI and SDKs talk to as if it were GameLift.

  --port <number>        port to listen on; 0 takes a free one, and the line "engine ready" says which (9080)
  --host <address>       address to listen on (127.0.0.1)
  --config <path>        rule sets, configurations, queues, options and clock to start with: a YAML or JSON file, or a folder
  --run <file>           begin with the run of another engine, as GET /lab/run gave it, and go on from its last moment
  --memory               keep everything in memory, for as long as it runs: needs no PostgreSQL
  --database-url <url>   keep everything in this PostgreSQL, postgres://…
  --data-dir <folder>    keep everything in the PostgreSQL that comes with Matchdesk, in this folder (.data)
  --clock <mode>         running, or paused: time then moves by POST /lab/clock/step and /run-to only
  --options <json>       options of the engine, such as '{"tickMs":100,"placement":{"delayMs":0}}'
  --help                 this text

Options win over what the files of --config say, and those over environment variables (see the README).
`

const OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  config: { type: 'string' },
  run: { type: 'string' },
  memory: { type: 'boolean' },
  'database-url': { type: 'string' },
  'data-dir': { type: 'string' },
  clock: { type: 'string' },
  options: { type: 'string' },
  help: { type: 'boolean' },
}
const PLACES = ['memory', 'database-url', 'data-dir']

/**
 * @param {readonly string[]} args what stands after `matchdesk engine`
 * @returns {import('./command-line.mjs').EngineCommand}
 * @throws {UsageError}
 */
export function readCommandLine(args) {
  const given = valuesOf(args)
  const places = PLACES.filter((name) => given[name] !== undefined)
  if (places.length > 1) {
    throw new UsageError(`--${places[0]} and --${places[1]} exclude each other: both say where the data is kept.`)
  }
  return {
    help: given.help ?? false,
    port: check(given, 'port', 'a port number from 0 to 65535', isPort) && Number(given.port),
    host: check(given, 'host', 'an address, for example 127.0.0.1', (value) => /^[a-zA-Z0-9.:-]+$/.test(value)),
    config: check(given, 'config', 'the path of a file or folder', (value) => value !== ''),
    run: check(given, 'run', 'the path of a file', (value) => value !== ''),
    memory: given.memory ?? false,
    databaseUrl: check(given, 'database-url', 'a postgres:// address', isPostgres, 'not one'),
    dataDir: check(given, 'data-dir', 'the path of a folder', (value) => value !== ''),
    clock: check(given, 'clock', 'running or paused', (value) => value === 'running' || value === 'paused'),
    options: optionsOf(given.options),
  }
}

function valuesOf(args) {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const given = {}
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`${JSON.stringify(token.value)} is no option. ${seeHelp}`)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(OPTIONS, token.name) ? OPTIONS[token.name] : undefined
    if (!option) throw new UsageError(`There is no option ${token.rawName}. ${seeHelp}`)
    if (option.type === 'boolean' && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`)
    if (option.type === 'string' && (token.value === undefined || (!token.inlineValue && isOption(token.value)))) {
      throw new UsageError(`${token.rawName} needs a value. ${seeHelp}`)
    }
    given[token.name] = token.value ?? true
  }
  return given
}

const seeHelp = 'matchdesk engine --help lists the options.'

/** `--port --memory`: the value was forgotten. */
function isOption(value) {
  return value.startsWith('--')
}

/** The value, null when it was not given. `shown` stands for a value that may hold a password. */
function check(given, name, expected, holds, shown = `${JSON.stringify(given[name])}`) {
  const value = given[name]
  if (value === undefined) return null
  if (!holds(value)) throw new UsageError(`--${name} is ${shown}; it must be ${expected}.`)
  return value
}

function isPort(value) {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535
}

function isPostgres(value) {
  return /^postgres(ql)?:\/\//.test(value)
}

function optionsOf(text) {
  if (text === undefined) return null
  try {
    const options = JSON.parse(text)
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options
  } catch (error) {
    throw new UsageError(`--options is not JSON: ${error.message}`)
  }
  throw new UsageError('--options must be a JSON object, such as {"tickMs":100}.')
}
