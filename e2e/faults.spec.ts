import fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeSecret } from '#lib/channels/eventbridge/secrets.ts'
import { EnvironmentInput } from '#lib/environments/environment-input.ts'
import { saveEnvironment } from '#lib/environments/stored.ts'
import { meter } from '#lib/integrity/meter.ts'
import { type FakeAws, startFakeAws } from '#lib/testing/aws/fake-aws.ts'
import { createTraffic } from '#lib/testing/aws/traffic.ts'
import { freePort } from '#lib/testing/free-port.ts'
import { startKillablePostgres } from '#lib/testing/killable-postgres.ts'
import { startReplicas } from '#lib/testing/replicas.ts'
import { countTickets, readCounters } from '#lib/tickets/testing/index-dump.ts'
import { expect, test } from './fixtures.ts'

const ENVIRONMENT = 'arena'
const REPLICAS = 3
const FULL = process.env.MATCHDESK_FAULTS === 'full'
const SIZE = FULL
  ? {
      tickets: 50_000,
      atOnce: 60,
      killEveryMs: 5_000,
      databaseKills: 5,
      settleMs: 900_000,
      tolerance: 0.1,
      lateTolerance: 0.1,
    }
  : {
      tickets: 1_000,
      atOnce: 12,
      killEveryMs: 4_000,
      databaseKills: 1,
      settleMs: 90_000,
      tolerance: 0.25,
      lateTolerance: 0.5,
    }
const CHANNELS = ['eventbridge', 'sns', 'sqs'] as const

test(`${SIZE.tickets} tickets over three bad channels end right, through kills of replicas and PostgreSQL`, async () => {
  test.setTimeout(FULL ? 3_600_000 : 240_000)
  const since = new Date()
  const postgres = await startKillablePostgres('faults')
  const aws = await startFakeAws({
    options: { tickMs: 200 },
    faults: { dropPercent: 1, repeatPercent: 2, shuffleMs: 3_000 },
  })
  const secret = await connectEnvironment(postgres.db, aws)
  const replicas = await startReplicas(REPLICAS, {
    ...aws.env,
    DATABASE_URL: postgres.url,
    MATCHDESK_DATA_DIR: postgres.dataDir,
    ENGINE_PORT: String(await freePort()), // nobody there: the local environment is down, which bothers no other
  })
  aws.deliverTo({
    eventbridge: { url: `${replicas.url}/api/ingest/${ENVIRONMENT}/eventbridge`, secret },
    sns: { url: `${replicas.url}/api/ingest/${ENVIRONMENT}/sns` },
  })
  const traffic = await createTraffic(aws)
  try {
    let playing = true
    const kills = killInTurn(() => playing)
    await traffic.play(SIZE.tickets, SIZE.atOnce)
    playing = false
    await kills

    await expect.poll(() => differing(), { timeout: SIZE.settleMs, intervals: [FULL ? 10_000 : 1_000] }).toEqual([])
    await aws.bus.settled()
    await expect.poll(() => leftInQueue(aws), { timeout: SIZE.settleMs }).toBe(0)
    await sleep(2_000) // the last of them are deleted after their commit
    expect(await differing()).toEqual([])

    const truth = aws.truth()
    const { rows } = await postgres.db.query<{ kept: number }>(
      `select count(*)::int as kept from facts where environment = $1 and source = 'event'`,
      [ENVIRONMENT],
    )
    expect(truth.refused).toEqual({ eventbridge: 0, sns: 0, sqs: 0 })
    expect(rows[0]?.kept, 'each event that was taken is one fact').toBe(truth.reached)
    expect(await readCounters(postgres.db, ENVIRONMENT)).toEqual(await countTickets(postgres.db, ENVIRONMENT))
    const { channels } = await meter(postgres.db, ENVIRONMENT, since, null)
    const compared = CHANNELS.map((name) => {
      const { missing, repeated, late } = channels.find(({ channel }) => channel === name) ?? {}
      return {
        name,
        missing,
        dropped: truth.dropped[name],
        repeated,
        sentTwice: truth.repeated[name],
        unknown: truth.unknown[name],
        late,
        truthLate: truth.late[name],
      }
    })
    console.log(JSON.stringify({ events: truth.events, replicas: replicas.balancer, compared }, null, 1))
    // In all: which channel brought an event first is not the same at the bus and at the door, most of all of a queue.
    const sum = (counts: (number | undefined)[]) => counts.reduce<number>((all, count = 0) => all + count, 0)
    const lateInTruth = sum(compared.map(({ truthLate }) => truthLate))
    const lateByMeter = sum(compared.map(({ late }) => late))
    expect(Math.abs(lateByMeter - lateInTruth)).toBeLessThanOrEqual(lateInTruth * SIZE.lateTolerance)
    for (const { name, missing, dropped, repeated = 0, sentTwice, unknown } of compared) {
      expect(missing, `missing by ${name}`).toBe(dropped)
      expect(repeated, `repeated by ${name}`).toBeGreaterThanOrEqual(sentTwice * (1 - SIZE.tolerance))
      if (name !== 'sqs') expect(repeated).toBeLessThanOrEqual((sentTwice + unknown) * (1 + SIZE.tolerance))
    }
  } finally {
    traffic.close()
    await replicas.stop()
    fs.writeFileSync('.test-data/results/faults.log', replicas.log())
    await aws.stop()
    await postgres.stop()
  }

  async function killInTurn(goOn: () => boolean): Promise<void> {
    for (let kill = 0; goOn(); kill++) {
      await sleep(SIZE.killEveryMs / 2)
      await replicas.end(kill % REPLICAS)
      await sleep(SIZE.killEveryMs / 2)
      if (kill < SIZE.databaseKills) {
        await postgres.kill()
        await sleep(500)
        await postgres.start()
      }
      await replicas.start(kill % REPLICAS)
    }
  }

  /** Tickets of which the index says something else than GameLift, or nothing. */
  async function differing(): Promise<string[]> {
    const { rows } = await postgres.db.query<{ ticket_id: string; status: string }>(
      'select ticket_id, status from tickets where environment = $1',
      [ENVIRONMENT],
    )
    const indexed = new Map(rows.map((row) => [row.ticket_id, row.status]))
    const wrong = []
    for (const [ticketId, status] of await traffic.statuses()) {
      if (indexed.get(ticketId) !== status) wrong.push(`${ticketId}: ${indexed.get(ticketId)}, not ${status}`)
    }
    return wrong.slice(0, 10)
  }
})

async function connectEnvironment(db: Parameters<typeof saveEnvironment>[0], aws: FakeAws): Promise<string> {
  const given = EnvironmentInput.parse({
    name: ENVIRONMENT,
    label: 'Arena',
    protection: 'guarded',
    region: aws.region,
    accountId: aws.accountId,
    channels: { sns: { topicArns: [aws.sns.topicArn] }, sqs: [{ queueUrl: aws.queueUrl }], eventbridge: true },
    callsPerSecond: 20,
  })
  await saveEnvironment(db, given, { name: 'ada' })
  return (await makeSecret(db, ENVIRONMENT, 'eventbridge')).secret
}

function leftInQueue({ sqs }: FakeAws): number {
  const queue = sqs.inspectQueue('matchmaking')?.messages
  return queue ? queue.ready.length + queue.delayed.length + queue.inflight.length : -1
}
