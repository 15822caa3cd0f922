import { randomUUID } from 'node:crypto'
import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { HeldElsewhere } from './store.ts'

/** Chosen once: whoever has this session lock is the engine of this database. */
const ENGINE_LOCK = 7_310_002
const CONNECT_TIMEOUT_MS = 5_000
const QUERY_TIMEOUT_MS = 15_000
const RETRY_MS = 100

/** This process, as it writes itself into `engine.holder`. */
export interface Run {
  id: string
  pid: number
  host: string
}
export function thisRun(): Run {
  return { id: randomUUID(), pid: process.pid, host: os.hostname() }
}

/**
 * The one connection that may write the journal. Lock and writes share it on purpose: when PostgreSQL gives the lock to
 * somebody else, the session that had it has ended, and with it every write of ours has been committed or taken back.
 */
export interface HeldConnection {
  client: pg.Client
  /** Ends the session, which gives the lock back. */
  release(): Promise<void>
}

/**
 * Connects and takes the lock. A lock that is held is tried again for `patienceMs`, since the session of a killed engine
 * lives on for a moment. Throws HeldElsewhere, or what the connection threw. `onLost` is called once if it breaks later.
 */
export async function holdJournal(
  databaseUrl: string,
  run: Run,
  { patienceMs, onLost }: { patienceMs: number; onLost: (error: Error) => void },
): Promise<HeldConnection> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'matchdesk engine journal',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: 10_000,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  })
  // Before the lock is taken a broken connection shows in the query that fails, after the release nobody cares.
  let holding = false
  const lose = (error: Error) => {
    if (holding) onLost(error)
    holding = false
  }
  client.on('error', lose)
  client.on('end', () => lose(new Error('The connection to the database ended.')))
  try {
    await client.connect()
    await takeLock(client, run, Date.now() + patienceMs)
    holding = true
  } catch (error) {
    client.end().catch(() => {})
    throw error
  }
  return {
    client,
    async release() {
      holding = false
      await client.end().catch(() => {})
    },
  }
}

async function takeLock(client: pg.Client, run: Run, untilMs: number): Promise<void> {
  // A partner that vanished without a word must not keep the lock for the two hours that are PostgreSQL's default.
  await client.query('set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3')
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [ENGINE_LOCK])
    if (rows[0]?.taken) break
    const holder = await currentHolder(client)
    // Our own row: the session we just lost has not ended yet.
    if (holder?.run !== run.id && Date.now() >= untilMs) throw new HeldElsewhere(describeHolder(holder))
    await sleep(RETRY_MS)
  }
  await client.query(
    `insert into engine.holder (run, pid, host) values ($1, $2, $3)
     on conflict (only_row) do update set run = excluded.run, pid = excluded.pid, host = excluded.host, since = now()`,
    [run.id, run.pid, run.host],
  )
}

interface Holder {
  run: string
  pid: number
  host: string
  since: Date
}
async function currentHolder(client: pg.Client): Promise<Holder | undefined> {
  return (await client.query<Holder>('select run, pid, host, since from engine.holder')).rows[0]
}

function describeHolder(holder: Holder | undefined): string {
  const who = holder
    ? `process ${holder.pid} on ${holder.host}, since ${holder.since.toISOString()}`
    : 'a process that has not said its name yet'
  return `Another engine holds this database: ${who}. Stop it, or give this one another DATABASE_URL.`
}
