import { describe, expect, it } from 'vitest'
import { createAuthority } from '#lib/testing/aws/certificates.ts'
import { type CertificateStore, CertificateUnavailable, createCertificateStore } from './certificates.ts'
import { WRONG_CERTIFICATE_URLS } from './corpora/certificate-urls.ts'
import { MUTATIONS } from './corpora/mutations.ts'
import { readSnsBody } from './read-body.ts'
import { CERTIFICATE_URL, notification, SENT, signed, subscriptionConfirmation, TOPIC } from './testing/messages.ts'
import { verifySns } from './verify.ts'

const YEAR_MS = 365 * 86_400_000
const times = { from: new Date(SENT - YEAR_MS), until: new Date(SENT + YEAR_MS) }
const sns = createAuthority().issue({ name: 'sns.amazonaws.com', ...times })

/** What comes over the wire, judged a second after it was sent; `fetched` counts requests for certificates. */
function receiver() {
  const fetched: string[] = []
  const certificates = createCertificateStore(
    async (url) => {
      fetched.push(url.href)
      return Buffer.from(sns.pem)
    },
    () => SENT + 1_000,
  )
  return {
    fetched,
    judge: async (text: string, now = SENT + 1_000) => {
      const body = readSnsBody(text)
      return body.ok ? verifySns(body.value, [TOPIC], certificates, now) : body
    },
  }
}

describe('a message over HTTPS', () => {
  it('is believed when SNS signed it, in either version, with and without a subject', async () => {
    const { judge, fetched } = receiver()
    for (const version of ['1', '2']) {
      for (const body of [notification('{"a":"ü\\n"}'), notification('x', { Subject: 'A subject' })]) {
        expect(await judge(JSON.stringify(signed(body, sns.key, version)))).toEqual({
          ok: true,
          message: {
            type: 'Notification',
            messageId: body.MessageId,
            topicArn: TOPIC,
            timestamp: SENT,
            message: body.Message,
          },
        })
      }
      const confirmation = signed(subscriptionConfirmation(), sns.key, version)
      expect(await judge(JSON.stringify(confirmation))).toMatchObject({
        ok: true,
        message: { token: confirmation.Token },
      })
    }
    expect(fetched).toEqual([CERTIFICATE_URL])
  })

  it('may have members that nobody knows yet', async () => {
    const body = { ...signed(notification('x'), sns.key), MessageAttributes: {}, SequenceNumber: '1', Newer: 1 }
    expect(await receiver().judge(JSON.stringify(body))).toMatchObject({ ok: true })
  })

  it(`is refused in each of ${MUTATIONS.length} forgeries, in both versions`, async () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(60)
    expect(new Set(MUTATIONS.map(({ what }) => what)).size).toBe(MUTATIONS.length)
    const believed: string[] = []
    for (const version of ['1', '2']) {
      const good = {
        Notification: signed(notification('{"detail":"a"}'), sns.key, version),
        SubscriptionConfirmation: signed(subscriptionConfirmation(), sns.key, version),
      }
      const other = signed(notification('{"detail":"b"}'), sns.key, version)
      for (const { what, of, make } of MUTATIONS) {
        const { judge } = receiver()
        // The forgery is refused for what was done to it, not because nothing would be believed.
        expect(await judge(JSON.stringify(good[of]))).toMatchObject({ ok: true })
        const verdict = await judge(make(good[of], other))
        if (verdict.ok || !['forged', 'foreign'].includes(verdict.is))
          believed.push(`${what}: ${JSON.stringify(verdict)}`)
      }
    }
    expect(believed).toEqual([])
  })

  it(`is refused with each of ${WRONG_CERTIFICATE_URLS.length} wrong addresses of a certificate, none of which is asked`, async () => {
    expect(new Set(WRONG_CERTIFICATE_URLS).size).toBeGreaterThanOrEqual(80)
    const { judge, fetched } = receiver()
    for (const url of WRONG_CERTIFICATE_URLS) {
      const verdict = await judge(JSON.stringify(signed(notification('x'), sns.key, '2', url)))
      expect(verdict, url).toMatchObject({ ok: false, is: 'forged' })
    }
    expect(fetched).toEqual([])
  })

  it('is refused when it is of another topic, account, region or partition, before any certificate is asked for', async () => {
    const { judge, fetched } = receiver()
    for (const other of [
      'arn:aws:sns:eu-central-1:111122223333:arena-matchmaking-2',
      'arn:aws:sns:eu-central-1:111122223333:arena-matchmakin',
      'arn:aws:sns:eu-central-1:111122223333:Arena-matchmaking',
      'arn:aws:sns:eu-central-1:111122223333:arena-matchmaking.fifo',
      'arn:aws:sns:eu-central-1:111122223334:arena-matchmaking',
      'arn:aws:sns:eu-central-1:999999999999:arena-matchmaking',
      'arn:aws:sns:us-east-1:111122223333:arena-matchmaking',
      'arn:aws-cn:sns:eu-central-1:111122223333:arena-matchmaking',
      'arn:aws:sqs:eu-central-1:111122223333:arena-matchmaking',
      `${TOPIC}:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`,
      `${TOPIC}*`,
      '*',
    ]) {
      const body = signed(notification('x', { TopicArn: other }), sns.key)
      expect(await judge(JSON.stringify(body)), other).toMatchObject({ ok: false, is: 'foreign' })
    }
    expect(fetched).toEqual([])
  })

  it('is refused when it was sent more than 70 minutes ago', async () => {
    const { judge } = receiver()
    const text = JSON.stringify(signed(notification('x'), sns.key))
    expect(await judge(text, SENT + 70 * 60_000)).toMatchObject({ ok: true })
    expect(await judge(text, SENT + 70 * 60_000 + 1)).toMatchObject({ ok: false, is: 'old' })
    const never = signed(notification('x', { Timestamp: '2026-99-99T12:00:00.118Z' }), sns.key)
    expect(await judge(JSON.stringify(never))).toMatchObject({ ok: false, is: 'old' })
  })

  it('is neither believed nor called forged while its certificate cannot be had', async () => {
    const down: CertificateStore = {
      keyFor: () => Promise.reject(new CertificateUnavailable('It answered with status 500.')),
    }
    expect(await verifySns(signed(notification('x'), sns.key), [TOPIC], down, SENT)).toMatchObject({
      is: 'certificate-unavailable',
    })
  })

  it('may come with a certificate from the endpoint that was set for SNS, and from no other', async () => {
    const certificates = createCertificateStore(
      async () => Buffer.from(sns.pem),
      () => SENT,
    )
    const judge = (url: string) =>
      verifySns(signed(notification('x'), sns.key, '2', url), [TOPIC], certificates, SENT, 'https://127.0.0.1:4566')
    const name = 'SimpleNotificationService-00112233.pem'
    expect(await judge(`https://127.0.0.1:4566/${name}`)).toMatchObject({ ok: true })
    expect(await judge(`https://127.0.0.1:4567/${name}`)).toMatchObject({ is: 'forged' })
    expect(await judge(`http://127.0.0.1:4566/${name}`)).toMatchObject({ is: 'forged' })
  })
})
