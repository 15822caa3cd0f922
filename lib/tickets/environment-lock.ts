import type { Transaction } from '#lib/db/pool.ts'

/** One writer per environment: a ticket's history must not grow while it is read and projected. Until the commit. */
export async function lockEnvironment(tx: Transaction, environment: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('matchdesk ingest ' || $1, 0))`, [environment])
}
