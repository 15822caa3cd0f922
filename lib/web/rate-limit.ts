/**
 * How often somebody may do something, counted where it is done: each replica counts for itself, so many of them let
 * through as many times as much. That is no budget to keep, only an end to floods and guessing.
 */

export interface RateLimit {
  /** Counts one more for the key and returns null; or counts nothing and returns the seconds until there is room again. */
  take(key: string): number | null
}

/** Keys that are known at once. Beyond it the one that was heard of longest ago is forgotten. */
const MOST_KEYS = 10_000

/** At most `most` within any `withinSeconds`, not only within those that begin with a full minute. */
export function createRateLimit(
  { most, withinSeconds }: { most: number; withinSeconds: number },
  now: () => number = () => performance.now(),
): RateLimit {
  /** When each key was counted, oldest first; the keys in the order in which they were last counted. */
  const counted = new Map<string, number[]>()
  return {
    take(key) {
      const at = now()
      const begin = at - withinSeconds * 1000
      const times = (counted.get(key) ?? []).filter((time) => time > begin)
      if (times.length >= most) return Math.max(1, Math.ceil(((times[0] ?? at) - begin) / 1000))
      times.push(at)
      counted.delete(key)
      counted.set(key, times)
      const [oldest] = counted.keys()
      if (counted.size > MOST_KEYS && oldest !== undefined) counted.delete(oldest)
      return null
    },
  }
}
