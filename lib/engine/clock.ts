/**
 * The engine's only clock, epoch ms. Never goes back and never stands still: it follows the monotonic clock, jumps ahead
 * with the wall clock (after a suspend), and continues from the journal's last time if the wall clock is behind that.
 */
export interface Clock {
  nowMs(): number
}

export function createClock(
  lastMs: number,
  sources: { wallMs: () => number; monotonicMs: () => number } = {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
  },
): Clock {
  let base = lastMs - sources.monotonicMs()
  return {
    nowMs() {
      const wall = sources.wallMs()
      const steady = base + sources.monotonicMs()
      if (wall <= steady) return Math.floor(steady)
      base += wall - steady
      return wall
    },
  }
}
