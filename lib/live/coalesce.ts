import { type LiveChange, mergeChanges } from './change.ts'

/** At most ten messages a second for each environment: more would only cancel each other's refetches. */
export const COALESCE_MS = 100

export interface Timers {
  now(): number
  after(ms: number, run: () => void): () => void
}
export const realTimers: Timers = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** The first change after a quiet time goes out at once; those that follow within COALESCE_MS go out together. */
export function coalesce(send: (change: LiveChange) => void, timers: Timers = realTimers) {
  const lastSentAt = new Map<string, number>()
  const waiting = new Map<string, { change: LiveChange; cancel: () => void }>()

  function flush(environment: string) {
    const held = waiting.get(environment)
    if (!held) return
    waiting.delete(environment)
    lastSentAt.set(environment, timers.now())
    send(held.change)
  }

  return {
    add(change: LiveChange) {
      const { environment } = change
      const held = waiting.get(environment)
      if (held) {
        held.change = mergeChanges(held.change, change)
        return
      }
      const wait = (lastSentAt.get(environment) ?? Number.NEGATIVE_INFINITY) + COALESCE_MS - timers.now()
      if (wait <= 0) {
        lastSentAt.set(environment, timers.now())
        send(change)
      } else {
        waiting.set(environment, { change, cancel: timers.after(wait, () => flush(environment)) })
      }
    },
    stop() {
      for (const { cancel } of waiting.values()) cancel()
      waiting.clear()
    },
  }
}
