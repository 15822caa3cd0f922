/** Times as events tell them. Most of a moment's times lie in one second, so that is written once. */

const MILLISECONDS = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, '0')}Z`)
let second = Number.NaN
let upToPoint = ''

/** ISO 8601 with milliseconds, in UTC. `timeMs`: epoch ms, a whole number. */
export function isoTime(timeMs: number): string {
  const seconds = Math.floor(timeMs / 1000)
  if (seconds !== second) {
    second = seconds
    upToPoint = new Date(seconds * 1000).toISOString().slice(0, -'000Z'.length)
  }
  return upToPoint + MILLISECONDS[timeMs - seconds * 1000]!
}
