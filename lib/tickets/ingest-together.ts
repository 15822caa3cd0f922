import { setImmediate as nextTurn } from 'node:timers/promises'
import { isDatabaseUnavailable } from '#lib/access/failure.ts'
import type { Db } from '#lib/db/pool.ts'
import type { NotedDelivery } from '#lib/integrity/channel-minutes.ts'
import type { Arrival } from './arrival.ts'
import { ingest } from './ingest.ts'

interface Waiting {
  arrivals: readonly Arrival[]
  untaken: readonly NotedDelivery[]
  resolve(wasNew: boolean[]): void
  reject(error: unknown): void
}
interface Queue {
  waiting: Waiting[]
  running: boolean
  /** How many arrivals wait. */
  length: number
  /** How many of them may share a transaction: as many as lately were stored within `AIM_MS`. */
  most: number
}

/** Together they cost less each, but the first of them wait for the last. */
const AIM_MS = 1_000
const TOGETHER = { least: 1_000, most: 5_000 }
/** More than this wait only for a database that does not answer: whoever sent them must come again. */
const MAX_WAITING = 10_000

// A bus delivers events one by one, many at a time. One writer at a time per environment is a must, so those that come
// while it writes share the next transaction instead of queueing for the lock, each holding a connection.
const queues = new WeakMap<Db, Map<string, Queue>>()

/**
 * Like `ingest`, in one transaction with whoever else delivers to the environment just then. Resolves with whether each
 * arrival was new, once they are committed. Throws what the database throws for these alone.
 */
export function ingestTogether(
  db: Db,
  environment: string,
  arrivals: readonly Arrival[],
  untaken: readonly NotedDelivery[] = [],
): Promise<boolean[]> {
  const ofDb = queues.get(db) ?? new Map<string, Queue>()
  queues.set(db, ofDb)
  const queue = ofDb.get(environment) ?? { waiting: [], running: false, length: 0, most: TOGETHER.least }
  ofDb.set(environment, queue)
  if (queue.length >= MAX_WAITING) {
    return Promise.reject(new Error(`${queue.length} events wait to be stored already.`))
  }
  queue.length += arrivals.length
  return new Promise((resolve, reject) => {
    queue.waiting.push({ arrivals, untaken, resolve, reject })
    if (!queue.running) void drain(db, environment, queue)
  })
}

async function drain(db: Db, environment: string, queue: Queue): Promise<void> {
  queue.running = true
  while (queue.waiting.length > 0) {
    const together = takeTogether(queue)
    const startMs = performance.now()
    await store(db, environment, together)
    const size = together.reduce((sum, { arrivals }) => sum + arrivals.length, 0)
    const soon = Math.round((size * AIM_MS) / (performance.now() - startMs))
    queue.most = Math.max(TOGETHER.least, Math.min(soon, TOGETHER.most))
  }
  queue.running = false
}

function takeTogether(queue: Queue): Waiting[] {
  const { waiting, most } = queue
  let size = 0
  const end = waiting.findIndex(({ arrivals }, index) => {
    size += arrivals.length
    return index > 0 && size > most
  })
  const taken = waiting.splice(0, end === -1 ? waiting.length : end)
  for (const { arrivals } of taken) queue.length -= arrivals.length
  return taken
}

async function store(db: Db, environment: string, together: readonly Waiting[]): Promise<void> {
  try {
    const { wasNew } = await ingest(
      db,
      environment,
      together.flatMap(({ arrivals }) => arrivals),
      Date.now(),
      together.flatMap(({ untaken }) => untaken),
    )
    void answer(together, wasNew)
  } catch (error) {
    // A database that is away is away for everybody; whatever else fails may be the doing of one, or of all together.
    if (together.length === 1 || isDatabaseUnavailable(error)) {
      for (const { reject } of together) reject(error)
      return
    }
    // One delivery must not take the others down with it.
    for (const one of together) await store(db, environment, [one])
  }
}

/** Each in a turn of its own: whoever reads the next events then must not hold up those that are being stored. */
async function answer(together: readonly Waiting[], wasNew: readonly boolean[]): Promise<void> {
  let from = 0
  for (const { arrivals, resolve } of together) {
    resolve(wasNew.slice(from, from + arrivals.length))
    from += arrivals.length
    await nextTurn()
  }
}
