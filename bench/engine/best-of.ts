/** Everybody who is compared warms up in the same way, and has the same chances. */
import { cpuMs } from '../measure.ts'

/**
 * CPU time, with what goes on beside the clock, after which no further run begins. The engine is warm after six pools of
 * 10,000, a second or so.
 */
const WARM_UP_MS = { full: 2_000, quick: 1_000 }
const RUNS_MS = { full: 3_500, quick: 700 }
/** The anchor is through in a few milliseconds. A pool of a million takes longer than all runs should. */
const MOST_RUNS = 15
const LEAST_RUNS = { full: 3, quick: 1 }

export function warmUp(quick: boolean, run: () => unknown): void {
  const endMs = cpuMs() + WARM_UP_MS[quick ? 'quick' : 'full']
  for (let time = 0; time < MOST_RUNS && cpuMs() < endMs; time++) run()
}

/** The run with the highest rate. `each` sees them all. */
export function bestOf<T extends { usedMs: number; matched: number }>(
  quick: boolean,
  run: () => T,
  each: (result: T) => void = () => {},
): T {
  const rate = ({ matched, usedMs }: T) => matched / usedMs
  const endMs = cpuMs() + RUNS_MS[quick ? 'quick' : 'full']
  const least = LEAST_RUNS[quick ? 'quick' : 'full']
  let best: T | undefined
  for (let time = 0; time < MOST_RUNS && (time < least || cpuMs() < endMs); time++) {
    const result = run()
    each(result)
    if (best === undefined || rate(result) > rate(best)) best = result
  }
  return best!
}
