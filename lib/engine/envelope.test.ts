import { expect, it } from 'vitest'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { toDelivery } from './envelope.ts'
import type { EventTarget } from './targets.ts'

const event: EngineEvent = {
  position: 1,
  index: 0,
  eventId: 'event-1',
  timeMs: 1_763_647_445_120,
  resourceArn: 'arn:aws:gamelift:eu-west-1:123456789012:gamesessionqueue/queue',
  detail: { type: 'PlacementFailed', placementId: 'm', startTime: '', endTime: '' },
}
const forced: EngineEvent = { ...event, forced: true }
const body = (one: EngineEvent, type: EventTarget['type']) =>
  JSON.parse(toDelivery([one], { name: 'n', url: 'http://x', secret: null, type }, 'milliseconds').body)

it('marks what was forced beside the members of EventBridge and leaves all of those as they are', () => {
  const [envelope] = body(event, 'eventbridge')
  expect(envelope).not.toHaveProperty('matchdesk')
  expect(body(forced, 'eventbridge')).toEqual([{ ...envelope, matchdesk: { forced: true } }])
})

it('marks a notification with an attribute and leaves its message as it is', () => {
  const notification = body(event, 'sns')
  expect(notification).not.toHaveProperty('MessageAttributes')
  expect(body(forced, 'sns')).toEqual({
    ...notification,
    MessageAttributes: { 'matchdesk.forced': { Type: 'String', Value: 'true' } },
  })
})
