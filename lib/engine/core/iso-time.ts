/** Times as events tell them. Most of a moment's times lie in few seconds, each of which is written once. */

const MILLISECONDS = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, '0')}Z`)
/** A table of fixed size: a second takes the place of the one that had it. */
const PLACES = 256
const seconds = new Array<number>(PLACES).fill(Number.NaN)
const upToPoint = new Array<string>(PLACES).fill('')

/** ISO 8601 with milliseconds, in UTC. `timeMs`: epoch ms, a whole number. */
export function isoTime(timeMs: number): string {
  const second = Math.floor(timeMs / 1000)
  const place = second & (PLACES - 1)
  if (seconds[place] !== second) {
    seconds[place] = second
    upToPoint[place] = new Date(second * 1000).toISOString().slice(0, -'000Z'.length)
  }
  return upToPoint[place]! + MILLISECONDS[timeMs - second * 1000]!
}
