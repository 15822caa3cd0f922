/** Keeps one poller per queue over all replicas, and follows what the environments say. */
import { setTimeout as wait } from 'node:timers/promises'
import { setAside, settleSetAside } from '#lib/channels/set-aside.ts'
import { takeDeliveries } from '#lib/channels/take-deliveries.ts'
import type { Leases } from '#lib/db/leases.ts'
import type { Db } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import type { sqsQueue } from './client.ts'
import { pollQueue } from './poller.ts'

export interface PollersOptions {
  db: Db
  leases: Leases
  /** Asked for on every round. */
  environments: () => Promise<readonly Environment[]>
  openQueue: (environment: Environment, queueUrl: string) => ReturnType<typeof sqsQueue>
  /** Hears what a queue or the database failed with; the pollers go on. */
  onProblem: (environment: string, queueUrl: string | null, error: unknown) => void
  intervalMs?: number
}

interface Kept {
  /** Which environment it is for, as it was edited last. */
  asOf: string
  stop(): Promise<void>
}

export function startPollers(options: PollersOptions): { stop(): Promise<void> } {
  const { leases, environments, onProblem, intervalMs = 2_000 } = options
  const kept = new Map<string, Kept>()
  const told = new Set<string>()
  const stopping = new AbortController()

  const goRound = async () => {
    const wanted = new Map<string, { environment: Environment; queueUrl: string }>()
    for (const environment of await environments()) {
      for (const { queueUrl } of environment.channels.sqs) {
        // Two that share a queue would each take half of the events, and neither be right.
        if (!wanted.has(queueUrl)) wanted.set(queueUrl, { environment, queueUrl })
        else if (!told.has(asOf(environment))) {
          told.add(asOf(environment))
          onProblem(environment.name, queueUrl, new Error('Its queue is emptied for another environment already.'))
        }
      }
    }
    for (const [queueUrl, before] of [...kept]) {
      const now = wanted.get(queueUrl)
      if (now && asOf(now.environment) === before.asOf) continue
      await before.stop()
      kept.delete(queueUrl)
    }
    for (const [queueUrl, { environment }] of wanted) {
      if (kept.has(queueUrl) || stopping.signal.aborted) continue
      const { stop } = leases.keep(`sqs ${queueUrl}`, (signal) => emptyQueue(options, environment, queueUrl, signal))
      kept.set(queueUrl, { asOf: asOf(environment), stop })
    }
  }
  const going = (async () => {
    while (!stopping.signal.aborted) {
      await goRound().catch((error: unknown) => onProblem('all', null, error))
      await wait(intervalMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await going
      await Promise.all([...kept.values()].map(({ stop }) => stop()))
      kept.clear()
    },
  }
}

function asOf({ name, revision }: Environment): string {
  return `${name} ${revision}`
}

async function emptyQueue(
  { db, openQueue, onProblem }: PollersOptions,
  environment: Environment,
  queueUrl: string,
  signal: AbortSignal,
): Promise<void> {
  const queue = openQueue(environment, queueUrl)
  try {
    await pollQueue({
      queue,
      take: (deliveries) => takeDeliveries(db, environment, deliveries),
      setAside: together((messages) => setAside(db, environment.name, messages)),
      settle: (messageIds) => settleSetAside(db, environment.name, 'sqs', messageIds),
      signal,
      onProblem: (error) => onProblem(environment.name, queueUrl, error),
    })
  } finally {
    queue.close()
  }
}

/** Calls that come while one is under way share the next: one transaction for many lanes. */
function together<T>(work: (items: T[]) => Promise<void>): (items: readonly T[]) => Promise<void> {
  let waiting: T[] = []
  let last = Promise.resolve()
  let next: Promise<void> | undefined
  return (items) => {
    waiting.push(...items)
    next ??= last
      .catch(() => {})
      .then(() => {
        const now = waiting
        waiting = []
        next = undefined
        last = work(now)
        return last
      })
    return next
  }
}
