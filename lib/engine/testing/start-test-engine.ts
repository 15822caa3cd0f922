import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import type { EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import type { EventTarget } from '#lib/engine/targets.ts'

/** Fast enough for tests: matches within 50 ms, sessions within 20 ms. */
const QUICK: EngineOptionsPatch = { tickMs: 50, placement: { delayMs: 20 }, gameSession: { joinAfterMs: 20 } }
const START_MS = 20_000

export interface TestEngine {
  endpoint: string
  pid: number
  /** SIGTERM; resolves with the exit code once the process has ended. */
  stop(): Promise<number | null>
  /** SIGKILL, at whatever it is doing. */
  kill(): Promise<void>
  /** What it has written to stdout and stderr so far. */
  log(): string
}

/**
 * The real engine as a process of its own on a free port, over a database of `testDatabase()`. Options are quick unless
 * `options` says otherwise. Rejects with the process's last words if it ends instead of becoming ready.
 */
export async function startTestEngine(given: {
  /** null: in memory. */
  databaseUrl: string | null
  /** null: as the engine starts by itself, for example from fixtures. */
  options?: EngineOptionsPatch | null
  /** Beside the place of the data. */
  args?: readonly string[]
  targets?: readonly EventTarget[]
  env?: Record<string, string>
  port?: number
}): Promise<TestEngine> {
  const port = given.port ?? (await freePort())
  const args = [...(given.databaseUrl === null ? ['--memory'] : []), ...(given.args ?? [])]
  const engine = fork(path.resolve('lib/engine/main.ts'), args, {
    silent: true,
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: given.databaseUrl ?? '',
      ENGINE_PORT: String(port),
      MATCHDESK_EVENT_TARGETS: given.targets?.length ? JSON.stringify(given.targets) : '',
      ...given.env,
    } as unknown as NodeJS.ProcessEnv,
  })
  let log = ''
  const keep = (chunk: Buffer) => {
    log += chunk.toString()
  }
  engine.stdout?.on('data', keep)
  engine.stderr?.on('data', keep)
  await ready(engine, () => log)
  const endpoint = `http://127.0.0.1:${port}`
  if (given.options !== null) await setOptions(endpoint, given.options)
  return {
    endpoint,
    pid: engine.pid as number,
    async stop() {
      await end(engine, 'SIGTERM')
      return engine.exitCode
    },
    kill: () => end(engine, 'SIGKILL'),
    log: () => log,
  }
}

async function setOptions(endpoint: string, options: EngineOptionsPatch = {}): Promise<void> {
  const response = await fetch(`${endpoint}/lab/options`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...QUICK,
      ...options,
      placement: { ...QUICK.placement, ...options.placement },
      gameSession: { ...QUICK.gameSession, ...options.gameSession },
    }),
  })
  if (!response.ok) throw new Error(`The engine refused its options: ${await response.text()}`)
}

async function ready(engine: ChildProcess, log: () => string): Promise<void> {
  const ended = once(engine, 'exit').then(() => {
    throw new Error(`The engine ended before it was ready: ${log()}`)
  })
  ended.catch(() => {}) // it ends for other reasons later
  const deadline = Date.now() + START_MS
  while (!log().includes('engine ready')) {
    if (Date.now() > deadline) throw new Error(`The engine was not ready in ${START_MS} ms: ${log()}`)
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))])
  }
}

async function end(engine: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (engine.exitCode !== null || engine.signalCode !== null) return
  const exited = once(engine, 'exit')
  engine.kill(signal)
  await exited
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (typeof address !== 'object' || !address) throw new Error('No free port was found.')
  return address.port
}
