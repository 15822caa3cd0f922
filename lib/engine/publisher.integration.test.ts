import { afterEach, describe, expect, it, vi } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { insertEvents, pruneEvents } from './journal/events.ts'
import { createPostgresStore } from './journal/postgres-store.ts'
import { type Publisher, startPublisher } from './publisher.ts'
import type { EventTarget } from './targets.ts'
import { type EventReceiver, startEventReceiver } from './testing/event-receiver.ts'

const database = testDatabase()
const backOff = { firstMs: 5, mostMs: 20 }
const running: Publisher[] = []
const receivers: EventReceiver[] = []
let targets = 0

afterEach(async () => {
  await Promise.all(running.splice(0).map((publisher) => publisher.stop()))
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()))
  await database.db.query('truncate engine.events, engine.targets, engine.set_aside')
})

function anEvent(position: number, index: number, message = ''): EngineEvent {
  return {
    position,
    index,
    eventId: `event-${position}-${index}`,
    timeMs: 1_763_647_445_120,
    resourceArn: 'arn:aws:gamelift:eu-west-1:123456789012:matchmakingconfiguration/duel',
    detail: {
      type: 'MatchmakingCancelled',
      tickets: [],
      gameSessionInfo: { players: [] },
      reason: 'Cancelled',
      message,
    },
  }
}
const someEvents = (count: number, from = 1) => Array.from({ length: count }, (_, i) => anEvent(from + i, 0))
/** As many rows as it takes. */
async function store(events: EngineEvent[]): Promise<void> {
  for (let at = 0; at < events.length; ) at += await insertEvents(database.db, events.slice(at))
}
const idsOf = (receiver: EventReceiver) => receiver.envelopes().map((envelope) => envelope.id)

async function receive(answer?: Parameters<typeof startEventReceiver>[0]): Promise<EventReceiver> {
  const receiver = await startEventReceiver(answer)
  receivers.push(receiver)
  return receiver
}
function aTarget(receiver: EventReceiver, given: Partial<EventTarget> = {}): EventTarget {
  return { name: `target-${++targets}`, url: receiver.url, secret: 'shared', type: 'eventbridge', ...given }
}
function publishTo(...to: EventTarget[]): Publisher {
  const outbox = createPostgresStore(database.url, database.db).outbox
  const publisher = startPublisher({ outbox, targets: to, timePrecision: 'seconds', backOff })
  running.push(publisher)
  return publisher
}

describe('the publisher', () => {
  it('delivers the envelope of EventBridge with the secret, in batches of at most 100', async () => {
    await store(someEvents(250))
    const receiver = await receive()
    publishTo(aTarget(receiver))
    await vi.waitFor(() => expect(idsOf(receiver)).toEqual(someEvents(250).map((event) => event.eventId)))
    expect(receiver.accepted.map((request) => request.envelopes.length)).toEqual([100, 100, 50])
    expect(receiver.accepted[0]?.headers).toMatchObject({
      'x-matchdesk-secret': 'shared',
      'content-type': 'application/json',
    })
    expect(receiver.envelopes()[0]).toEqual({
      version: '0',
      id: 'event-1-0',
      'detail-type': 'GameLift Matchmaking Event',
      source: 'aws.gamelift',
      account: '123456789012',
      time: '2025-11-20T14:04:05Z',
      region: 'eu-west-1',
      resources: ['arn:aws:gamelift:eu-west-1:123456789012:matchmakingconfiguration/duel'],
      detail: anEvent(1, 0).detail,
    })
  })

  it('delivers the mark of what was forced beside the members of EventBridge', async () => {
    await store([{ ...anEvent(1, 0), forced: true }, anEvent(2, 0)])
    const receiver = await receive()
    publishTo(aTarget(receiver))
    await vi.waitFor(() => expect(idsOf(receiver)).toHaveLength(2))
    const [marked, other] = receiver.envelopes()
    expect(marked).toEqual({ ...other, id: 'event-1-0', matchdesk: { forced: true } })
  })

  it('sends less than 512 KiB at once', async () => {
    await store(Array.from({ length: 6 }, (_, i) => anEvent(i + 1, 0, 'x'.repeat(200_000))))
    const receiver = await receive()
    publishTo(aTarget(receiver))
    await vi.waitFor(() => expect(idsOf(receiver)).toHaveLength(6))
    expect(receiver.accepted.map((request) => request.envelopes.length)).toEqual([2, 2, 2])
  })

  it('keeps the order and one request at a time through failures, broken connections and a restart', async () => {
    let fail = 0
    const statuses = [500, 200, 0, 503, 200, 429, 0, 302, 200]
    const receiver = await receive(() => statuses[fail++ % statuses.length] ?? 200)
    const target = aTarget(receiver)
    const first = publishTo(target)
    for (let round = 0; round < 20; round++) {
      await store(someEvents(15, 1 + round * 15))
      first.wake()
    }
    await vi.waitFor(() => expect(receiver.accepted.length).toBeGreaterThan(1))
    await first.stop()
    publishTo(target)
    await vi.waitFor(() => expect(new Set(idsOf(receiver)).size).toBe(300))
    // At least once: repeats are allowed, a gap or a step back to something never repeated is not.
    expect([...new Set(idsOf(receiver))]).toEqual(someEvents(300).map((event) => event.eventId))
    expect(receiver.mostAtOnce()).toBe(1)
  })

  it('does not let one target that is down hold up another', async () => {
    await store(someEvents(3))
    const down = await receive(() => 500)
    const up = await receive()
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    publishTo(aTarget(down), aTarget(up))
    await vi.waitFor(() => expect(idsOf(up)).toHaveLength(3))
    expect(down.accepted).toEqual([])
    await vi.waitFor(() => expect(log).toHaveBeenCalledWith(expect.stringContaining('Events wait for')))
    log.mockRestore()
  })

  it('sets one refused event aside with its reason, and delivers its neighbours', async () => {
    await store(someEvents(5))
    const poison = (id: string) => id === 'event-3-0'
    const receiver = await receive((envelopes) => (envelopes.some(({ id }) => poison(id)) ? 400 : 200))
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    publishTo(aTarget(receiver))
    await vi.waitFor(() => expect(idsOf(receiver)).toEqual(['event-1-0', 'event-2-0', 'event-4-0', 'event-5-0']))
    const { rows } = await database.db.query('select event_id, reason from engine.set_aside')
    expect(rows).toEqual([{ event_id: 'event-3-0', reason: '400 said the target' }])
    expect(log).toHaveBeenCalledWith(expect.stringContaining('event-3-0 was refused'))
    log.mockRestore()
  })

  it('wakes for new events within a moment', async () => {
    const receiver = await receive()
    const publisher = publishTo(aTarget(receiver))
    for (let position = 1; position <= 3; position++) {
      await store([anEvent(position, 0)])
      publisher.wake()
      await vi.waitFor(() => expect(idsOf(receiver)).toHaveLength(position), { timeout: 500 })
    }
  })

  it('gives a target of type sns one notification per event, with milliseconds', async () => {
    await store(someEvents(2))
    const receiver = await receive()
    publishTo(aTarget(receiver, { type: 'sns' }))
    await vi.waitFor(() => expect(idsOf(receiver)).toEqual(['event-1-0', 'event-2-0']))
    expect(receiver.envelopes()[0]?.time).toBe('2025-11-20T14:04:05.120Z')
    expect(receiver.accepted[0]?.headers['x-amz-sns-message-type']).toBe('Notification')
  })

  it('removes old events in bounded steps, and none that a target still waits for', async () => {
    await database.db.query(
      `insert into engine.events (position, index, time_ms, events) select n, 0, 1, '{}' from generate_series(1, 1010) n`,
    )
    const through = { position: 1_007, index: 0 }
    const left = async () => (await database.db.query('select count(*)::int as n from engine.events')).rows[0].n
    expect(await pruneEvents(database.db, { position: 1_010, index: 0 }, 0)).toBe(false) // not old enough
    expect(await left()).toBe(1_010)
    expect(await pruneEvents(database.db, through, Date.now())).toBe(true)
    expect(await left()).toBe(10)
    expect(await pruneEvents(database.db, through, Date.now())).toBe(false)
    expect(await left()).toBe(3)
  })

  it('delivers each event once where the rows of a killed engine and of the next one overlap', async () => {
    const events = someEvents(9)
    await store(events.slice(0, 5))
    await store(events.slice(3, 9))
    await store(events.slice(2, 7))
    const receiver = await receive()
    publishTo(aTarget(receiver))
    await vi.waitFor(() => expect(idsOf(receiver)).toEqual(events.map((event) => event.eventId)))
  })
})
