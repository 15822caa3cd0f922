import { setTimeout as sleep } from 'node:timers/promises'
import type { Leases } from '#lib/db/leases.ts'
import type { Db } from '#lib/db/pool.ts'
import type { Environment, Environments } from '#lib/environments/environment.ts'
import { perEnvironment } from '#lib/environments/per-environment.ts'
import type { MatchmakerHealth } from './attention.ts'
import { type OverdueResult, settleOverdue, TICKETS_PER_PASS } from './overdue.ts'
import { keepTimeouts, readTimeouts } from './overdue-timeouts.ts'
import type { Describer } from './reconcile.ts'

const EVERY_MS = 15_000
/** While there are more than one pass takes. */
const NEXT_BATCH_MS = 500

export interface OverdueOptions {
  db: Db
  leases: Leases
  environments: Environments
  describerOf: (environment: Environment) => Describer
  /** What is known of its GameLift without asking it. */
  healthOf: (environment: Environment) => MatchmakerHealth
  /** Hears when tickets are presumed to have timed out. */
  onPresumed: (environment: string, result: OverdueResult) => void
  everyMs?: number
}

/** For each environment on one replica at a time, until stopped. */
export function startSettlingOverdue(options: OverdueOptions): { stop(): Promise<void> } {
  const { leases, environments } = options
  return perEnvironment(environments, (environment) =>
    leases.keep(`overdue ${environment.name}`, (signal) => goOn(options, environment, signal)),
  )
}

async function goOn(
  { db, describerOf, healthOf, onPresumed, everyMs = EVERY_MS }: OverdueOptions,
  environment: Environment,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await keepTimeouts(db, environment.name, healthOf(environment).configurations ?? [])
    const timeouts = await readTimeouts(db, environment.name)
    const result = await settleOverdue(db, environment.name, describerOf(environment), timeouts)
    if (result.presumed > 0) onPresumed(environment.name, result)
    const restMs = result.found === TICKETS_PER_PASS ? Math.min(NEXT_BATCH_MS, everyMs) : everyMs
    await sleep(restMs, undefined, { signal, ref: false }).catch(() => {})
  }
}
