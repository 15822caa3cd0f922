/** CPU time of this process, user and system, in ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Runs `work` and says what it cost this process. Garbage of the set-up is collected before, where that is possible. */
export function measured<T>(work: () => T): { value: T; usedMs: number } {
  globalThis.gc?.()
  const before = cpuMs()
  const value = work()
  return { value, usedMs: cpuMs() - before }
}

/** Bytes in use after a collection: objects and array buffers. Needs --expose-gc. */
export function bytesInUse(): number {
  if (!globalThis.gc) throw new Error('Memory can be measured with --expose-gc only.')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
