import type { EngineEvent } from '#lib/engine/core/contract.ts'
import type { EventEnvelope } from '#lib/flexmatch/events.ts'
import type { EventTarget } from './targets.ts'

/** How exact `time` is: EventBridge was seen with whole seconds, SNS and the documentation have milliseconds. */
export type TimePrecision = 'seconds' | 'milliseconds'

/** The event as EventBridge delivers it. Region and account are the ones the resource belonged to. */
export function toEnvelope(event: EngineEvent, precision: TimePrecision): EventEnvelope {
  const [, , , region = '', account = ''] = event.resourceArn.split(':')
  const time = new Date(event.timeMs).toISOString()
  return {
    version: '0',
    id: event.eventId,
    'detail-type': event.detail.type.startsWith('Placement')
      ? 'GameLift Queue Placement Event'
      : 'GameLift Matchmaking Event',
    source: 'aws.gamelift',
    account,
    time: precision === 'seconds' ? time.replace(/\.\d+Z$/, 'Z') : time,
    region,
    resources: [event.resourceArn],
    detail: event.detail,
    ...(event.forced && { matchdesk: { forced: true } }),
  }
}

export interface Delivery {
  headers: Record<string, string>
  body: string
}

/** What is POSTed for these events. A target of type `sns` takes one event at a time. */
export function toDelivery(events: readonly EngineEvent[], target: EventTarget, precision: TimePrecision): Delivery {
  const secret: Record<string, string> = target.secret === null ? {} : { 'x-matchdesk-secret': target.secret }
  const first = events[0]
  if (target.type === 'sns' && first) {
    return {
      headers: {
        ...secret,
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': 'Notification',
      },
      body: JSON.stringify(toNotification(first)),
    }
  }
  const envelopes = events.map((event) => toEnvelope(event, precision))
  return { headers: { ...secret, 'content-type': 'application/json' }, body: JSON.stringify(envelopes) }
}

/** The SNS envelope of HTTP delivery. There is no key to sign with here, so the signature fields are placeholders. */
function toNotification(event: EngineEvent) {
  const [, , , region = '', account = ''] = event.resourceArn.split(':')
  const { matchdesk, ...envelope } = toEnvelope(event, 'milliseconds')
  return {
    Type: 'Notification',
    MessageId: event.eventId,
    TopicArn: `arn:aws:sns:${region}:${account}:matchdesk-engine`,
    Message: JSON.stringify(envelope),
    Timestamp: new Date(event.timeMs).toISOString(),
    SignatureVersion: '1',
    Signature: 'unsigned',
    SigningCertURL: 'https://unsigned.invalid/',
    UnsubscribeURL: 'https://unsigned.invalid/',
    // Where a topic's publisher puts what is not part of its message.
    ...(matchdesk && { MessageAttributes: { 'matchdesk.forced': { Type: 'String', Value: 'true' } } }),
  }
}
