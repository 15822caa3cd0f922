/** An environment on the fake AWS that every channel brings events of, and whether the index says of it what GameLift says. */
import { makeSecret } from '#lib/channels/eventbridge/secrets.ts'
import type { Db } from '#lib/db/pool.ts'
import { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { saveEnvironment } from '#lib/environments/stored.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { createTraffic } from '#lib/testing/aws/traffic.ts'
import { freePort } from '#lib/testing/free-port.ts'
import type { KillablePostgres } from '#lib/testing/killable-postgres.ts'
import { type Replicas, startReplicas } from '#lib/testing/replicas.ts'

export const ARENA = 'arena'

export interface Arena {
  aws: FakeAws
  replicas: Replicas
  traffic: Awaited<ReturnType<typeof createTraffic>>
  /** All but the database. */
  stop(): Promise<void>
}

/**
 * Web processes to which every channel of a fake AWS delivers, and a game that is played there. They reach the database
 * of `postgres` by `databaseUrl`, where that is another way than its own.
 */
export async function startArena(
  postgres: KillablePostgres,
  given: { replicas: number; databaseUrl?: string; aws: Parameters<typeof startFakeAws>[0] },
): Promise<Arena> {
  const aws = await startFakeAws(given.aws)
  const secret = await connectArena(postgres.db, aws)
  const replicas = await startReplicas(given.replicas, {
    ...aws.env,
    DATABASE_URL: given.databaseUrl ?? postgres.url,
    MATCHDESK_DATA_DIR: postgres.dataDir,
    ENGINE_PORT: String(await freePort()), // nobody there: the local environment is down, which bothers no other
  })
  aws.deliverTo({
    eventbridge: { url: `${replicas.url}/api/ingest/${ARENA}/eventbridge`, secret },
    sns: { url: `${replicas.url}/api/ingest/${ARENA}/sns` },
  })
  const traffic = await createTraffic(aws)
  return {
    ...{ aws, replicas, traffic },
    async stop() {
      traffic.close()
      await replicas.stop()
      await aws.stop()
    },
  }
}

/** Resolves with the secret of its API destination. */
export async function connectArena(db: Db, aws: FakeAws): Promise<string> {
  const given = EnvironmentInput.parse({
    name: ARENA,
    label: 'Arena',
    protection: 'guarded',
    region: aws.region,
    accountId: aws.accountId,
    channels: { sns: { topicArns: [aws.sns.topicArn] }, sqs: [{ queueUrl: aws.queueUrl }], eventbridge: true },
    callsPerSecond: 20,
  })
  await saveEnvironment(db, given, { name: 'ada' })
  return (await makeSecret(db, ARENA, 'eventbridge')).secret
}

/** Tickets of which the index says something else than GameLift (`statuses`), or nothing. Ten at most. */
export async function differingTickets(db: Db, statuses: ReadonlyMap<string, string>): Promise<string[]> {
  const { rows } = await db.query<{ ticket_id: string; status: string }>(
    'select ticket_id, status from tickets where environment = $1',
    [ARENA],
  )
  const indexed = new Map(rows.map((row) => [row.ticket_id, row.status]))
  return [...statuses]
    .filter(([ticketId, status]) => indexed.get(ticketId) !== status)
    .map(([ticketId, status]) => `${ticketId}: ${indexed.get(ticketId)}, not ${status}`)
    .slice(0, 10)
}

export function leftInQueue({ sqs }: FakeAws): number {
  const queue = sqs.inspectQueue('matchmaking')?.messages
  return queue ? queue.ready.length + queue.delayed.length + queue.inflight.length : -1
}
