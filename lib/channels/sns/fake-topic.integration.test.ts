import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { anEvent, aTicket, envelopeOf } from '#lib/flexmatch/testing/builders.ts'
import { createAuthority } from '#lib/testing/aws/certificates.ts'
import { type FakeSns, startFakeSns } from '#lib/testing/aws/sns.ts'
import { startFakeSts } from '#lib/testing/aws/sts.ts'
import { snsEndpointOf } from './certificate-url.ts'
import { createCertificateStore } from './certificates.ts'
import { confirmSubscription } from './confirm-subscription.ts'
import { confirmAwaited, openConfirmations } from './confirmation.ts'
import { fetchCertificate } from './fetch-certificate.ts'
import { receiveFromSns } from './receive-sns.ts'
import { TOPIC } from './testing/messages.ts'

// The SDK, fetch and the checks as they are, against a server that speaks as SNS does, over TLS.
const database = testDatabase()
const environment = anEnvironment({
  name: 'prod',
  kind: 'aws',
  region: 'eu-central-1',
  accountId: '111122223333',
  channels: { sns: { topicArns: [TOPIC] }, sqs: [], eventbridge: false },
})

describe('a topic over TLS', () => {
  const before = { ...process.env }
  const trusted = getCACertificates()
  let sns: FakeSns
  beforeAll(async () => {
    const authority = createAuthority()
    setDefaultCACertificates([authority.pem])
    sns = await startFakeSns({ topicArn: TOPIC, authority })
    process.env.AWS_ENDPOINT_URL_SNS = sns.url
    process.env.AWS_ACCESS_KEY_ID = 'AKIATESTTESTTESTTEST'
    process.env.AWS_SECRET_ACCESS_KEY = 'a-key-of-nobody'
  })
  afterAll(async () => {
    process.env = before
    setDefaultCACertificates(trusted)
    await sns.close()
  })
  const certificates = createCertificateStore(fetchCertificate, Date.now)
  const deliver = (message: object) =>
    receiveFromSns(
      {
        db: database.db,
        environments: fixedEnvironments([environment]),
        certificates,
        endpoint: snsEndpointOf(),
        now: Date.now,
        confirm: (of, topicArn, token) => confirmAwaited(database.db, confirmSubscription, of, topicArn, token),
        onNote() {},
      },
      'prod',
      new Request('http://x/', { method: 'POST', body: JSON.stringify(message) }),
    )

  it('is confirmed by a call of the API while somebody waits, and by nothing else', async () => {
    expect(await deliver(sns.confirmation())).toMatchObject({ is: 'not-awaited' })
    expect(sns.confirmed).toEqual([])
    await openConfirmations(database.db, environment, 'Ada')
    const message = sns.confirmation()
    expect(await deliver(message)).toMatchObject({ is: 'confirmed' })
    expect(sns.confirmed).toEqual([message.Token])
    expect(sns.subscribeUrlFetched).toBe(0)
  })

  it('delivers, and its certificate is fetched once', async () => {
    for (const version of ['1', '2'] as const) {
      const event = anEvent('MatchmakingSearching', { tickets: [aTicket(`topic-${version}`, ['ada'])] })
      const envelope = { ...envelopeOf(event), account: '111122223333', region: 'eu-central-1' }
      expect(await deliver(sns.notification(JSON.stringify(envelope), { version }))).toMatchObject({ is: 'taken' })
    }
    expect(sns.certificatesFetched).toBe(1)
  })

  it('does not confirm a token that is used or made up, and that is said', async () => {
    for (const token of ['made-up', sns.confirmed[0] ?? '']) {
      expect(await confirmSubscription(environment, TOPIC, token)).toMatchObject({
        is: 'refused',
        reason: expect.stringContaining('InvalidParameter'),
      })
    }
  })

  it('is confirmed as whoever reads in the environment', async () => {
    const readRoleArn = 'arn:aws:iam::111122223333:role/matchdesk-read'
    const sts = await startFakeSts({
      accountId: '111122223333',
      externalIds: { [readRoleArn]: 'between-us' },
      isDown: () => false,
    })
    process.env.AWS_ENDPOINT_URL_STS = sts.url
    const reading = (externalId: string) => ({ ...environment, credentials: { readRoleArn, externalId } })
    expect(await confirmSubscription(reading('between-us'), TOPIC, sns.confirmation().Token)).toMatchObject({
      is: 'confirmed',
    })
    expect(sts.assumed).toMatchObject([{ roleArn: readRoleArn, externalId: 'between-us' }])
    // A role that is refused may be mended: the message is to come again.
    await expect(confirmSubscription(reading('wrong'), TOPIC, sns.confirmation().Token)).rejects.toThrow('AssumeRole')
    await sts.close()
  })

  it('is to be asked again when it does not answer', async () => {
    await sns.close()
    await expect(confirmSubscription(environment, TOPIC, 'any')).rejects.toThrow()
  })
})
