/** What an API destination of EventBridge delivers: one event, and a secret in a header. */

import { BODY_LIMITS } from '#lib/channels/answer-delivery.ts'
import type { Answer } from '#lib/channels/answers.ts'
import { readMessageBody } from '#lib/channels/message-body.ts'
import { takeOne } from '#lib/channels/take-one.ts'
import type { Db } from '#lib/db/pool.ts'
import type { Environments } from '#lib/environments/environment.ts'
import { readBoundedText } from '#lib/tickets/bounded-json.ts'
import type { KnownSenders } from './known-senders.ts'

export interface EventBridgeDoor {
  db: Db
  environments: Pick<Environments, 'find'>
  knownSenders: KnownSenders
}
type Incoming = Pick<Request, 'headers' | 'body'>

/** Nothing is read before the sender is known. */
export async function receiveFromEventBridge(
  { db, environments, knownSenders }: EventBridgeDoor,
  environmentName: string,
  request: Incoming,
): Promise<Answer> {
  // An environment that does not exist has no secrets: who does not know one cannot tell the two apart.
  if (!(await knownSenders(request.headers, environmentName, 'eventbridge'))) {
    return { is: 'unknown-sender', reason: 'The secret is missing or wrong. Send it in the header x-matchdesk-secret.' }
  }
  const environment = await environments.find(environmentName)
  if (!environment?.channels.eventbridge) {
    return { is: 'foreign', reason: `EventBridge is not a channel of ${environmentName}.` }
  }
  const receivedAt = Date.now()
  const body = await readBoundedText(request, BODY_LIMITS)
  const event = readMessageBody(body)
  const { id } = ((event.ok && event.envelope) || {}) as { id?: unknown }
  const messageId = typeof id === 'string' ? id.slice(0, 256) : null
  return takeOne(db, environment, { channel: 'eventbridge', messageId, receivedAt }, event, body)
}
