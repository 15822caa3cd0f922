/** What carries bulk runs out as a process of its own, for tests that end it at any moment. */
import { randomUUID } from 'node:crypto'
import { startBulkRuns } from '#lib/bulk/worker.ts'
import { createLeases } from '#lib/db/leases.ts'
import { openPool } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { bulkWriter } from './bulk-writer.ts'

export interface WorkerProcessInput {
  databaseUrl: string
  environment: Environment
  perSecond: number
}

const { databaseUrl, environment, perSecond } = JSON.parse(process.argv[2] ?? '') as WorkerProcessInput
const db = openPool(databaseUrl, { name: 'bulk test' })
startBulkRuns({
  ...{ db, environment, perSecond },
  leases: createLeases(db, randomUUID(), (_, error) => console.error(error), { lastsMs: 1_000, askEveryMs: 100 }),
  ...bulkWriter(db, environment),
  whyNot: async () => null,
  onProblem: () => {},
})
process.send?.('working')
