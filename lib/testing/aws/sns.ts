/** A topic that signs: its API, the certificate it points to, and messages as SNS delivers them over HTTP. */
import { randomBytes, randomUUID, sign } from 'node:crypto'
import type { TestAuthority, TestCertificate } from './certificates.ts'
import { type Served, serve } from './serve.ts'

export interface SnsMessage {
  Type: 'Notification' | 'SubscriptionConfirmation'
  MessageId: string
  TopicArn: string
  Message: string
  Timestamp: string
  SignatureVersion: '1' | '2'
  Signature: string
  SigningCertURL: string
  [more: string]: string
}

export interface FakeSns extends Served {
  topicArn: string
  /** Signed as version 2 unless told otherwise. */
  notification(message: string, given?: { messageId?: string; timestamp?: string; version?: '1' | '2' }): SnsMessage
  /** What an endpoint is sent when it is subscribed. The token is good for one ConfirmSubscription. */
  confirmation(): SnsMessage & { Token: string }
  /** Tokens that were confirmed through the API. */
  confirmed: string[]
  /** Requests for the address in SubscribeURL: there must never be one. */
  subscribeUrlFetched: number
  certificatesFetched: number
}

const CERTIFICATE = /^\/SimpleNotificationService-[0-9a-f]+\.pem$/
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
}

export async function startFakeSns(given: { topicArn: string; authority: TestAuthority }): Promise<FakeSns> {
  const { topicArn, authority } = given
  const signer = authority.issue({ name: 'sns.amazonaws.com' })
  const tokens = new Set<string>()
  const sns = { topicArn, confirmed: [] as string[], subscribeUrlFetched: 0, certificatesFetched: 0 }
  const served = await serve(
    (request, body) => {
      const address = new URL(request.url ?? '/', 'https://sns')
      if (CERTIFICATE.test(address.pathname)) {
        fake.certificatesFetched++
        return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: signer.pem }
      }
      if (request.method === 'GET') {
        fake.subscribeUrlFetched++
        return { status: 200, body: '' }
      }
      const form = new URLSearchParams(body.toString())
      if (form.get('Action') !== 'ConfirmSubscription') return answer(400, 'ErrorResponse', 'InvalidAction')
      const token = form.get('Token') ?? ''
      if (form.get('TopicArn') !== topicArn) return answer(404, 'ErrorResponse', 'NotFound')
      if (!tokens.delete(token)) return answer(400, 'ErrorResponse', 'InvalidParameter')
      fake.confirmed.push(token)
      return answer(200, 'ConfirmSubscriptionResponse', `${topicArn}:${randomUUID()}`)
    },
    authority.issue({ name: 'localhost', addresses: ['127.0.0.1'] }),
  )
  const certificateUrl = `${served.url}/SimpleNotificationService-${randomBytes(16).toString('hex')}.pem`
  const fake: FakeSns = Object.assign(sns, served, {
    notification(message: string, more: { messageId?: string; timestamp?: string; version?: '1' | '2' } = {}) {
      const fields = {
        Type: 'Notification' as const,
        MessageId: more.messageId ?? randomUUID(),
        TopicArn: topicArn,
        Message: message,
        Timestamp: more.timestamp ?? new Date().toISOString(),
        UnsubscribeURL: `${served.url}/?Action=Unsubscribe`,
      }
      return signed(fields, signer, certificateUrl, more.version ?? '2')
    },
    confirmation() {
      const Token = randomBytes(32).toString('hex')
      tokens.add(Token)
      const fields = {
        Type: 'SubscriptionConfirmation' as const,
        MessageId: randomUUID(),
        TopicArn: topicArn,
        Message: `You have chosen to subscribe to the topic ${topicArn}.`,
        SubscribeURL: `${served.url}/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${Token}`,
        Timestamp: new Date().toISOString(),
        Token,
      }
      return signed(fields, signer, certificateUrl, '2')
    },
  })
  return fake
}

/** The text SNS signs: each field's name and value on lines of their own, in this order, those that are there. */
export function textToSign(message: Record<string, string>, type: keyof typeof SIGNED): string {
  return SIGNED[type]
    .filter((field) => message[field] !== undefined)
    .map((field) => `${field}\n${message[field]}\n`)
    .join('')
}

function signed<T extends { Type: 'Notification' | 'SubscriptionConfirmation' }>(
  fields: T & Record<string, string>,
  { key }: TestCertificate,
  SigningCertURL: string,
  SignatureVersion: '1' | '2',
): T & SnsMessage {
  const text = Buffer.from(textToSign(fields, fields.Type))
  const Signature = sign(SignatureVersion === '1' ? 'sha1' : 'sha256', text, key).toString('base64')
  return { ...fields, SignatureVersion, Signature, SigningCertURL } as T & SnsMessage
}

function answer(status: number, root: string, said: string) {
  const inside =
    status === 200
      ? `<ConfirmSubscriptionResult><SubscriptionArn>${said}</SubscriptionArn></ConfirmSubscriptionResult>`
      : `<Error><Type>Sender</Type><Code>${said}</Code><Message>${said}</Message></Error>`
  const body = `<${root} xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${inside}</${root}>`
  return { status, headers: { 'content-type': 'text/xml' }, body }
}
