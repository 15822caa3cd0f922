import { setTimeout as sleep } from 'node:timers/promises'
import type { Leases } from '#lib/db/leases.ts'
import type { Db } from '#lib/db/pool.ts'
import { type Describer, reconcile } from './reconcile.ts'

/** Pause between passes. */
const EVERY_MS = 1_000

/**
 * Describes the due tickets of an environment until stopped: of many replicas one, under a lease. Where it fails the lease
 * is given up, because another replica may reach what this one does not.
 */
export function startReconciler(given: {
  db: Db
  leases: Leases
  environment: string
  describer: Describer
  everyMs?: number
}): { stop(): Promise<void> } {
  const { db, leases, environment, describer, everyMs = EVERY_MS } = given
  return leases.keep(`describe ${environment}`, async (signal) => {
    while (!signal.aborted) {
      const { failure } = await reconcile(db, environment, describer, Date.now, signal)
      if (failure) throw failure
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {})
    }
  })
}
