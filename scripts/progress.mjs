/** Progress lines with the time since the start, and programs run as steps of it. */
import { spawn, spawnSync } from 'node:child_process'

const HEARTBEAT_MS = 10_000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
export const startedAtMs = Date.now()

/** A failure with a sentence for the person at the terminal. */
export class Problem extends Error {
  name = 'Problem'
}

export function say(text) {
  console.log(`[${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s] ${text}`)
}

/**
 * Runs a program and resolves with its exit code, saying every 10 s that it is still at work.
 * @param {string} title
 * @param {string[]} command
 * @param {{ env?: Record<string, string | undefined>, quiet?: boolean }} [options] quiet keeps the output for a failure
 */
export function runStep(title, [file, ...args], { env = process.env, quiet = false } = {}) {
  say(`${title} …`)
  return new Promise((resolve, reject) => {
    const [program, ...rest] = [...endsWithUs(), file, ...args]
    const child = spawn(program, rest, {
      env,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    })
    let stopped = null
    const passOn = (signal) => {
      stopped = signal
      child.kill(signal)
    }
    for (const signal of SIGNALS) process.on(signal, passOn)
    const heartbeat = setInterval(() => say(`${title}: still at work`), HEARTBEAT_MS)
    let output = ''
    child.stdout?.on('data', (chunk) => {
      output += chunk
    })
    child.stderr?.on('data', (chunk) => {
      output += chunk
    })
    child.once('error', (error) => {
      clearInterval(heartbeat)
      reject(new Problem(`${title}: ${file} could not be run (${error.message}).`))
    })
    child.once('close', (code, signal) => {
      clearInterval(heartbeat)
      for (const name of SIGNALS) process.off(name, passOn)
      if (stopped) return reject(new Problem(`${title}: stopped (${stopped}).`))
      if (code !== 0 && output) process.stderr.write(output)
      say(code === 0 ? `${title}: done` : `${title}: FAILED (${signal ?? `exit ${code}`})`)
      resolve(code ?? 1)
    })
  })
}

let setpriv

/** Linux ends the program when we are killed: two installs or builds in one folder would spoil each other. */
function endsWithUs() {
  setpriv ??= spawnSync('setpriv', ['--version']).status === 0 ? ['setpriv', '--pdeathsig', 'KILL'] : []
  return setpriv
}
