/** What it costs a server to tell a thousand browsers ten times a second. */
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sessionCookieName } from '#lib/access/origin.ts'
import { openSession } from '#lib/access/sessions.ts'
import { type Db, openPool } from '#lib/db/pool.ts'
import { freePort } from '#lib/testing/free-port.ts'
import { tellListeners } from '#lib/tickets/notify.ts'
import type { ProbeAnswer } from '../api/probe.ts'
import { ask, forkChild, startChild, stopChild } from '../children.ts'
import type { Site } from '../web/sites.ts'
import type { Heard, Listen } from './listeners.ts'

const ANSWER_MS = 10_000
const OPEN_MS = 30_000
export const PER_SECOND = 10
/** As many as one person and one browser may have. */
const PER_PERSON = 20
const PER_SESSION = 5

export interface FanOut {
  cpuMs: number
  wallMs: number
  deliveries: number
}

/** The dashboard's own stream, told by notifications as the index sends them. */
export async function dashboardFanOut(site: Site, databaseUrl: string, clients: number, ms: number): Promise<FanOut> {
  const db = openPool(databaseUrl, { name: 'bench', max: 2 })
  try {
    const cookies = await manySessions(db, site.url, clients)
    let turn = 0
    const tell = () => tellListeners(db, 'local', { ticketIds: [`ticket-${String(++turn).padStart(5, '0')}`] })
    return await measured(site.url, '/api/live?environment=local', cookies, site.cpuMs, tell, ms)
  } finally {
    await db.end()
  }
}

export async function anchorFanOut(clients: number, ms: number): Promise<FanOut> {
  const port = await freePort()
  const child = forkChild(path.join(import.meta.dirname, 'sse-anchor.ts'), [], {
    execArgv: ['--import', path.join(import.meta.dirname, '../api/probe.ts')],
    env: { PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const cpuMs = async () => (await ask<ProbeAnswer>(child, 'cpu', ANSWER_MS)).cpuMs
  // The probe answers whatever is said to it: each telling is one such question more, which is next to nothing.
  const tell = async () => void (await ask(child, 'send', ANSWER_MS))
  try {
    return await measured(`http://127.0.0.1:${port}`, '/', new Array<string>(clients).fill('none=1'), cpuMs, tell, ms)
  } finally {
    await stopChild(child)
  }
}

async function measured(
  url: string,
  at: string,
  cookies: readonly string[],
  cpuMs: () => Promise<number>,
  tell: () => Promise<unknown>,
  ms: number,
): Promise<FanOut> {
  const listeners = startChild('live/listeners.ts')
  const heard = () => ask<Heard>(listeners.child, 'count', ANSWER_MS)
  try {
    await cpuMs() // it answers, so it runs
    listeners.child.send({ port: Number(new URL(url).port), path: at, cookies } satisfies Listen)
    for (const endMs = performance.now() + OPEN_MS; (await heard()).open < cookies.length; await sleep(200)) {
      if (performance.now() > endMs)
        throw new Error(`Only ${(await heard()).open} of ${cookies.length} streams opened.`)
    }
    for (let warm = 0; warm < PER_SECOND; warm++) await Promise.all([tell(), sleep(1000 / PER_SECOND)])
    await sleep(1_000)
    const before = { cpu: await cpuMs(), deliveries: (await heard()).deliveries, at: performance.now() }
    // On a schedule: what is late is not made up for, and the deliveries are counted.
    for (let turn = 1; performance.now() - before.at < ms; turn++) {
      await tell()
      await sleep(Math.max(0, before.at + (turn * 1000) / PER_SECOND - performance.now()))
    }
    const wallMs = performance.now() - before.at
    await sleep(500)
    return { cpuMs: (await cpuMs()) - before.cpu, wallMs, deliveries: (await heard()).deliveries - before.deliveries }
  } finally {
    await listeners.stop()
  }
}

async function manySessions(db: Db, url: string, clients: number): Promise<string[]> {
  const name = sessionCookieName(new URL(url))
  const cookies: string[] = []
  let personId = ''
  let cookie = ''
  for (let client = 0; client < clients; client++) {
    if (client % PER_PERSON === 0) {
      const { rows } = await db.query<{ person_id: string }>(
        "insert into people (name, role) values ($1, 'viewer') on conflict (name) do update set role = excluded.role returning person_id",
        [`bench viewer ${client}`],
      )
      personId = rows[0]!.person_id
    }
    if (client % PER_SESSION === 0) cookie = `${name}=${(await openSession(db, personId, new Date())).sessionId}`
    cookies.push(cookie)
  }
  return cookies
}
