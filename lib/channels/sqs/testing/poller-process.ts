/** The pollers of one replica as a process of their own, for tests that end it at any moment. */
import { randomUUID } from 'node:crypto'
import { sqsQueue } from '#lib/channels/sqs/client.ts'
import { startPollers } from '#lib/channels/sqs/pollers.ts'
import { createLeases } from '#lib/db/leases.ts'
import { openPool } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'

export interface PollerProcessInput {
  databaseUrl: string
  environment: Environment
  visibilitySeconds: number
}

const { databaseUrl, environment, visibilitySeconds } = JSON.parse(process.argv[2] ?? '') as PollerProcessInput
const db = openPool(databaseUrl, { name: 'poller test' })
startPollers({
  db,
  leases: createLeases(db, randomUUID(), (_, error) => console.error(error), { lastsMs: 500, askEveryMs: 100 }),
  environments: async () => [environment],
  openQueue: ({ region }, queueUrl) =>
    sqsQueue(
      { queueUrl, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
      { visibilitySeconds, waitSeconds: 1 },
    ),
  onProblem: (_, __, error) => console.error(error),
})
process.send?.('polling')
