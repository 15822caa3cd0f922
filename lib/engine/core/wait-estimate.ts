/** How long tickets of one configuration that completed in the last 15 minutes had waited, on average. */

const WINDOW_SECONDS = 15 * 60

export interface WaitHistory {
  totalMs: number
  count: number
  /** One per second that saw a completion: [epoch second, totalMs before it, count before it]. */
  marks: [second: number, totalMs: number, count: number][]
}

export function emptyWaitHistory(): WaitHistory {
  return { totalMs: 0, count: 0, marks: [] }
}

export function recordWait(history: WaitHistory, endMs: number, waitMs: number): void {
  const second = Math.floor(endMs / 1000)
  if (history.marks.at(-1)?.[0] !== second) history.marks.push([second, history.totalMs, history.count])
  history.totalMs += waitMs
  history.count += 1
  const stale = firstInWindow(history, endMs)
  if (stale > history.marks.length / 2) history.marks.splice(0, stale)
}

/** Whole seconds, or null when nothing completed in the window. */
export function estimatedWaitSeconds(history: WaitHistory, nowMs: number): number | null {
  const mark = history.marks[firstInWindow(history, nowMs)]
  if (!mark) return null
  return Math.round((history.totalMs - mark[1]) / (history.count - mark[2]) / 1000)
}

function firstInWindow(history: WaitHistory, nowMs: number): number {
  const oldest = Math.floor(nowMs / 1000) - WINDOW_SECONDS
  let low = 0
  let high = history.marks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (history.marks[middle]![0] < oldest) low = middle + 1
    else high = middle
  }
  return low
}
