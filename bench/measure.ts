/** CPU time of this process, user and system, in ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Adds up the CPU time of what is run under it; what happens in between is not counted. */
export class Stopwatch {
  usedMs = 0
  /** Of the longest single piece that was asked about. */
  longestMs = 0

  /** Counts `work`. */
  run<T>(work: () => T): T {
    const before = cpuMs()
    const value = work()
    this.usedMs += cpuMs() - before
    return value
  }

  /** Counts `work` as a piece of its own. */
  piece<T>(work: () => T): T {
    const before = this.usedMs
    const value = this.run(work)
    this.longestMs = Math.max(this.longestMs, this.usedMs - before)
    return value
  }
}

const STEP_MS = 10
const MOST_STEPS = 200
/** A thread that only waits uses less in a step. */
const QUIET_CPU_MS = 0.5

/**
 * Garbage of what came before is collected now, so that nobody pays for it under the clock: also what threads of the
 * runtime still do of that when the call comes back.
 */
export function collectGarbage(): void {
  globalThis.gc?.()
  const nothing = new Int32Array(new SharedArrayBuffer(4))
  for (let step = 0, last = cpuMs(); step < MOST_STEPS; step++) {
    Atomics.wait(nothing, 0, 0, STEP_MS)
    const now = cpuMs()
    if (now - last < QUIET_CPU_MS) return
    last = now
  }
}

/** Bytes in use after a collection: objects and array buffers. Needs --expose-gc. */
export function bytesInUse(): number {
  if (!globalThis.gc) throw new Error('Memory can be measured with --expose-gc only.')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
