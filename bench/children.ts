/** Fresh child processes, so that no measurement inherits the heap or the compiled code of another. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Load } from './api-load.ts'
import type { ServerStart } from './api-server.ts'
import type { CaseInput, CaseResult } from './engine-cases.ts'

const script = (name: string) => path.resolve(import.meta.dirname, name)

/** Runs one case of engine-cases.ts. Throws with the child's last words when it fails. */
export async function runCase(name: string, input: CaseInput): Promise<CaseResult> {
  const child = fork(script('engine-case.ts'), [name, JSON.stringify(input)], {
    silent: true,
    execArgv: [...process.execArgv, '--expose-gc'],
  })
  const output = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => (output.out += chunk))
  child.stderr?.on('data', (chunk) => (output.err += chunk))
  const [code] = await once(child, 'close')
  if (code !== 0)
    throw new Error(`The case ${name} of ${input.tickets} ${input.ruleSet} tickets failed:\n${output.err}`)
  return JSON.parse(output.out)
}

export interface Server {
  port: number
  /** CPU time the server process has used up to now. */
  cpuMs(): Promise<number>
  stop(): Promise<void>
}

export async function startServer(start: ServerStart): Promise<Server> {
  const child = fork(script('api-server.ts'), {
    execArgv: process.execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const { port } = await ask<{ port: number }>(child, start)
  return {
    port,
    cpuMs: async () => (await ask<{ cpuMs: number }>(child, 'cpu')).cpuMs,
    async stop() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

/** Sends the requests of `load` and returns when all are answered. Throws when one was refused. */
export async function sendLoad(load: Load): Promise<void> {
  const child = fork(script('api-load.ts'), { execArgv: process.execArgv })
  const { refused } = await ask<{ refused: number }>(child, load)
  if (refused > 0) throw new Error(`${refused} of ${load.count} ${load.operation} requests were refused.`)
}

async function ask<T>(child: ChildProcess, message: object | string): Promise<T> {
  const ended = new AbortController()
  const answer = once(child, 'message', { signal: ended.signal })
  const onExit = () => ended.abort(new Error('A child process of the bench ended before its answer.'))
  child.once('exit', onExit)
  child.send(message)
  const [value] = await answer
  child.off('exit', onExit)
  return value as T
}
