/**
 * Which events go out next, when delivery is as unreliable as EventBridge and SNS allow themselves to be: late, repeated,
 * in another order. Everything follows from the events, so the same run is delivered in the same way.
 */
import type { EngineEvent, EngineOptions } from '#lib/engine/core/contract.ts'
import { namedUuid } from '#lib/engine/core/ids.ts'

/** Of one period at once: what a busy engine does in a long period would not fit into memory. */
const PERIOD_EVENTS = 1000

export interface DeliveryPlan {
  /** How many of the events that were looked at are done with once `send` is delivered. */
  taken: number
  send: EngineEvent[]
  /** When none can be sent yet: how long nothing will change. null: more of what comes next has to be seen first. */
  waitMs: number | null
}

/** True when delivery is in order, once and at once. */
export function isPlain({ delayMs, repeatPercent, shuffleMs }: EngineOptions['events']): boolean {
  return delayMs === 0 && repeatPercent === 0 && shuffleMs === 0
}

/**
 * `next` are the events not delivered yet, in order, at least one; `isAll` when there are no others yet. `nowMs` is the
 * engine's time.
 */
export function planDelivery(
  next: readonly EngineEvent[],
  options: EngineOptions['events'],
  { nowMs, isAll }: { nowMs: number; isAll: boolean },
): DeliveryPlan {
  const { delayMs, repeatPercent, shuffleMs } = options
  const periodOf = ({ timeMs }: EngineEvent) => (shuffleMs === 0 ? timeMs : Math.floor(timeMs / shuffleMs))
  const first = next[0]
  if (!first) return { taken: 0, send: [], waitMs: null }
  const dueMs = delayMs + (shuffleMs === 0 ? first.timeMs : (periodOf(first) + 1) * shuffleMs)
  if (dueMs > nowMs) return { taken: 0, send: [], waitMs: dueMs - nowMs }
  const other = next.findIndex((event, index) =>
    shuffleMs === 0 ? event.timeMs + delayMs > nowMs : index >= PERIOD_EVENTS || periodOf(event) !== periodOf(first),
  )
  // The period goes on in events that have not been read.
  if (shuffleMs > 0 && other < 0 && !isAll && next.length < PERIOD_EVENTS) return { taken: 0, send: [], waitMs: null }
  const taken = other < 0 ? next.length : other
  const once = next.slice(0, taken)
  const repeated = once.filter(({ eventId }) => chance('repeat', eventId) * 100 < repeatPercent)
  const send = [...once, ...repeated]
  return { taken, send: shuffleMs === 0 ? send : shuffled(send), waitMs: null }
}

/** A repeated event comes at a place of its own. */
function shuffled(events: readonly EngineEvent[]): EngineEvent[] {
  const seen = new Set<string>()
  const placed = events.map((event) => {
    const place = chance(seen.has(event.eventId) ? 'second' : 'first', event.eventId)
    seen.add(event.eventId)
    return { event, place }
  })
  return placed.sort((a, b) => a.place - b.place).map(({ event }) => event)
}

/** In [0, 1): event ids derive from the seed, and so does what happens to the event. */
function chance(what: string, eventId: string): number {
  return Number.parseInt(namedUuid(what, eventId).slice(0, 8), 16) / 2 ** 32
}
