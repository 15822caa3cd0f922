/** Server processes under load: the engine as it is run alone, and the floor. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import { ENGINE_NODE_FLAGS } from '#lib/engine/node-flags.ts'
import { ask, forkChild, startChild, stopChild, TookTooLong } from '../children.ts'
import type { ProbeAnswer, ProbeQuestion } from './probe.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const FLOOR = 'bench/api/null-server.ts'
const ENGINE = 'lib/engine/main.ts'
const START_MS = 30_000
/** Longer than the time between two passes. */
const QUIET_MS = 1_200
/** CPU time in which a process that only waits may spend that. */
const QUIET_CPU_MS = 60

export interface Server {
  port: number
  /** The process that sends it load. */
  loader: ChildProcess
  /** CPU time the process has used up to now. */
  cpuMs(): Promise<number>
  /** From now on `longestBlockMs` is measured. */
  watchLoop(): Promise<void>
  longestBlockMs(): Promise<number>
  /** CPU time once the process has used next to none for a while. Throws TookTooLong after `mostMs`. */
  quiet(mostMs: number): Promise<number>
  call<T>(operation: string, input: object): Promise<T>
  setOptions(options: EngineOptionsPatch): Promise<void>
  stop(): Promise<void>
}

export function startFloor(): Promise<Server> {
  return start(FLOOR, [], [], {})
}

/** The engine process itself, on a migrated database; null: it keeps everything in memory. */
export async function startEngine(databaseUrl: string | null, options: EngineOptionsPatch): Promise<Server> {
  const kept = databaseUrl === null ? ['--memory'] : ['--database-url', databaseUrl]
  const server = await start(ENGINE, ENGINE_NODE_FLAGS, kept, {
    MATCHDESK_HOST: '127.0.0.1',
    MATCHDESK_EVENT_TARGETS: '',
  })
  await server.setOptions(options)
  return server
}

async function start(
  file: string,
  nodeFlags: readonly string[],
  args: readonly string[],
  env: Record<string, string>,
): Promise<Server> {
  const port = await freePort()
  const probe = path.join(import.meta.dirname, 'probe.ts')
  const child = forkChild(path.join(ROOT, file), args, {
    cwd: ROOT,
    execArgv: [...nodeFlags, '--import', probe],
    env: { ...env, ENGINE_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  await isListening(child, port)
  child.stdout?.resume()
  const probed = (question: ProbeQuestion) => ask<ProbeAnswer>(child, question, START_MS)
  const cpuMs = async () => (await probed('cpu')).cpuMs
  const { child: loader, stop: stopLoader } = startChild('api/load.ts')
  return {
    port,
    loader,
    cpuMs,
    async watchLoop() {
      await probed('watch loop')
    },
    longestBlockMs: async () => (await probed('longest block')).longestBlockMs,
    async quiet(mostMs) {
      const endMs = performance.now() + mostMs
      for (let last = await cpuMs(); ; ) {
        await sleep(QUIET_MS)
        const now = await cpuMs()
        if (now - last < QUIET_CPU_MS) return now
        if (performance.now() > endMs) throw new TookTooLong(`The engine was still busy after ${mostMs} ms.`)
        last = now
      }
    },
    async call<T>(operation: string, input: object) {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `GameLift.${operation}` }
      return (await fetched(port, '/', { method: 'POST', headers, body: JSON.stringify(input) })) as T
    },
    async setOptions(options) {
      const headers = { 'content-type': 'application/json' }
      await fetched(port, '/lab/options', { method: 'PATCH', headers, body: JSON.stringify(options) })
    },
    async stop() {
      await stopLoader()
      await stopChild(child)
    },
  }
}

async function fetched(port: number, at: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}${at}`, init)
  if (!response.ok) throw new Error(`The engine refused: ${await response.text()}`)
  return response.json()
}

/** Both programs print their address when they take requests. */
async function isListening(child: ChildProcess, port: number): Promise<void> {
  const ended = new AbortController()
  const alarm = setTimeout(() => ended.abort(new TookTooLong('A server did not start.')), START_MS)
  const onExit = () => ended.abort(new Error('A server ended before it was ready.'))
  child.once('exit', onExit)
  try {
    for (let text = ''; !text.includes(`:${port}`); ) {
      const [chunk] = await once(child.stdout!, 'data', { signal: ended.signal })
      text += chunk
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw ended.signal.aborted ? ended.signal.reason : error
  } finally {
    clearTimeout(alarm)
    child.off('exit', onExit)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
