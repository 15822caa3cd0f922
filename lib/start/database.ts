/** The database of a start: the one DATABASE_URL names, or the embedded PostgreSQL on the data folder. */
import fs from 'node:fs'
import path from 'node:path'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { openPool } from '#lib/db/pool.ts'
import { StartProblem } from './progress.ts'

const ORPHAN_STOP_TIMEOUT_MS = 10_000
const POLL_MS = 50

/** Starts the embedded server, after ending one that a killed Matchdesk left behind. The caller holds the data folder. */
export async function startOwnPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const folder = path.join(dataDir, 'postgres')
  await endOrphan(folder)
  return startEmbeddedPostgres(folder)
}

/** A server without its Matchdesk ends by itself where Linux tells it to; it may still be writing, or be elsewhere. */
async function endOrphan(folder: string): Promise<void> {
  const deadline = Date.now() + ORPHAN_STOP_TIMEOUT_MS
  for (let signalled = false; ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    const pid = livePostmaster(folder)
    if (pid === null) return
    if (!signalled) signal(pid, 'SIGINT')
    signalled = true
    if (Date.now() > deadline) {
      throw new StartProblem(
        `A PostgreSQL left behind (process ${pid}) still uses ${folder} and does not end. Run: kill -QUIT ${pid}`,
      )
    }
  }
}

function livePostmaster(folder: string): number | null {
  const file = path.join(folder, 'postmaster.pid')
  if (!fs.existsSync(file)) return null
  const pid = Number(fs.readFileSync(file, 'utf8').split('\n')[0])
  if (!Number.isInteger(pid) || pid <= 0 || !signal(pid, 0)) return null
  return isPostgresOn(pid, folder) ? pid : null
}

/** The number in the file may belong to somebody else by now, so the command line decides where it can be read. */
function isPostgresOn(pid: number, folder: string): boolean {
  try {
    if (/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))) return false
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder)
  } catch {
    return !fs.existsSync('/proc/self')
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Throws a StartProblem that names the server (never the password) when the database cannot be used. */
export async function requireReachable(databaseUrl: string): Promise<void> {
  const pool = openPool(databaseUrl, { name: 'start', max: 1 })
  try {
    await pool.query('select 1')
  } catch (error) {
    throw new StartProblem(
      `The PostgreSQL of DATABASE_URL (${withoutPassword(databaseUrl)}) cannot be used: ${reasonOf(error)}. ` +
        'Start or correct it, or unset DATABASE_URL to use the embedded one.',
    )
  } finally {
    await pool.end()
  }
}

/** A host with several addresses fails with one error for each and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}

function withoutPassword(databaseUrl: string): string {
  const url = URL.parse(databaseUrl)
  return url ? `${url.host || 'local socket'}${url.pathname}` : 'not a valid address'
}
