/**
 * What SNS delivers over HTTPS. Only what is signed counts: the headers that repeat topic and type of a message, and the
 * address one is invited to open to confirm a subscription, are never looked at.
 */
import { BODY_LIMITS } from '#lib/channels/answer-delivery.ts'
import type { Answer } from '#lib/channels/answers.ts'
import { readMessageBody } from '#lib/channels/message-body.ts'
import { takeOne } from '#lib/channels/take-one.ts'
import type { Db } from '#lib/db/pool.ts'
import type { Environment, Environments } from '#lib/environments/environment.ts'
import { readBoundedText } from '#lib/tickets/bounded-json.ts'
import type { CertificateStore } from './certificates.ts'
import { readSnsBody } from './read-body.ts'
import { type SnsMessage, verifySns } from './verify.ts'

export interface SnsDoor {
  db: Db
  environments: Pick<Environments, 'find'>
  certificates: CertificateStore
  /** The origin set for SNS in this process, if any. */
  endpoint: string | null
  now: () => number
  /** Takes up a subscription of one of the environment's topics, if somebody is waiting for it. */
  confirm(environment: Environment, topicArn: string, token: string): Promise<Answer>
  /** Hears of signed messages that are not events, so that somebody looks after them. */
  onNote(environment: string, note: string, message: SnsMessage): void
}

export async function receiveFromSns(
  door: SnsDoor,
  environmentName: string,
  request: Pick<Request, 'headers' | 'body'>,
): Promise<Answer> {
  const receivedAt = Date.now()
  const body = readSnsBody(await readBoundedText(request, BODY_LIMITS))
  if (!body.ok) return body
  const environment = await door.environments.find(environmentName)
  const allowed = environment?.channels.sns.topicArns ?? []
  const verdict = await verifySns(body.value, allowed, door.certificates, door.now(), door.endpoint)
  if (!verdict.ok) return verdict
  // No topic is allowed where there is no environment.
  if (!environment) return { is: 'foreign', reason: 'There is no such environment.' }

  const { message } = verdict
  switch (message.type) {
    case 'Notification': {
      const event = readMessageBody(message.message)
      const { messageId } = message
      return takeOne(door.db, environment, { channel: 'sns', messageId, receivedAt }, event, message.message)
    }
    case 'SubscriptionConfirmation':
      return door.confirm(environment, message.topicArn, message.token)
    case 'UnsubscribeConfirmation':
      door.onNote(environment.name, 'A subscription was ended', message)
      return { is: 'noted', reason: '' }
  }
}
