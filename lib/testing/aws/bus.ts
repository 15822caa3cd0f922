/**
 * Carries events from the engine to the dashboard as AWS does at its worst: each channel has a copy of its own of every
 * event, which may be dropped, repeated and late. It counts what it did, so that what the dashboard says of it can be judged.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '#lib/demo/random.ts'
import type { EventEnvelope } from '#lib/flexmatch/events.ts'
import { type BusChannel, CHANNELS, type FaultPlan } from './fault-plan.ts'
import { type Served, serve } from './serve.ts'

/**
 * What one delivery came to: taken, put into a queue that somebody else empties, refused for good, to be tried again, or
 * that too because nobody knows.
 */
export type Outcome = 'taken' | 'queued' | 'refused' | 'again' | 'unknown'
/** `messageId` stays the same when a copy is delivered again. */
export type Sink = (envelope: EventEnvelope, messageId: string) => Outcome | Promise<Outcome>

export type PerChannel = Record<BusChannel, number>
export interface Truth {
  /** What GameLift had to tell. */
  events: number
  /** Of these, no channel was given a copy. */
  lost: number
  /** Of these, at least one copy was taken. */
  reached: number
  /** Copies, by channel. */
  dropped: PerChannel
  repeated: PerChannel
  delivered: PerChannel
  refused: PerChannel
  /** Deliveries that had to be made again because nobody took them. */
  triedAgain: PerChannel
  /** Of these, those whose first try may have been taken: the answer never came. */
  unknown: PerChannel
  /**
   * Events whose first copy was taken when a newer one of the same ticket had been taken already, by the channel of that
   * copy. A copy stamped in whole seconds says nothing of the order within one.
   */
  late: PerChannel
}

export interface Bus extends Served {
  truth(): Truth
  /** How many copies are to be delivered yet. */
  underWay(): number
  /** Resolves when no copy is under way any more. */
  settled(): Promise<void>
  sinks: Record<BusChannel, Sink | null>
  /** A copy that had been queued was taken from there. */
  takenFromQueue(envelope: EventEnvelope): void
}

const AT_ONCE: PerChannel = { eventbridge: 64, sns: 64, sqs: 64 }
const BACK_OFF_MS = { first: 50, most: 2_000 }
/** The engine waits with its next delivery while so many copies are under way. */
const MOST_UNDER_WAY = 20_000
const POLL_MS = 20

export async function startBus(given: { plan: () => FaultPlan; random: Random }): Promise<Bus> {
  const { plan, random } = given
  const chance = (percent: number) => random.next() * 100 < percent
  const truth: Truth = {
    events: 0,
    lost: 0,
    reached: 0,
    ...counted(['dropped', 'repeated', 'delivered', 'refused', 'triedAgain', 'unknown', 'late']),
  }
  const seen = new Set<string>()
  /** Events, by the id of the engine's envelope. */
  const reached = new Set<string>()
  /** By ticket, the time of the newest event that was taken. */
  const newest = new Map<string, number>()
  const sinks: Bus['sinks'] = { eventbridge: null, sns: null, sqs: null }
  const gates = { eventbridge: gate(AT_ONCE.eventbridge), sns: gate(AT_ONCE.sns), sqs: gate(AT_ONCE.sqs) }
  let underWay = 0
  let closed = false

  const served = await serve(async (_request, body) => {
    const envelopes = JSON.parse(body.toString()) as EventEnvelope[]
    while (underWay > MOST_UNDER_WAY && !closed) await sleep(POLL_MS)
    for (const envelope of envelopes) accept(envelope)
    return { status: 200, body: '{}' }
  })

  function accept(envelope: EventEnvelope): void {
    if (seen.has(envelope.id)) return // the engine delivers at least once; what happened, happened once
    seen.add(envelope.id)
    truth.events++
    if (chance(plan().lostPercent)) {
      truth.lost++
      return
    }
    // EventBridge writes whole seconds and gives its API destination and its queue the same envelope; SNS is told by
    // GameLift itself, in milliseconds.
    const ofBus = { ...envelope, time: envelope.time.replace(/\.\d+Z$/, 'Z') }
    const ofTopic = { ...envelope, id: randomUUID() }
    for (const channel of plan().channels) {
      if (chance(plan().dropPercent)) {
        truth.dropped[channel]++
        continue
      }
      const copy = channel === 'sns' ? ofTopic : ofBus
      const messageId = channel === 'eventbridge' ? copy.id : randomUUID()
      send(channel, copy, messageId, envelope.id)
      if (!chance(plan().repeatPercent)) continue
      truth.repeated[channel]++
      send(channel, copy, messageId, envelope.id)
    }
  }

  /** `id` is of the engine's envelope: what all copies have in common. */
  function send(channel: BusChannel, envelope: EventEnvelope, messageId: string, id: string): void {
    underWay++
    setTimeout(async () => {
      await gates[channel](() => untilTaken(channel, envelope, messageId, id))
      underWay--
    }, random.next() * plan().shuffleMs)
  }

  async function untilTaken(
    channel: BusChannel,
    envelope: EventEnvelope,
    messageId: string,
    id: string,
  ): Promise<void> {
    for (let waitMs = BACK_OFF_MS.first; !closed; waitMs = Math.min(waitMs * 2, BACK_OFF_MS.most)) {
      const sink = sinks[channel]
      const outcome = sink ? await Promise.resolve(sink(envelope, messageId)).catch(() => 'unknown' as const) : 'again'
      if (outcome === 'taken' || outcome === 'queued') {
        truth.delivered[channel]++
        if (outcome === 'taken') noteTaken(channel, id, envelope)
        return
      }
      if (outcome === 'refused') {
        truth.refused[channel]++
        return
      }
      truth.triedAgain[channel]++
      if (outcome === 'unknown') truth.unknown[channel]++
      await sleep(waitMs)
    }
  }

  /** `id` is of the engine's envelope, `time` as the copy has it. */
  function noteTaken(channel: BusChannel, id: string, { time, detail }: EventEnvelope): void {
    const stampedMs = Date.parse(time)
    const ticketIds = 'tickets' in detail ? detail.tickets.map(({ ticketId }) => ticketId) : []
    const isNewer = (beforeMs = 0) =>
      (stampedMs % 1_000 === 0 ? Math.floor(beforeMs / 1_000) * 1_000 : beforeMs) > stampedMs
    if (!reached.has(id)) {
      reached.add(id)
      truth.reached++
      if (ticketIds.some((ticketId) => isNewer(newest.get(ticketId)))) truth.late[channel]++
    }
    for (const ticketId of ticketIds) newest.set(ticketId, Math.max(newest.get(ticketId) ?? 0, stampedMs))
  }

  return {
    url: served.url,
    sinks,
    // EventBridge puts the engine's envelope into the queue: its id is the engine's.
    takenFromQueue: (envelope) => noteTaken('sqs', envelope.id, envelope),
    truth: () => structuredClone(truth),
    underWay: () => underWay,
    async settled() {
      while (underWay > 0 && !closed) await sleep(POLL_MS)
    },
    async close() {
      closed = true
      await served.close()
    },
  }
}

/** Posts as an API destination or a topic does: 5xx and silence are tried again, every other refusal is an answer. */
export async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  withinMs: number,
): Promise<Outcome> {
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(withinMs) })
  await response.arrayBuffer()
  if (response.ok) return 'taken'
  // A balancer says 502 or 504 when whoever had the request went away with it, and 503 is said in time where it is not
  // known yet: it may be taken a moment later.
  if (response.status >= 502) return 'unknown'
  return response.status >= 500 || response.status === 429 ? 'again' : 'refused'
}

function counted<Name extends string>(names: readonly Name[]): Record<Name, PerChannel> {
  const zeros = () => Object.fromEntries(CHANNELS.map((channel) => [channel, 0])) as PerChannel
  return Object.fromEntries(names.map((name) => [name, zeros()])) as Record<Name, PerChannel>
}

/** Lets at most `most` run at once, in the order they came. */
function gate(most: number): (work: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
