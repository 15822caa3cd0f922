/** Which Node runs the TypeScript: the one npm installed for us where it works, else the one at hand if new enough. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { Problem } from './progress.mjs'

/** Whether this process can load the script as it was started. */
export function canRun(script) {
  return flagsFor(process.version) !== null && (!script.endsWith('.ts') || Boolean(process.features.typescript))
}

/** The command to put in front of a script: the executable and its flags. `root` is where Node may be installed. */
export function nodeCommand(root = '.') {
  for (const file of [path.resolve(root, 'node_modules/.bin/node'), process.execPath, 'node']) {
    const flags = flagsFor(versionOf(file))
    if (flags) return [file, ...flags]
  }
  throw new Problem(
    `Matchdesk runs on Node 22.12 or newer; this is Node ${process.versions.node}. ` +
      'Install Node 24 and start again. (Only on Linux, and only in a clone, npm brings one along.)',
  )
}

/**
 * @param {string | null} version such as v22.12.0
 * @returns {string[] | null} null when that version cannot run TypeScript
 */
export function flagsFor(version) {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version ?? '')?.map(Number) ?? []
  if (major === undefined || major < 22 || (major === 22 && minor < 12)) return null
  const byItself = major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)
  return [...(byItself ? [] : ['--experimental-strip-types']), '--disable-warning=ExperimentalWarning']
}

function versionOf(file) {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

/** Environment for everything run from here: our programs first on the PATH, nothing reported to anybody. */
export function toolEnv(more = {}) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...more }
  env.PATH = [path.resolve('node_modules/.bin'), process.env.PATH].join(path.delimiter)
  // Set together they make every program print a warning.
  if (env.FORCE_COLOR !== undefined) delete env.NO_COLOR
  else if (!process.stdout.isTTY) env.NO_COLOR = '1'
  return env
}

/** The command for a program that came with a package, run by the Node of `nodeCommand`. */
export function tool(name, ...args) {
  const scripts = {
    next: 'node_modules/next/dist/bin/next',
    tsc: 'node_modules/typescript/bin/tsc',
    biome: 'node_modules/@biomejs/biome/bin/biome',
    vitest: 'node_modules/vitest/vitest.mjs',
    playwright: 'node_modules/@playwright/test/cli.js',
  }
  return [...nodeCommand(), scripts[name], ...args]
}
