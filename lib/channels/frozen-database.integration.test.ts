import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Db, openPool } from '#lib/db/pool.ts'
import { testDatabase } from '#lib/db/testing/database.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { createAuthority } from '#lib/testing/aws/certificates.ts'
import { type DatabaseLine, startDatabaseLine } from '#lib/testing/database-line.ts'
import { ingestRequest } from '#lib/tickets/ingest-request.ts'
import { ANSWER_WITHIN_MS, answerDelivery } from './answer-delivery.ts'
import { responseOf } from './answers.ts'
import { createKnownSenders } from './eventbridge/known-senders.ts'
import { receiveFromEventBridge } from './eventbridge/receive-eventbridge.ts'
import { makeSecret } from './eventbridge/secrets.ts'
import { createCertificateStore } from './sns/certificates.ts'
import { receiveFromSns } from './sns/receive-sns.ts'
import { notification, SENT, signed, TOPIC } from './sns/testing/messages.ts'

const database = testDatabase()
const MOST_CONNECTIONS = 4
let line: DatabaseLine
let db: Db
beforeAll(async () => {
  line = await startDatabaseLine(database.url)
  db = openPool(line.url, { name: 'tests', max: MOST_CONNECTIONS })
})
afterAll(async () => {
  line.thaw()
  await db.end()
  line.close()
})

const DAYS_MS = 30 * 86_400_000
const sns = createAuthority().issue({
  name: 'sns.amazonaws.com',
  from: new Date(SENT - DAYS_MS),
  until: new Date(SENT + DAYS_MS),
})
const environment = anEnvironment({
  name: 'prod',
  kind: 'aws',
  region: 'eu-central-1',
  accountId: '111122223333',
  channels: { sns: { topicArns: [TOPIC] }, sqs: [], eventbridge: true },
})

it('tells every sender in time to come again while the database is frozen, and takes it all afterwards', async () => {
  const environments = fixedEnvironments([environment])
  const certificates = createCertificateStore(
    async () => Buffer.from(sns.pem),
    () => SENT,
  )
  const knownSenders = createKnownSenders(db, Date.now)
  const { secret } = await makeSecret(database.db, 'prod', 'eventbridge')
  const snsDoor = {
    db,
    environments,
    certificates,
    endpoint: null,
    now: () => SENT,
    confirm: () => Promise.reject(new Error('nobody asks')),
    onNote() {},
  }
  const post = (body: string) =>
    new Request('http://x/', { method: 'POST', body, headers: { 'x-matchdesk-secret': secret } })
  const senders: Record<string, (body: string) => Promise<number>> = {
    async sns(body) {
      const message = JSON.stringify(signed(notification(body), sns.key))
      return responseOf(
        await answerDelivery(
          () => receiveFromSns(snsDoor, 'prod', post(message)),
          () => {},
        ),
      ).status
    },
    async eventbridge(body) {
      const door = { db, environments, knownSenders }
      return responseOf(
        await answerDelivery(
          () => receiveFromEventBridge(door, 'prod', post(body)),
          () => {},
        ),
      ).status
    },
    async webhook(body) {
      const given = { withinMs: ANSWER_WITHIN_MS }
      return (await ingestRequest(db, environment, 'webhook', post(body), given)).status
    },
  }
  const deliveries = Object.entries(senders).flatMap(([channel, send]) =>
    Array.from({ length: 10 }, (_, index) => {
      const event = anEvent('MatchmakingSearching', { tickets: [aTicket(`${channel}-${index}`, ['ada'])] })
      const body = JSON.stringify({ ...envelopeOf(event), account: '111122223333', region: 'eu-central-1' })
      return () => send(body)
    }),
  )

  expect(await deliveries[0]?.()).toBe(200)
  line.freeze()
  const begun = performance.now()
  const answers = await Promise.all(
    deliveries.map(async (deliver) => ({ status: await deliver(), afterMs: performance.now() - begun })),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
  expect(Math.max(...answers.map(({ afterMs }) => afterMs))).toBeLessThan(4_500)
  expect(db.totalCount).toBeLessThanOrEqual(MOST_CONNECTIONS)

  line.thaw()
  for (const deliver of deliveries) expect(await deliver()).toBe(200)
  const { rows } = await database.db.query("select count(*) from facts where environment = 'prod'")
  expect(rows[0].count).toBe(deliveries.length)
})
