import type { Db } from '#lib/db/pool.ts'
import { type Describer, reconcile } from './reconcile.ts'

export interface ReconcilerOptions {
  db: Db
  /** The environments to look after, asked for on every round. */
  environments: () => Promise<readonly { name: string; describer: Describer }[]>
  /** Hears what a matchmaker or the database failed with; the reconciler goes on. */
  onProblem: (environment: string, error: unknown) => void
  /** Pause between rounds. */
  intervalMs?: number
}

const LAST_RETRY_MS = 30_000
/** Each environment at work holds a connection for its lock and needs others for the work. */
const AT_ONCE = 3

/**
 * Reconciles until stopped. Several processes may run it: per environment one of them works at a time, by a lock its
 * connection holds, so that a process that dies lets go of it.
 */
export function startReconciler({ db, environments, onProblem, intervalMs = 1_000 }: ReconcilerOptions): {
  stop(): Promise<void>
} {
  const resting = new Map<string, { until: number; failures: number }>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let round = Promise.resolve()

  const visit = async (name: string, describer: Describer) => {
    const rest = resting.get(name)
    if (rest && rest.until > Date.now()) return
    try {
      const result = await exclusively(db, name, () => reconcile(db, name, describer))
      if (!result?.failure) return void resting.delete(name)
      throw result.failure
    } catch (error) {
      const failures = (rest?.failures ?? 0) + 1
      resting.set(name, { failures, until: Date.now() + Math.min(LAST_RETRY_MS, intervalMs * 2 ** failures) })
      onProblem(name, error)
    }
  }
  const goRound = async () => {
    try {
      const waiting = [...(await environments())]
      const worker = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await visit(next.name, next.describer)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
    } catch (error) {
      onProblem('all', error)
    }
    if (!stopped) next()
  }
  const next = () => {
    timer = setTimeout(() => {
      round = goRound()
    }, intervalMs)
    timer.unref()
  }
  next()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await round
    },
  }
}

/** Runs `work` unless another process is at it; undefined then. */
async function exclusively<T>(db: Db, environment: string, work: () => Promise<T>): Promise<T | undefined> {
  const client = await db.connect()
  const lock = [`matchdesk reconcile ${environment}`]
  let broken: Error | undefined
  try {
    const { rows } = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as mine', lock)
    if (!rows[0].mine) return undefined
    try {
      return await work()
    } finally {
      // A connection that cannot let go of the lock must not go back to the pool with it.
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', lock).catch((error: Error) => {
        broken = error
      })
    }
  } finally {
    client.release(broken)
  }
}
