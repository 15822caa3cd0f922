import { setTimeout as sleep } from 'node:timers/promises'

/** Lets one go every `1 / perSecond` s, and none at once after a pause: what is waited for is never made up for. */
export function createPace(perSecond: number): () => Promise<void> {
  const everyMs = 1_000 / perSecond
  let nextAt = 0
  return async () => {
    const now = performance.now()
    const at = Math.max(now, nextAt)
    nextAt = at + everyMs
    if (at > now) await sleep(at - now)
  }
}
