import { expect, it } from 'vitest'
import type { ArrivalView } from './arrival.ts'
import { arrivalSteps } from './arrival-steps.ts'

const nothing: ArrivalView = {
  outage: null,
  secrets: { webhook: 0, eventbridge: 0 },
  subscriptions: [],
  channels: [],
  setAside: { waiting: 0, reason: null },
  newestTicketId: null,
}
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:matchmaking'
const channels = {
  sqs: [{ queueUrl: 'https://sqs.eu-central-1.amazonaws.com/1/q' }],
  sns: { topicArns: [TOPIC] },
  eventbridge: true,
}
const stated = (view: Partial<ArrivalView>, kind: 'aws' | 'local' = 'aws', chosen = channels) =>
  Object.fromEntries(
    arrivalSteps({ kind, channels: chosen }, { ...nothing, ...view }).map(({ id, state }) => [id, state]),
  )

it('waits for every channel that was chosen, and for a ticket', () => {
  expect(stated({})).toEqual({
    answers: 'done',
    'first sqs': 'waiting',
    [`subscription ${TOPIC}`]: 'waiting',
    'first sns': 'waiting',
    'secret eventbridge': 'waiting',
    'first eventbridge': 'waiting',
    ticket: 'waiting',
  })
  const engine = { sqs: [], sns: { topicArns: [] }, eventbridge: false }
  expect(Object.keys(stated({}, 'local', engine))).toEqual(['answers', 'secret webhook', 'first webhook', 'ticket'])
})

it('a step is done when it has happened, and says what is wrong', () => {
  const view = stated({
    outage: { since: '2026-11-20T12:00:00Z', message: 'no answer came' },
    channels: [
      { channel: 'sqs', received: 3, refused: 0, firstAt: '2026-11-20T12:00:00Z' },
      { channel: 'sns', received: 2, refused: 2, firstAt: '2026-11-20T12:00:00Z' },
    ],
    subscriptions: [{ topicArn: TOPIC, waitsUntil: null, confirmed: false, problem: 'SNS said no' }],
    newestTicketId: 't-1',
    setAside: { waiting: 1, reason: 'not JSON' },
  })
  expect(view).toMatchObject({
    answers: 'problem',
    'first sqs': 'done',
    'first sns': 'problem',
    [`subscription ${TOPIC}`]: 'problem',
    'set aside': 'problem',
    ticket: 'done',
  })
})
