/** Messages as SNS sends them over HTTPS, signed with whatever key a test likes. */
import { type KeyObject, randomUUID, sign } from 'node:crypto'

export const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:arena-matchmaking'
export const CERTIFICATE_URL =
  'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem'
/** When the messages below were sent. */
export const SENT = Date.parse('2026-11-20T12:00:00.118Z')

export type SnsBody = Record<string, string>

export function notification(message: string, changes: SnsBody = {}): SnsBody {
  return {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: TOPIC,
    Message: message,
    Timestamp: new Date(SENT).toISOString(),
    UnsubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe',
    ...changes,
  }
}

export function subscriptionConfirmation(changes: SnsBody = {}): SnsBody {
  return {
    Type: 'SubscriptionConfirmation',
    MessageId: randomUUID(),
    Token: '2336412f37fb687f5d51e6e2425a8a59',
    TopicArn: TOPIC,
    Message: `You have chosen to subscribe to the topic ${TOPIC}.`,
    SubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription',
    Timestamp: new Date(SENT).toISOString(),
    ...changes,
  }
}

/** Written apart from the code that verifies, so that one mistake is not made on both sides. */
export function signed(body: SnsBody, key: KeyObject, version = '2', certificateUrl = CERTIFICATE_URL): SnsBody {
  const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  let text = ''
  for (const name of names) if (body[name] !== undefined) text += `${name}\n${body[name]}\n`
  const signature = sign(version === '2' ? 'sha256' : 'sha1', Buffer.from(text), key).toString('base64')
  return { ...body, SignatureVersion: version, Signature: signature, SigningCertURL: certificateUrl }
}
