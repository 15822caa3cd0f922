import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import https from 'node:https'
import {
  CreateMatchmakingConfigurationCommand,
  CreateMatchmakingRuleSetCommand,
  DescribeMatchmakingCommand,
  DescribeMatchmakingConfigurationsCommand,
  GameLiftClient,
  StartMatchmakingCommand,
  StopMatchmakingCommand,
} from '@aws-sdk/client-gamelift'
import { ConfirmSubscriptionCommand, SNSClient } from '@aws-sdk/client-sns'
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type FakeAws, startFakeAws } from './fake-aws.ts'
import { NO_FAULTS } from './fault-plan.ts'
import { serve } from './serve.ts'
import { type SnsMessage, textToSign } from './sns.ts'

const ROLE = 'arn:aws:iam::111122223333:role/matchdesk-write'
const KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'none' }

describe('the fake AWS', () => {
  let aws: FakeAws
  let gamelift: GameLiftClient
  beforeAll(async () => {
    aws = await startFakeAws({ externalIds: { [ROLE]: 'seen-by-both' } })
    gamelift = clientOf(aws)
    await createDuel(clientOf(aws, aws.engine.endpoint))
  })
  afterEach(() => aws.plan(NO_FAULTS))
  afterAll(async () => {
    gamelift.destroy()
    await aws.stop()
  })

  it('throttles the part of the calls that it is told to, in words the SDK knows', async () => {
    aws.plan({ throttlePercent: 100 })
    const refused = await list(gamelift).catch((error) => error)
    expect(refused.name).toBe('ThrottlingException')
    expect(refused.$retryable?.throttling ?? true).toBe(true)
    aws.plan({ throttlePercent: 50 })
    const answers = await Promise.allSettled(Array.from({ length: 60 }, () => list(gamelift)))
    const taken = answers.filter(({ status }) => status === 'fulfilled').length
    expect(taken).toBeGreaterThan(10)
    expect(taken).toBeLessThan(50)
  })

  it('carries a write out and keeps silent about it', async () => {
    await start(gamelift, 'silent-1')
    aws.plan({ afterEffect: 'time-out' })
    const stopped = await gamelift
      .send(new StopMatchmakingCommand({ TicketId: 'silent-1' }), { requestTimeout: 300 })
      .catch((error) => error)
    expect(stopped.name).toBe('TimeoutError')
    const { TicketList = [] } = await gamelift.send(new DescribeMatchmakingCommand({ TicketIds: ['silent-1'] }))
    expect(TicketList[0]?.Status).toBe('CANCELLED')
    expect(aws.gamelift.calls.find(({ operation }) => operation === 'StopMatchmaking')?.answer).toBe(
      'carried out, silent',
    )
  })

  it('takes calls and answers none, and does nothing', async () => {
    aws.plan({ blackHole: true })
    const started = await start(gamelift, 'never', 300).catch((error) => error)
    expect(started.name).toBe('TimeoutError')
    aws.plan({ blackHole: false })
    const { TicketList } = await gamelift.send(new DescribeMatchmakingCommand({ TicketIds: ['never'] }))
    expect(TicketList).toEqual([])
  })

  it('gives out keys of a role to who knows the external id, says whose call it was, and lets keys expire', async () => {
    const sts = new STSClient({ endpoint: aws.sts.url, region: aws.region, credentials: KEYS, maxAttempts: 1 })
    const assume = (ExternalId?: string) =>
      sts.send(
        new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'matchdesk-ada', ExternalId, DurationSeconds: 900 }),
      )
    await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied' })
    const { Credentials } = await assume('seen-by-both')
    expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 800_000)
    const credentials = {
      accessKeyId: String(Credentials?.AccessKeyId),
      secretAccessKey: String(Credentials?.SecretAccessKey),
    }
    const asAda = clientOf(aws, aws.endpoint, credentials)
    await list(asAda)
    expect(aws.gamelift.calls.at(-1)).toMatchObject({ session: 'matchdesk-ada', answer: 'answered' })
    aws.sts.expireKeys()
    await expect(list(asAda)).rejects.toMatchObject({ name: 'ExpiredTokenException' })
    await list(gamelift) // keys of a user do not expire
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
    expect(Arn).toBe('arn:aws:iam::111122223333:user/matchdesk')
  })

  it('signs what SNS signs, and confirms a subscription through its API only', async () => {
    for (const version of ['1', '2'] as const) {
      const message = aws.sns.notification('{"a":1}', { version })
      const certificate = new X509Certificate(await fetchOverTls(message.SigningCertURL, aws))
      expect(certificate.checkHost('sns.amazonaws.com')).toBeTruthy()
      const text = Buffer.from(textToSign(message, 'Notification'))
      const key = createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }))
      const isRight = () =>
        verify(version === '1' ? 'sha1' : 'sha256', text, key, Buffer.from(message.Signature, 'base64'))
      expect(isRight()).toBe(true)
      text.writeUInt8(text.readUInt8(9) ^ 1, 9)
      expect(isRight()).toBe(false)
    }
    const requestHandler = { httpsAgent: new https.Agent({ ca: aws.authorityPem }) }
    const client = new SNSClient({ endpoint: aws.sns.url, region: aws.region, credentials: KEYS, requestHandler })
    const { Token, TopicArn } = aws.sns.confirmation()
    const { SubscriptionArn } = await client.send(new ConfirmSubscriptionCommand({ Token, TopicArn }))
    expect(SubscriptionArn).toContain(TopicArn)
    await expect(client.send(new ConfirmSubscriptionCommand({ Token, TopicArn }))).rejects.toThrow()
    expect(aws.sns.confirmed).toEqual([Token])
    client.destroy()
  })
})

describe('the bus', () => {
  it('drops, repeats, delays and shuffles each channel by itself, tries again, and counts what it did', async () => {
    let request = 0
    const headers: IncomingHttpHeaders[] = []
    const destination = await serve((given) => {
      headers.push(given.headers)
      return { status: ++request % 3 === 0 ? 503 : 200, body: '' }
    })
    const notified: SnsMessage[] = []
    const topic = await serve((_, body) => {
      notified.push(JSON.parse(body.toString()))
      return { status: 200, body: '' }
    })
    const aws = await startFakeAws({
      faults: { lostPercent: 5, dropPercent: 20, repeatPercent: 30, shuffleMs: 200 },
    })
    try {
      const gamelift = clientOf(aws)
      await createDuel(gamelift)
      aws.deliverTo({
        eventbridge: { url: destination.url, secret: 'a-secret-of-sixteen' },
        sns: { url: topic.url },
      })
      for (let ticket = 0; ticket < 120; ticket++) await start(gamelift, `t-${ticket}`)
      await expect.poll(() => aws.truth().events, { timeout: 15_000 }).toBeGreaterThanOrEqual(240)
      await new Promise((resolve) => setTimeout(resolve, 500)) // the last matches are told of
      await aws.bus.settled()
      const truth = aws.truth()
      expect(truth.lost).toBeGreaterThan(0)
      for (const channel of ['eventbridge', 'sns', 'sqs'] as const) {
        expect(truth.dropped[channel]).toBeGreaterThan(20)
        expect(truth.repeated[channel]).toBeGreaterThan(20)
        expect(truth.delivered[channel]).toBe(
          truth.events - truth.lost - truth.dropped[channel] + truth.repeated[channel],
        )
      }
      expect(truth.reached).toBeGreaterThan(truth.events - truth.lost - 30) // 4 % are dropped by both; the queue is emptied by nobody
      expect(truth.triedAgain).toMatchObject({ sns: 0, sqs: 0 })
      expect(truth.triedAgain.eventbridge).toBeGreaterThan(0)
      expect(notified).toHaveLength(truth.delivered.sns)
      expect(new Set(notified.map(({ MessageId }) => MessageId)).size).toBe(
        truth.delivered.sns - truth.repeated.sns, // a repetition has the same id
      )
      expect(headers[0]?.['x-matchdesk-secret']).toBe('a-secret-of-sixteen')
      const sqs = new SQSClient({ endpoint: aws.sqs.address, region: aws.region, credentials: KEYS })
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: aws.queueUrl, MaxNumberOfMessages: 10 }),
      )
      expect(Messages).toHaveLength(10)
      const [first] = Messages
      expect(JSON.parse(String(first?.Body)).time).toMatch(/:\d\dZ$/) // whole seconds, as EventBridge writes them
      sqs.destroy()
      gamelift.destroy()
    } finally {
      await aws.stop()
      await destination.close()
      await topic.close()
    }
  })
})

function clientOf(aws: FakeAws, endpoint = aws.endpoint, credentials = KEYS): GameLiftClient {
  const requestHandler = { requestTimeout: 10_000, throwOnRequestTimeout: true }
  return new GameLiftClient({ endpoint, region: aws.region, credentials, requestHandler, maxAttempts: 1 })
}

function list(gamelift: GameLiftClient) {
  return gamelift.send(new DescribeMatchmakingConfigurationsCommand({}))
}

function start(gamelift: GameLiftClient, TicketId: string, requestTimeout = 5_000) {
  const Players = [{ PlayerId: TicketId }]
  return gamelift.send(new StartMatchmakingCommand({ TicketId, ConfigurationName: 'duel', Players }), {
    requestTimeout,
  })
}

async function createDuel(gamelift: GameLiftClient): Promise<void> {
  const team = (name: string) => ({ name, minPlayers: 1, maxPlayers: 1 })
  const RuleSetBody = JSON.stringify({ ruleLanguageVersion: '1.0', teams: [team('red'), team('blue')] })
  await gamelift.send(new CreateMatchmakingRuleSetCommand({ Name: 'duel', RuleSetBody }))
  await gamelift.send(
    new CreateMatchmakingConfigurationCommand({
      Name: 'duel',
      RuleSetName: 'duel',
      RequestTimeoutSeconds: 600,
      AcceptanceRequired: false,
      FlexMatchMode: 'STANDALONE',
    }),
  )
}

function fetchOverTls(url: string, { authorityPem: ca }: FakeAws): Promise<string> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { ca, agent: false }, (response) => response.on('data', (data) => resolve(`${data}`)))
      .on('error', reject)
  })
}
