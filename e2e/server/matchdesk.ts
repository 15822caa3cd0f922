/** A real Matchdesk for the tests: the start command's own process, on free ports and a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

const READY_TIMEOUT_MS = 90_000

export interface TestMatchdesk {
  baseUrl: string
  engineUrl: string
  dataDir: string
  databaseUrl: string
  /** Works once. `newSignInUrl` of this folder makes another. */
  signInUrl: string
  childPid(name: 'engine' | 'web'): number
  /** Resolves with the exit code when the start command has ended, for whatever reason. */
  ended: Promise<number | null>
  /** What it has printed so far. */
  log(): string
  /** SIGTERM; resolves with the exit code once everything has stopped. */
  stop(): Promise<number | null>
  /** SIGKILL of the start command alone: the others have to notice. */
  kill(): Promise<void>
}

export interface Where {
  dataDir: string
  port: number
  enginePort: number
}

export async function somewhere(name: string): Promise<Where> {
  const [port, enginePort] = [await freePort(), await freePort()]
  return { dataDir: path.resolve('.test-data', `${name}-${port}`), port, enginePort }
}

/** Starts on the production build in .next, without demo traffic, and resolves when everything answers. */
export async function startMatchdesk(where: Where, env: Record<string, string> = {}): Promise<TestMatchdesk> {
  const child = runStartCommand(where, env)
  const holderFile = path.join(where.dataDir, 'holder.json')
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (!(readJson(holderFile)?.pid === child.process.pid && readJson(holderFile)?.ready)) {
    if (child.process.exitCode !== null || Date.now() > deadline) {
      child.process.kill('SIGKILL')
      throw new Error(`Matchdesk did not become ready:\n${child.log()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    baseUrl: `http://127.0.0.1:${where.port}`,
    engineUrl: `http://127.0.0.1:${where.enginePort}`,
    dataDir: where.dataDir,
    databaseUrl: String(readJson(holderFile)?.embeddedDatabase),
    signInUrl: fs.readFileSync(path.join(where.dataDir, 'sign-in-url'), 'utf8').trim(),
    childPid: (name) => {
      const children = readJson(holderFile)?.children as { name: string; pid: number }[] | undefined
      const found = children?.find((one) => one.name === name)
      if (!found) throw new Error(`${name} is not running.`)
      return found.pid
    },
    ended: once(child.process, 'exit').then(([code]) => code),
    log: child.log,
    stop: () => end(child.process, 'SIGTERM'),
    async kill() {
      await end(child.process, 'SIGKILL')
    },
  }
}

/** The start command itself, for tests of starts that must fail. */
export function runStartCommand(where: Where, env: Record<string, string> = {}) {
  const script = path.resolve('lib/start/start.ts')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, 'start'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...environment(where),
      NODE_ENV: 'production',
      MATCHDESK_DEMO: '0',
      DATABASE_URL: '',
      ...env,
    },
  })
  let log = ''
  const keep = (chunk: Buffer) => {
    log += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return { process: child, log: () => log }
}

/** What `npm run sign-in` prints. */
export async function newSignInUrl(where: Pick<Where, 'dataDir'>): Promise<string> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'lib/start/sign-in.ts'], {
    env: { ...process.env, MATCHDESK_DATA_DIR: where.dataDir, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = (await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]))[0]
  return String(output).trim()
}

function environment({ dataDir, port, enginePort }: Where): Record<string, string> {
  return { MATCHDESK_DATA_DIR: dataDir, PORT: String(port), ENGINE_PORT: String(enginePort) }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  return child.exitCode
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as net.AddressInfo
  probe.close()
  return port
}

function readJson(file: string): Record<string, unknown> | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
