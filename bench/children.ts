/** Fresh child processes, so that no measurement inherits the heap or the compiled code of another. */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { ENGINE_NODE_FLAGS } from '#lib/engine/node-flags.ts'

const script = (name: string) => path.resolve(import.meta.dirname, name)
const MEGABYTE = 2 ** 20
/** A million tickets as objects do not fit into the heap that Node takes by itself. */
const HEAP_MB = Math.min(12_000, Math.floor((0.6 * os.totalmem()) / MEGABYTE))

const STOP_MS = 10_000

const running = new Set<ChildProcess>()

/** Starts a program that ends with the bench: see `endChildren`, and `leash.ts` for a bench that cannot call it. */
export function forkChild(
  file: string,
  args: readonly string[],
  options: Pick<ForkOptions, 'cwd' | 'execArgv' | 'silent' | 'stdio'> & { env?: Record<string, string> },
): ChildProcess {
  const child = fork(file, args, {
    ...options,
    execArgv: [
      ...process.execArgv,
      ...['--expose-gc', `--max-old-space-size=${HEAP_MB}`, '--import', script('leash.ts')],
      ...(options.execArgv ?? []),
    ],
    env: { ...process.env, ...options.env, BENCH_PID: String(process.pid) },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** For a bench that is stopped halfway. A child may be too busy to be asked. */
export function endChildren(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** A child did not end within the time it was given. */
export class TookTooLong extends Error {}

/** The JSON that a child prints. Throws TookTooLong, or an Error with the child's last words. */
export async function runChild<T>(file: string, args: readonly string[], wallMs: number): Promise<T> {
  const env = { MSGPACKR_NATIVE_ACCELERATION_DISABLED: 'true' }
  // As the engine runs in service; the anchors get the same.
  const child = forkChild(script(file), args, { silent: true, env, execArgv: [...ENGINE_NODE_FLAGS] })
  const output = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => (output.out += chunk))
  child.stderr?.on('data', (chunk) => (output.err += chunk))
  let late = false
  const alarm = setTimeout(() => {
    late = true
    child.kill('SIGKILL')
  }, wallMs)
  const [code] = await once(child, 'close').finally(() => clearTimeout(alarm))
  if (late) throw new TookTooLong(`${file} ${args.join(' ')} was still at work after ${Math.round(wallMs / 1000)} s.`)
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} failed.\n${output.err.slice(-2_000)}`)
  return JSON.parse(output.out)
}

/** A child that answers messages until it is stopped. */
export interface Answering {
  readonly child: ChildProcess
  stop(): Promise<void>
}

export function startChild(file: string): Answering {
  const child = forkChild(script(file), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return { child, stop: () => stopChild(child) }
}

/** Children end with their channel; one that does not is killed. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  if (child.connected) child.disconnect()
  const alarm = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await exited
  clearTimeout(alarm)
}

/** Sends `message` and waits for the answer. Throws TookTooLong, or when the child ends instead. */
export async function ask<T>(child: ChildProcess, message: object | string, wallMs: number): Promise<T> {
  const ended = new AbortController()
  const onExit = () => ended.abort(new Error('A child process of the bench ended before its answer.'))
  const alarm = setTimeout(() => ended.abort(new TookTooLong('A child process of the bench did not answer.')), wallMs)
  child.once('exit', onExit)
  try {
    const answer = once(child, 'message', { signal: ended.signal })
    child.send(message)
    const [value] = await answer
    return value as T
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error
  } finally {
    clearTimeout(alarm)
    child.off('exit', onExit)
  }
}
