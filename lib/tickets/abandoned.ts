/**
 * Actions that a process began and did not live to finish. Whether they had their effect is not known, and it must
 * neither look done nor in progress for ever: the trail says so, and the tickets they were about are looked at.
 */
import { closeAbandoned } from '#lib/access/audit.ts'
import { type Db, inTransaction } from '#lib/db/pool.ts'
import { wantDescribed } from './describe-due.ts'
import { lockEnvironment } from './environment-lock.ts'
import { tellListeners } from './notify.ts'

const EVERY_MS = 15_000

/** Closes what was abandoned and makes open tickets it was about due for a describe, all or nothing. Returns how many. */
export async function settleAbandoned(db: Db, now = new Date()): Promise<number> {
  return inTransaction(db, async (tx) => {
    const closed = await closeAbandoned(tx, now)
    const byEnvironment = new Map<string, Set<string>>()
    for (const { environment, target } of closed) {
      if (environment === null || target === null) continue
      byEnvironment.set(environment, (byEnvironment.get(environment) ?? new Set()).add(target))
    }
    // In the order of their names, as everyone who locks several must.
    for (const [environment, targets] of [...byEnvironment].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await lockEnvironment(tx, environment)
      const { rows } = await tx.query<{ ticket_id: string }>(
        `with due as (
           update tickets set ${wantDescribed('$3::timestamptz')}
           where environment = $1 and ticket_id = any($2) and is_open)
         select ticket_id from tickets where environment = $1 and ticket_id = any($2)`,
        [environment, [...targets], now],
      )
      if (rows.length > 0) await tellListeners(tx, environment, { ticketIds: rows.map((row) => row.ticket_id) })
    }
    return closed.length
  })
}

/** Settles at once and from then on every 15 s: an earlier process may have ended a moment ago, another one may end later. */
export function startSettlingAbandoned(db: Db, onProblem: (error: unknown) => void): { stop(): void } {
  const settle = () => void settleAbandoned(db).catch(onProblem)
  settle()
  const timer = setInterval(settle, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
