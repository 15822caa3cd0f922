/** Ends the whole start once: what was begun last stops first, each part within its time. */
const PART_TIMEOUT_MS = 4_000

export interface Ending {
  /** True from the first reason to end on. */
  readonly begun: boolean
  /** Adds a part to stop, before all that were added earlier. */
  last(name: string, stop: () => Promise<void>): void
  /**
   * Stops everything and exits with `code`. The first reason is the one that is shown; later calls are ignored.
   * `farewell` is the last thing said, below whatever the parts had to say while they stopped.
   */
  end(code: number, reason?: unknown, farewell?: string): Promise<void>
}

export function createEnding(exit: (code: number) => void = (code) => process.exit(code)): Ending {
  const parts: { name: string; stop: () => Promise<void> }[] = []
  let begun = false
  return {
    get begun() {
      return begun
    },
    last(name, stop) {
      parts.unshift({ name, stop })
    },
    async end(code, reason, farewell) {
      if (begun) return
      begun = true
      if (reason !== undefined) console.error(reason)
      else console.log('\nStopping …')
      // A part added while we stop (the start was still going on) is taken too: hence not a plain loop over a copy.
      for (let part = parts.shift(); part; part = parts.shift()) await stopInTime(part)
      if (farewell) console.error(`\n${farewell}`)
      exit(code)
    },
  }
}

async function stopInTime({ name, stop }: { name: string; stop: () => Promise<void> }): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, PART_TIMEOUT_MS, `did not stop within ${PART_TIMEOUT_MS / 1000} s`)
  })
  const problem = await Promise.race([stop().then(() => null, String), tooLong])
  clearTimeout(timer)
  if (problem) console.error(`${name}: ${problem}`)
}
