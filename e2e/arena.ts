/** An environment on the fake AWS that every channel brings events of, and whether the index says of it what GameLift says. */
import { makeSecret } from '#lib/channels/eventbridge/secrets.ts'
import type { Db } from '#lib/db/pool.ts'
import { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { saveEnvironment } from '#lib/environments/stored.ts'
import type { FakeAws } from '#lib/testing/aws/fake-aws.ts'

export const ARENA = 'arena'

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
