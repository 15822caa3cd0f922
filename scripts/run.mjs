/**
 * What every npm command of this project runs: installs and builds what is missing, then does the work on a Node that
 * runs TypeScript. Plain JavaScript without dependencies, for any Node from 20.9.
 */
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 9)) {
  console.error(`Matchdesk needs Node 20.9 or newer; this is Node ${process.versions.node}.`)
  process.exit(1)
}
process.chdir(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'))

const MODES = {
  start: () => import('./launch.mjs').then(({ launch }) => launch('start')),
  web: () => import('./launch.mjs').then(({ launch }) => launch('web')),
  engine,
  dev: () => import('./launch.mjs').then(({ launch }) => launch('dev')),
  'sign-in': () => import('./launch.mjs').then(({ signIn }) => signIn()),
  backup: () => import('./launch.mjs').then(({ backUpOrRestore }) => backUpOrRestore('backup')),
  restore: () => import('./launch.mjs').then(({ backUpOrRestore }) => backUpOrRestore('restore')),
  'audit:verify': () => import('./launch.mjs').then(({ verifyAudit }) => verifyAudit()),
  test: () => import('./test.mjs').then(({ testEverything }) => testEverything()),
  'test:faults': () => import('./test.mjs').then(({ testFaults }) => testFaults()),
  check: () => import('./check.mjs').then(({ check }) => check()),
  bench: () => import('./bench.mjs').then(({ bench }) => bench(process.argv.slice(3))),
  prepack: refuseToPack,
}
const mode = process.argv[2] ?? ''
if (!Object.hasOwn(MODES, mode)) {
  console.error(`Usage: node scripts/run.mjs ${Object.keys(MODES).join(' | ')}`)
  process.exit(2)
}
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}) // the terminal may go away
if (process.env.npm_lifecycle_event) endWithNpm()
try {
  await MODES[mode]()
} catch (error) {
  // A problem that was expected is a sentence; anything else shows where it came from.
  console.error(error?.name === 'Problem' ? `\n${error.message}` : error)
  process.exit(1)
}

async function engine() {
  const [{ runEngine }, { prepare }] = await Promise.all([import('./engine.mjs'), import('./prepare.mjs')])
  await runEngine(process.argv.slice(3), { prepare: () => prepare({}) })
}

/** The whole clone as a package would bring the dashboard into a game's project. */
function refuseToPack() {
  throw Object.assign(new Error('To pack the engine for the tests of a game: npm run pack-engine'), { name: 'Problem' })
}

/** Under npm this process is npm's, with a shell between them: when npm is killed, nobody is left to stop us. */
function endWithNpm() {
  const POLL_MS = 500
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`
  const before = ancestors()
  setInterval(() => {
    if (ancestors() !== before) process.kill(process.pid, 'SIGTERM')
  }, POLL_MS).unref()
}

/** On Linux; undefined elsewhere. */
function parentOf(pid) {
  try {
    return fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1]
  } catch {
    return undefined
  }
}
