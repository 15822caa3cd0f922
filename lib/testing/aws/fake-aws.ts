/**
 * The parts of AWS that Matchdesk meets, on this machine: GameLift (our engine behind a door with faults), STS, a signing
 * SNS topic, an SQS queue, and the bus between them. The SDK finds them by the variables in `env`.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { createRandom } from '#lib/demo/random.ts'
import type { EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import { startTestEngine, type TestEngine } from '#lib/engine/testing/start-test-engine.ts'
import { type Bus, post, startBus, type Truth } from './bus.ts'
import { createAuthority } from './certificates.ts'
import { type FaultPlan, NO_FAULTS } from './fault-plan.ts'
import { type GameLiftProxy, startGameLiftProxy } from './gamelift-proxy.ts'
import { type FakeSns, startFakeSns } from './sns.ts'
import { type SqsProxy, startSqsProxy } from './sqs-proxy.ts'
import { type FakeSts, startFakeSts } from './sts.ts'

export interface FakeAws {
  /** Of GameLift, with faults. Straight to the engine: `engine.endpoint`. */
  endpoint: string
  region: string
  accountId: string
  /** For the process under test: AWS_ENDPOINT_URL_*, keys of a user, and the test authority. */
  env: Record<string, string>
  /** Who vouches for the TLS of SNS; `env` names it as a file. */
  authorityPem: string
  engine: TestEngine
  gamelift: GameLiftProxy
  sts: FakeSts
  sns: FakeSns
  bus: Bus
  sqs: FauxqsServer
  /** What the product reaches SQS through. */
  sqsDoor: SqsProxy
  queueUrl: string
  deadLetterQueueUrl: string
  plan(faults: Partial<FaultPlan>): void
  /** Where an API destination and a topic deliver. Until then their copies wait. */
  deliverTo(targets: { eventbridge?: { url: string; secret: string }; sns?: { url: string } }): void
  truth(): Truth
  stop(): Promise<void>
}

const REGION = 'eu-central-1'
const ACCOUNT = '111122223333'
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:matchmaking`
const QUEUE = 'matchmaking'
const DEAD_LETTERS = 'matchmaking-dead-letters'
const KEY = { accessKeyId: 'AKIATESTTESTTESTTEST', secretAccessKey: 'a-key-of-nobody' }
/** How long each of them waits for an answer before it counts as none. */
const WAIT_MS = { eventbridge: 5_000, sns: 15_000 }

export async function startFakeAws(
  given: {
    /** Of the engine; null keeps it in memory. */
    databaseUrl?: string | null
    options?: EngineOptionsPatch
    faults?: Partial<FaultPlan>
    /** The same seed makes the same choices, as far as the same events come in the same order. */
    seed?: string
    externalIds?: Record<string, string>
    queue?: { visibilitySeconds?: number; receivesBeforeDeadLetter?: number }
  } = {},
): Promise<FakeAws> {
  let faults: FaultPlan = { ...NO_FAULTS, ...given.faults }
  const plan = () => faults
  const random = createRandom(given.seed ?? 'fake aws')
  const authority = createAuthority()
  const caFile = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'fake-aws-')), 'authority.pem')
  fs.writeFileSync(caFile, authority.pem)

  const bus = await startBus({ plan, random })
  const engine = await startTestEngine({
    databaseUrl: given.databaseUrl ?? null,
    ...(given.options ? { options: given.options } : {}),
    targets: [{ name: 'aws', url: bus.url, secret: null, type: 'eventbridge' }],
    env: { MATCHDESK_REGION: REGION, MATCHDESK_ACCOUNT_ID: ACCOUNT, ENGINE_EVENT_TIME: 'milliseconds' },
  })
  const [sts, sns, sqs] = await Promise.all([
    startFakeSts({
      accountId: ACCOUNT,
      externalIds: given.externalIds ?? {},
      isDown: () => faults.credentials === 'expired',
    }),
    startFakeSns({ topicArn: TOPIC, authority }),
    startFauxqs({ port: 0, host: '127.0.0.1', logger: false, defaultRegion: REGION }),
  ])
  const gamelift = await startGameLiftProxy({
    engine: engine.endpoint,
    plan,
    keys: sts.keys,
    chance: (percent) => random.next() * 100 < percent,
  })
  const sqsDoor = await startSqsProxy({ sqs: sqs.address, onDeleted: (body) => bus.takenFromQueue(JSON.parse(body)) })
  const queues = createQueues(sqs, given.queue)
  bus.sinks.sqs = (envelope) => {
    sqs.sendMessage(QUEUE, JSON.stringify(envelope), { region: REGION })
    return 'queued'
  }
  return {
    endpoint: gamelift.url,
    region: REGION,
    accountId: ACCOUNT,
    env: {
      AWS_ENDPOINT_URL_GAMELIFT: gamelift.url,
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_ENDPOINT_URL_SNS: sns.url,
      AWS_ENDPOINT_URL_SQS: sqsDoor.url,
      AWS_ACCESS_KEY_ID: KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
      AWS_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      MATCHDESK_LOCAL_ENDPOINTS: new URL(engine.endpoint).host,
      NODE_EXTRA_CA_CERTS: caFile,
    },
    authorityPem: authority.pem,
    engine,
    gamelift,
    sts,
    sns,
    bus,
    sqs,
    sqsDoor,
    ...queues,
    plan(changes) {
      faults = { ...faults, ...changes }
    },
    deliverTo({ eventbridge, sns: endpoint }) {
      if (eventbridge) {
        const headers = { 'content-type': 'application/json', 'x-matchdesk-secret': eventbridge.secret }
        bus.sinks.eventbridge = (envelope) =>
          post(eventbridge.url, headers, JSON.stringify(envelope), WAIT_MS.eventbridge)
      }
      if (endpoint) {
        bus.sinks.sns = (envelope, messageId) => {
          const message = sns.notification(JSON.stringify(envelope), { messageId })
          const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': message.Type }
          return post(endpoint.url, headers, JSON.stringify(message), WAIT_MS.sns)
        }
      }
    },
    truth: bus.truth,
    async stop() {
      await engine.stop()
      await Promise.all([bus.close(), gamelift.close(), sts.close(), sns.close(), sqsDoor.close()])
      await sqs.stop()
      fs.rmSync(path.dirname(caFile), { recursive: true, force: true })
    },
  }
}

function createQueues(
  sqs: FauxqsServer,
  {
    visibilitySeconds = 30,
    receivesBeforeDeadLetter = 5,
  }: { visibilitySeconds?: number; receivesBeforeDeadLetter?: number } = {},
) {
  const deadLetters = sqs.createQueue(DEAD_LETTERS, { region: REGION })
  sqs.createQueue(QUEUE, {
    region: REGION,
    attributes: {
      VisibilityTimeout: String(visibilitySeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.queueArn,
        maxReceiveCount: receivesBeforeDeadLetter,
      }),
    },
  })
  // As AWS names them. The server goes by region and name; it is found by AWS_ENDPOINT_URL_SQS.
  const urlOf = (name: string) => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`
  return { queueUrl: urlOf(QUEUE), deadLetterQueueUrl: urlOf(DEAD_LETTERS) }
}
