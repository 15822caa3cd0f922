/** The processes of a start: their output with their name in front, and their end. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

import { type ProcessIdentity, processStart } from './pid-lock.mjs'

const TAIL_LINES = 20
const STOP_TIMEOUT_MS = 2_500
const TETHER = pathToFileURL(path.resolve('lib/start/tether.ts')).href

export interface Child {
  name: string
  identity: ProcessIdentity
  /** From now on what it prints on stdout is shown too; before, that is only what a server says of its own start. */
  showOutput(): void
  /** SIGTERM, and SIGKILL when it has not ended in 2.5 s. */
  stop(): Promise<void>
  /** Resolves with how it ended, in words. */
  ended: Promise<string>
  /** The last lines it printed and that were not shown. */
  hiddenTail(): string[]
}

/** Runs `script` with the Node we run on. `name` stands before each line of its output. */
export function startChild(
  name: string,
  script: string,
  args: string[],
  options: { env: Record<string, string>; show: boolean; nodeFlags: readonly string[] },
): Child {
  const node = [process.execPath, ...process.execArgv, ...options.nodeFlags, '--import', TETHER, script, ...args]
  const [file = '', ...rest] = [...dieWithUs(), ...node]
  const child = spawn(file, rest, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true, // Ctrl-C reaches every process of the terminal's group; these end in an order of our choosing
  })
  const pid = child.pid ?? 0
  let show = options.show
  const hidden: string[] = []
  const print = (line: string) => console.log(`${name.padEnd(6)} | ${line}`)
  lines(child.stdout, (line) => {
    if (show) print(line)
    else if (hidden.push(line) > TAIL_LINES) hidden.shift()
  })
  lines(child.stderr, print)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started (${error.message})`))
    child.once('close', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`))
  })
  return {
    name,
    identity: { pid, processStart: processStart(pid) },
    ended,
    hiddenTail: () => hidden.splice(0),
    showOutput() {
      hidden.splice(0)
      show = true
    },
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

function lines(stream: ChildProcess['stdout'], take: (line: string) => void): void {
  if (!stream) return
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    if (line.trim()) take(line)
  })
}

/** Linux ends the child when we die, even if the child is too busy to see its channel close. */
let prefix: string[] | undefined
function dieWithUs(): string[] {
  prefix ??= spawnSync('setpriv', ['--version']).status === 0 ? ['setpriv', '--pdeathsig', 'TERM'] : []
  return prefix
}
