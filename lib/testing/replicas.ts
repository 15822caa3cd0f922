/** Several web processes of the production build on one PostgreSQL, behind one address, that can be killed one by one. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Balancer, startBalancer } from './balancer.ts'
import { freePort } from './free-port.ts'

export interface Replicas {
  /** Of the balancer. */
  url: string
  balancer: Balancer['kind']
  /** Of each replica, past the balancer. */
  urls: readonly string[]
  /** SIGKILL, or SIGTERM and 2.5 s to end, as the start command does it. Resolves with how it ended. */
  end(index: number, signal?: 'SIGKILL' | 'SIGTERM'): Promise<{ afterMs: number; killed: boolean }>
  /** Resolves when it answers again. */
  start(index: number): Promise<void>
  pid(index: number): number
  /** Closes the other end of its stdout and stderr. */
  stopReading(index: number): void
  /** What all of them have said on stdout and stderr. */
  log(): string
  stop(): Promise<void>
}

const READY_MS = 60_000
const STOP_MS = 2_500

/** `env` is what they share beside DATABASE_URL; each gets a PORT of its own. Browsers may come to the balancer and past it. */
export async function startReplicas(count: number, env: Record<string, string>): Promise<Replicas> {
  const ports: number[] = []
  for (let index = 0; index < count; index++) ports.push(await freePort())
  const balancer = await startBalancer(ports)
  const processes: ChildProcess[] = []
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  let log = ''

  async function start(index: number): Promise<void> {
    const port = String(ports[index])
    const child = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', '--port', port], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        MATCHDESK_DEMO: '0',
        ...env,
        PORT: port,
        NEXT_MANUAL_SIG_HANDLE: '1', // as the start command has it
        MATCHDESK_ORIGIN: `${balancer.url},${urls[index]}`,
      },
    })
    processes[index] = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        log += chunk
      })
    }
    for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(50)) {
      const healthy = await fetch(`${urls[index]}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (healthy || child.signalCode !== null) return
      if (child.exitCode !== null) break
    }
    throw new Error(`Replica ${index} does not answer:\n${log.slice(-4_000)}`)
  }

  async function end(index: number, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL') {
    const child = processes[index]
    const asked = performance.now()
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit')
      child.kill(signal)
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await exited
      clearTimeout(timer)
    }
    return { afterMs: performance.now() - asked, killed: child?.signalCode === 'SIGKILL' }
  }

  await Promise.all(ports.map((_, index) => start(index)))
  return {
    url: balancer.url,
    balancer: balancer.kind,
    urls,
    end,
    start,
    pid: (index) => processes[index]?.pid as number,
    stopReading(index) {
      processes[index]?.stdout?.destroy()
      processes[index]?.stderr?.destroy()
    },
    log: () => log,
    async stop() {
      await Promise.all(ports.map((_, index) => end(index)))
      await balancer.stop()
    },
  }
}
