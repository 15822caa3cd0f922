import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineEvent, EngineOptions } from '#lib/engine/core/contract.ts'
import { isPlain, planDelivery } from './delivery-plan.ts'
import { type TimePrecision, toDelivery } from './envelope.ts'
import { type EventPlace, isAfter } from './journal/event-place.ts'
import type { Outbox } from './journal/store.ts'
import type { EventTarget } from './targets.ts'

const BATCH_EVENTS = 100
const BATCH_BYTES = 512 * 1024
const REQUEST_TIMEOUT_MS = 10_000
const BACK_OFF = { firstMs: 100, mostMs: 10_000 }
/** A clock that is moved by hand may bring the time of an event at any moment. */
const LONGEST_WAIT_MS = 200
const PRUNE_EVERY_MS = 600_000
const KEPT_MS = 86_400_000
/** The target has read the events and says they are wrong: sending the same again will not help. */
const REFUSALS = new Set([400, 413])

export interface PublisherOptions {
  outbox: Outbox
  targets: readonly EventTarget[]
  timePrecision: TimePrecision
  /** How unreliable delivery is meant to be, and the engine's time. Without it everything goes out at once, once, in order. */
  faults?: () => { options: EngineOptions['events']; nowMs: number }
  backOff?: { firstMs: number; mostMs: number }
}

export interface Publisher {
  /** New events are in the outbox. */
  wake(): void
  /** Resolves when no request is under way any more. What was not delivered is delivered after the next start. */
  stop(): Promise<void>
}

/**
 * Delivers the outbox to every target: in order, at least once, one request at a time per target. A target that does not
 * answer with 2xx is tried again for ever and holds up nobody but itself.
 */
export function startPublisher(options: PublisherOptions): Publisher {
  const stopping = new AbortController()
  const lines = options.targets.map((target) => new DeliveryLine(target, options, stopping.signal))
  const finished = lines.map((line) => line.run())
  const pruning = setInterval(() => void prune(options.outbox, lines), PRUNE_EVERY_MS)
  pruning.unref()
  return {
    wake() {
      for (const line of lines) line.wake()
    },
    async stop() {
      clearInterval(pruning)
      stopping.abort()
      await Promise.all(finished)
    },
  }
}

/** Events delivered to every target and older than a day, in bounded steps. Nobody's cursor: nothing to wait for. */
async function prune(outbox: Outbox, lines: readonly DeliveryLine[]): Promise<void> {
  const places = lines.map((line) => line.delivered)
  const through = places.reduce(earlier, { position: Number.MAX_SAFE_INTEGER, index: 0 })
  try {
    while (await outbox.prune(through, Date.now() - KEPT_MS));
  } catch (error) {
    console.error(`Old events could not be removed: ${(error as Error).message}`)
  }
}

function earlier(a: EventPlace, b: EventPlace): EventPlace {
  return isAfter(a, b) ? b : a
}

class DeliveryLine {
  readonly #target: EventTarget
  readonly #options: PublisherOptions
  readonly #stopping: AbortSignal
  #failures = 0
  #woken = true
  #wake: () => void = () => {}
  delivered: EventPlace = { position: 0, index: 0 }

  constructor(target: EventTarget, options: PublisherOptions, stopping: AbortSignal) {
    this.#target = target
    this.#options = options
    this.#stopping = stopping
    stopping.addEventListener('abort', () => this.#wake(), { once: true })
  }

  wake(): void {
    this.#woken = true
    this.#wake()
  }

  async run(): Promise<void> {
    const { outbox } = this.#options
    let registered = false
    let read: EngineEvent[] = []
    while (!this.#stopping.aborted) {
      try {
        if (!registered) this.delivered = await outbox.registerTarget(this.#target.name, this.#target.url)
        registered = true
        this.#woken = false
        if (read.length === 0) read = await outbox.after(this.delivered)
        const faults = this.#options.faults?.()
        if (read.length > 0 && faults && !isPlain(faults.options)) {
          read = await this.#deliverBadly(read, faults)
        } else if (read.length > 0) {
          const events = this.#fitting(read)
          await this.#deliver(events)
          read = read.slice(events.length)
        } else if (!this.#woken && !this.#stopping.aborted) await this.#untilWoken()
        this.#failures = 0
      } catch (error) {
        if (this.#stopping.aborted) return
        read = [] // some of them may have been delivered
        await this.#backOff(error as Error)
      }
    }
  }

  /** As the options want it: late, repeated, shuffled. Returns the events that are still to be delivered. */
  async #deliverBadly(
    read: EngineEvent[],
    { options, nowMs }: { options: EngineOptions['events']; nowMs: number },
  ): Promise<EngineEvent[]> {
    let plan = planDelivery(read, options, { nowMs, isAll: false })
    if (plan.taken === 0 && plan.waitMs === null) {
      const more = await this.#options.outbox.after(read.at(-1) ?? this.delivered)
      if (more.length > 0) return [...read, ...more]
      plan = planDelivery(read, options, { nowMs, isAll: true })
    }
    if (plan.waitMs !== null) {
      const waitMs = Math.min(plan.waitMs, LONGEST_WAIT_MS)
      await sleep(waitMs, undefined, { signal: this.#stopping }).catch(() => {})
      return read
    }
    for (let left = plan.send; left.length > 0; ) {
      const events = this.#fitting(left)
      await this.#send(events)
      left = left.slice(events.length)
    }
    await this.#advance(read[plan.taken - 1])
    return read.slice(plan.taken)
  }

  /** The longest prefix within the limits; at least one event. */
  #fitting(read: EngineEvent[]): EngineEvent[] {
    const events = read.slice(0, this.#target.type === 'sns' ? 1 : BATCH_EVENTS)
    let bytes = 0
    const length = events.findIndex((event) => {
      bytes += 400 + Buffer.byteLength(JSON.stringify(event.detail)) // 400: more than an envelope's own keys take
      return bytes > BATCH_BYTES
    })
    return length < 0 ? events : events.slice(0, Math.max(length, 1))
  }

  async #deliver(events: EngineEvent[]): Promise<void> {
    await this.#send(events, (event) => this.#advance(event))
    await this.#advance(events.at(-1))
  }

  /** `each` is told of every event that had to go alone. */
  async #send(events: EngineEvent[], each?: (event: EngineEvent) => Promise<void>): Promise<void> {
    const refusal = await this.#post(events)
    const [first, second] = events
    if (refusal === null || !first) return
    if (second === undefined) return this.#setAside(first, refusal)
    // One bad event must not take its neighbours with it: each goes alone, and only the refused ones are set aside.
    for (const event of events) {
      await this.#send([event])
      await each?.(event)
    }
  }

  async #advance(last: EngineEvent | undefined): Promise<void> {
    if (!last || !isAfter(last, this.delivered)) return
    await this.#options.outbox.advanceTarget(this.#target.name, last)
    this.delivered = { position: last.position, index: last.index }
  }

  /** null when the target took them; the reason when it refused them for good. Throws when it should be tried again. */
  async #post(events: EngineEvent[]): Promise<string | null> {
    const { headers, body } = toDelivery(events, this.#target, this.#options.timePrecision)
    const signal = AbortSignal.any([this.#stopping, AbortSignal.timeout(REQUEST_TIMEOUT_MS)])
    const response = await fetch(this.#target.url, { method: 'POST', headers, body, signal, redirect: 'error' })
    const answer = await response.text()
    if (response.ok) return null
    const reason = `${response.status} ${answer.slice(0, 500)}`
    if (REFUSALS.has(response.status)) return reason
    throw new Error(`answered ${reason}`)
  }

  async #setAside(event: EngineEvent, reason: string): Promise<void> {
    const { name } = this.#target
    console.error(`Event ${event.eventId} was refused by ${name} and set aside: ${reason}`)
    await this.#options.outbox.setAside({
      target: name,
      position: event.position,
      index: event.index,
      eventId: event.eventId,
      reason: reason.replaceAll('\0', ''),
      envelope: toDelivery([event], this.#target, this.#options.timePrecision).body,
    })
  }

  async #backOff(error: Error): Promise<void> {
    const { firstMs, mostMs } = this.#options.backOff ?? BACK_OFF
    const longest = Math.min(firstMs * 2 ** Math.min(this.#failures, 20), mostMs)
    this.#failures++
    if (this.#failures === 1) {
      const why = error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message
      console.error(`Events wait for ${this.#target.name} (${this.#target.url}): ${why}`)
    }
    await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal: this.#stopping }).catch(() => {})
  }

  #untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
