/** Whether a message was signed by SNS, for one of our topics, a short while ago. Pure but for the certificate. */
import { verify } from 'node:crypto'
import { certificateUrl } from './certificate-url.ts'
import { CertificateRefused, type CertificateStore, CertificateUnavailable } from './certificates.ts'
import { readTopicArn } from './topic.ts'

interface Signed {
  messageId: string
  topicArn: string
  /** Epoch ms. */
  timestamp: number
}
export type SnsMessage =
  | (Signed & { type: 'Notification'; message: string })
  | (Signed & { type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation'; token: string })

export type SnsVerdict =
  | { ok: true; message: SnsMessage }
  | { ok: false; is: 'unreadable' | 'forged' | 'foreign' | 'old' | 'certificate-unavailable'; reason: string }

/** SNS tries for up to an hour; ten minutes more are for clocks and queues. */
const MAX_AGE_MS = 70 * 60_000

/** What may stand in each member. None but `Message` may hold a line break: those part the members in what is signed. */
const FORMS: Record<string, RegExp> = {
  Type: /^(Notification|SubscriptionConfirmation|UnsubscribeConfirmation)$/,
  MessageId: /^[A-Za-z0-9-]{1,100}$/,
  TopicArn: /^[\x21-\x7e]{1,512}$/,
  Subject: /^[\x20-\x7e]{1,100}$/,
  Message: /^.{0,1048576}$/s,
  Timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  SignatureVersion: /^[12]$/,
  Signature: /^[A-Za-z0-9+/]{1,2000}={0,2}$/,
  SigningCertURL: /^[\x21-\x7e]{1,512}$/,
  SubscribeURL: /^[\x21-\x7e]{1,4096}$/,
  Token: /^[\x21-\x7e]{1,4096}$/,
}
const OF_ALL = [
  'Type',
  'MessageId',
  'TopicArn',
  'Message',
  'Timestamp',
  'SignatureVersion',
  'Signature',
  'SigningCertURL',
]
/** In the order in which they are signed. `Subject` only where there is one. */
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const
type Members = Record<string, string | undefined>
class NotSns extends Error {}

/**
 * `allowed` holds the exact ARNs of the topics that may deliver here: a signature proves that some topic of somebody
 * sent the message. `endpoint` is an origin that was set for SNS in this process.
 */
export async function verifySns(
  body: unknown,
  allowed: readonly string[],
  certificates: CertificateStore,
  now: number,
  endpoint: string | null = null,
): Promise<SnsVerdict> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { ok: false, is: 'unreadable', reason: 'The body is not a message of SNS.' }
  }
  try {
    const members = readMembers(body as Record<string, unknown>)
    const { TopicArn = '', SigningCertURL = '', SignatureVersion, Signature = '' } = members
    const topic = allowed.includes(TopicArn) ? readTopicArn(TopicArn) : null
    if (!topic) {
      return { ok: false, is: 'foreign', reason: `The topic ${TopicArn} is not one of this environment.` }
    }
    const url = certificateUrl(SigningCertURL, topic, endpoint)
    if (!url) throw new NotSns(`SigningCertURL is not an address of SNS in ${topic.region}`)
    const algorithm = SignatureVersion === '2' ? 'RSA-SHA256' : 'RSA-SHA1'
    const key = await certificates.keyFor(url)
    if (!verify(algorithm, Buffer.from(stringToSign(members)), key, Buffer.from(Signature, 'base64'))) {
      throw new NotSns('the signature does not belong to it')
    }
    const timestamp = Date.parse(members.Timestamp ?? '')
    if (!(now - timestamp <= MAX_AGE_MS)) {
      return { ok: false, is: 'old', reason: `The message is of ${members.Timestamp}: more than 70 minutes ago.` }
    }
    return { ok: true, message: messageOf(members, timestamp) }
  } catch (error) {
    if (error instanceof NotSns) return { ok: false, is: 'forged', reason: `Not a message of SNS: ${error.message}.` }
    if (error instanceof CertificateRefused) return { ok: false, is: 'forged', reason: error.message }
    if (error instanceof CertificateUnavailable) {
      return { ok: false, is: 'certificate-unavailable', reason: error.message }
    }
    throw error
  }
}

/** What SNS signs of a message: name and value of each member, each followed by a line break. */
export function stringToSign(members: Members): string {
  const names = SIGNED[members.Type as keyof typeof SIGNED]
  return names.flatMap((name) => (members[name] === undefined ? [] : [`${name}\n${members[name]}\n`])).join('')
}

function readMembers(body: Record<string, unknown>): Members {
  if (body.Type === undefined && body['detail-type'] !== undefined) {
    throw new NotSns('it is a bare event without a signature; turn raw message delivery of the subscription off')
  }
  const type = check('Type', body.Type) as keyof typeof SIGNED
  const members: Members = {}
  const expected = new Set<string>([...OF_ALL, ...SIGNED[type]])
  for (const name of expected) {
    if (name === 'Subject' && !Object.hasOwn(body, name)) continue
    members[name] = check(name, Object.hasOwn(body, name) ? body[name] : undefined)
  }
  for (const name of Object.keys(body)) {
    if (expected.has(name)) continue
    // SNS may add members, which nobody here reads. Those of another kind of message, or spelled almost like one that
    // counts, are there to be mistaken for it.
    const alike = Object.keys(FORMS).some((known) => known.toLowerCase() === name.trim().toLowerCase())
    if (alike) throw new NotSns(`a ${type} has no member ${JSON.stringify(name)}`)
  }
  return members
}

function check(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new NotSns(`${name} is ${value === undefined ? 'missing' : 'not a text'}`)
  if (!FORMS[name]?.test(value)) throw new NotSns(`${name} is not what SNS would write`)
  return value
}

function messageOf(members: Members, timestamp: number): SnsMessage {
  const { MessageId = '', TopicArn = '', Message = '', Token = '' } = members
  const signed = { messageId: MessageId, topicArn: TopicArn, timestamp }
  const type = members.Type as SnsMessage['type']
  return type === 'Notification' ? { ...signed, type, message: Message } : { ...signed, type, token: Token }
}
