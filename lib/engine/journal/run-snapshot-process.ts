import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface SnapshotOrder {
  databaseUrl: string
  /** The engine that has the journal. */
  run: string
  through: number
}
export interface SnapshotAnswer {
  failure: string | null
}

/** In the package for game teams all code is JavaScript in one folder. */
const SCRIPT = `snapshot-process${/\.\w+$/.exec(import.meta.url)?.[0]}`

/** Of our own flags those that it needs as well: to read TypeScript, and room. What was loaded into us is not for it. */
const NODE_FLAGS = /^--(experimental-strip-types|disable-warning|max-old-space-size)/

/**
 * Makes and stores a snapshot in a process of its own, which ends with this one. Rejects when it fails or `signal` ends
 * it; what it has not committed then is not stored.
 */
export async function runSnapshotProcess(order: SnapshotOrder, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const execArgv = process.execArgv.filter((flag) => NODE_FLAGS.test(flag))
  const child = fork(fileURLToPath(new URL(SCRIPT, import.meta.url)), [], {
    execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  child.unref() // the engine may end at any time
  try {
    const answering = answerOf(child)
    child.send(order, () => {}) // what became of it shows in the answer
    child.channel?.unref()
    const { failure } = await answering
    if (failure !== null) throw new Error(failure)
  } finally {
    signal.removeEventListener('abort', kill)
    kill()
  }
}

function answerOf(child: ChildProcess): Promise<SnapshotAnswer> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as SnapshotAnswer))
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`its process ended with ${signal ?? `code ${code}`}.`)))
  })
}
