/**
 * Brings the folder into the state a command needs. One process at a time may install or build, and never under a
 * Matchdesk that runs from the same folder.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readHolder, takeLock } from '#lib/start/pid-lock.mjs'
import { build, isBuilt } from './build.mjs'
import { missingPackages } from './installed.mjs'
import { Problem, runStep, say } from './progress.mjs'

const STATE = '.matchdesk'
const RUNNING = `${STATE}/running`
const POLL_MS = 250
const SAY_EVERY_MS = 10_000

/**
 * Installs and builds what is missing.
 * @param {{ dev?: boolean, built?: boolean, running?: string | null }} needs dev: development packages too; built: the
 *   dashboard's production build; running: name under which this process then counts as running from this folder
 * @returns {Promise<() => void>} undoes `running`
 */
export async function prepare({ dev = false, built = false, running = null }) {
  const ready = () => missingPackages({ dev }).length === 0 && (!built || isBuilt())
  const lock = await takeSetupLock(ready)
  try {
    if (!ready()) refuseWhileRunning()
    const missing = missingPackages({ dev })
    if (missing.length > 0) await install({ dev, missing })
    if (built && !isBuilt()) await build()
    return running === null ? () => {} : countAsRunning(running)
  } finally {
    lock?.release()
  }
}

async function takeSetupLock(ready) {
  let saidAt = 0
  for (;;) {
    let attempt
    try {
      attempt = takeLock(`${STATE}/setup.lock`)
    } catch (error) {
      if (ready()) return null // a folder we may only read is fine when nothing is to be done
      throw new Problem(
        `Something is to be installed or built, but ${path.resolve(STATE)} cannot be written (${error.code}).`,
      )
    }
    if (attempt.taken) return attempt
    if (Date.now() - saidAt > SAY_EVERY_MS) {
      say(`Process ${attempt.holder.pid} is installing or building in this folder; waiting for it`)
      saidAt = Date.now()
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

async function install({ dev, missing }) {
  const cache = npmCache()
  // Under npm, process.execPath may be the Node that is about to be replaced; npm's own is not.
  const npm = process.env.npm_execpath
    ? [process.env.npm_node_execpath ?? process.execPath, process.env.npm_execpath]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm']
  const code = await runStep(
    `Installing ${missing.length} packages`,
    [
      ...npm,
      ...['ci', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts', '--include=optional'],
      ...[dev ? '--include=dev' : '--omit=dev', ...(cache ? [`--cache=${cache}`] : [])],
    ],
    { quiet: true },
  )
  if (cache) fs.rmSync(cache, { recursive: true, force: true })
  if (code !== 0) throw new Problem('The packages could not be installed; the reason is above.')
}

/** A place for npm's cache where its usual one cannot be written (no home folder, a read-only one); else null. */
function npmCache() {
  const usual = process.env.npm_config_cache ?? path.join(os.homedir(), '.npm')
  try {
    fs.mkdirSync(usual, { recursive: true })
    fs.accessSync(usual, fs.constants.W_OK)
    return null
  } catch {
    return path.resolve(STATE, 'npm-cache')
  }
}

function refuseWhileRunning() {
  const holder = runningHere()[0]
  if (!holder) return
  throw new Problem(
    `Packages or sources of this folder have changed, and ${holder.name} runs from it (process ${holder.pid}, since ` +
      `${holder.since}). Installing or building now would pull them from under it. Stop it first (Ctrl-C, or kill ${holder.pid}).`,
  )
}

function runningHere() {
  const files = fs.existsSync(RUNNING) ? fs.readdirSync(RUNNING) : []
  return files.map((file) => readHolder(path.join(RUNNING, file))).filter(Boolean)
}

function countAsRunning(name) {
  try {
    const lock = takeLock(`${RUNNING}/${process.pid}`, { name })
    return () => lock.taken && lock.release()
  } catch {
    return () => {} // a folder we may only read: nobody can change it under us from here either
  }
}
