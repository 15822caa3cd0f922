import { expect, it } from 'vitest'
import { readMessageBody } from './message-body.ts'

const EVENT = { source: 'aws.gamelift', detail: { type: 'MatchmakingSearching' } }
const notification = (Message: string) =>
  JSON.stringify({ Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:eu-central-1:111122223333:t', Message })

it('reads an event as EventBridge puts it into a queue, and as SNS does', () => {
  const text = JSON.stringify(EVENT)
  expect(readMessageBody(text)).toEqual({ ok: true, envelope: EVENT })
  expect(readMessageBody(notification(text))).toEqual({ ok: true, envelope: EVENT })
})

it.each([
  ['', /^the body is not JSON/],
  ['{"detail":', /^the body is not JSON/],
  ['['.repeat(50), /^the body is nested deeper than 32 levels$/],
  [notification('hello'), /^the notification’s Message is not JSON/],
  [notification('{"a":'.repeat(40)), /^the notification’s Message is nested deeper/],
  [
    JSON.stringify({
      Type: 'SubscriptionConfirmation',
      Message: 'Visit …',
      TopicArn: 'arn',
      SubscribeURL: 'https://x',
    }),
    /^the body is an SNS message of the type "SubscriptionConfirmation"$/,
  ],
])('says why %s is no event', (body, reason) => {
  expect(readMessageBody(body)).toEqual({ ok: false, reason: expect.stringMatching(reason) })
})
