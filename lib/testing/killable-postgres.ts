/** The embedded PostgreSQL on a folder of its own, to be killed, frozen and started again under whoever uses it. */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { type Db, openPool } from '#lib/db/pool.ts'

export interface KillablePostgres {
  /** Stays the same through kills and starts. */
  url: string
  /** For the test itself, with a schema up to date. */
  db: Db
  dataDir: string
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>
  /** Resolves when it takes connections again; it recovers from its log first. */
  start(): Promise<void>
  /** SIGSTOP and SIGCONT of the server and all its processes. */
  freeze(): void
  thaw(): void
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

const START_AGAIN_MS = 15_000

/** `dataDir` is where its files go; it is made and removed. */
export async function startKillablePostgres(
  name: string,
  dataDir = path.resolve('.test-data', `${name}-${randomBytes(4).toString('hex')}`),
): Promise<KillablePostgres> {
  const folder = path.join(dataDir, 'postgres')
  let postgres: EmbeddedPostgres | null = await startEmbeddedPostgres(folder)
  const url = postgres.connectionString
  const db = openPool(url, { name: 'tests', max: 4 })
  await migrate(db)
  const postmaster = () => Number(fs.readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])
  const signalAll = (signal: NodeJS.Signals) => {
    const pid = postmaster()
    for (const each of [pid, ...childrenOf(pid)]) process.kill(each, signal)
  }

  async function start(): Promise<void> {
    // Its children end by themselves when they see that it is gone; until then the folder is taken.
    for (const deadline = Date.now() + START_AGAIN_MS; postgres === null; ) {
      try {
        postgres = await startEmbeddedPostgres(folder)
      } catch (error) {
        if (Date.now() > deadline) throw error
        await sleep(100)
      }
    }
  }

  return {
    url,
    db,
    dataDir,
    start,
    async kill() {
      // It may have ended by itself.
      if (fs.existsSync(path.join(folder, 'postmaster.pid')) && postgres) signal(postmaster(), 'SIGKILL')
      await postgres?.ended
      postgres = null
    },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    async stop() {
      await start()
      await db.end()
      await postgres?.stop()
      fs.rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function childrenOf(pid: number): number[] {
  return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}
