/** Web processes that are measured, each on a port of its own: the dashboard, signed in, and the empty app. */
import type { ChildProcess } from 'node:child_process'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sessionCookieName } from '#lib/access/origin.ts'
import { openSession } from '#lib/access/sessions.ts'
import { openPool, type Queryable } from '#lib/db/pool.ts'
import { freePort } from '#lib/testing/free-port.ts'
import type { ProbeAnswer, ProbeQuestion } from '../api/probe.ts'
import { ask, forkChild, stopChild, TookTooLong } from '../children.ts'
import { EMPTY_APP, NEXT, ROOT } from './builds.ts'

const START_MS = 30_000

export interface Site {
  url: string
  /** Who asks, as a Cookie header; empty where nobody has to sign in. */
  cookie: string
  /** CPU time the process has used up to now. */
  cpuMs(): Promise<number>
  stop(): Promise<void>
}

/** On a migrated database, without demo traffic and without an engine. */
export async function startDashboard(databaseUrl: string): Promise<Site> {
  const port = await freePort()
  const db = openPool(databaseUrl, { name: 'bench', max: 1 })
  const url = `http://127.0.0.1:${port}`
  try {
    const cookie = await signIn(db, url, 'bench')
    return await start({ url, cookie, folder: ROOT, env: { DATABASE_URL: databaseUrl, MATCHDESK_DEMO: '0' } })
  } finally {
    await db.end()
  }
}

export async function startEmptyApp(): Promise<Site> {
  return start({ url: `http://127.0.0.1:${await freePort()}`, cookie: '', folder: EMPTY_APP, env: {} })
}

/** A session of an administrator of that name. */
export async function signIn(db: Queryable, url: string, name: string): Promise<string> {
  const { rows } = await db.query<{ person_id: string }>(
    `insert into people (name, role) values ($1, 'admin')
     on conflict (name) do update set role = excluded.role returning person_id`,
    [name],
  )
  const { sessionId } = await openSession(db, rows[0]!.person_id, new Date())
  return `${sessionCookieName(new URL(url))}=${sessionId}`
}

interface Start {
  url: string
  cookie: string
  folder: string
  env: Record<string, string>
}

async function start({ url, cookie, folder, env }: Start): Promise<Site> {
  const { port } = new URL(url)
  const child = forkChild(NEXT, ['start', folder, '--hostname', '127.0.0.1', '--port', port], {
    cwd: folder,
    execArgv: ['--import', path.join(import.meta.dirname, '../api/probe.ts')],
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', PORT: port, MATCHDESK_ORIGIN: '', ...env },
    // Without an engine the dashboard says all the time that it cannot ask it.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  await answers(child, url)
  return {
    url,
    cookie,
    cpuMs: async () => (await ask<ProbeAnswer>(child, 'cpu' satisfies ProbeQuestion, START_MS)).cpuMs,
    stop: () => stopChild(child),
  }
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  for (const endMs = performance.now() + START_MS; performance.now() < endMs; await sleep(50)) {
    if (child.exitCode !== null) throw new Error('A web process ended before it was ready.')
    const answered = await fetch(url, { redirect: 'manual' }).then(
      () => true,
      () => false,
    )
    if (answered) return
  }
  child.kill('SIGKILL')
  throw new TookTooLong('A web process did not start.')
}
