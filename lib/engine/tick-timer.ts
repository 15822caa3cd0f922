const FAILED_TICK_GAP_MS = 1_000
const MAX_TIMER_MS = 2 ** 31 - 1
/**
 * What a tick leaves due waits so many times as long as the tick took, up to a limit. While requests come, most of the
 * time is theirs: callers who wait for answers keep few connections, and with half of the time they would fall behind.
 */
const PAUSES = { asked: { times: 3, mostMs: 20 }, quiet: { times: 1, mostMs: 10 } }

export interface TickSource {
  /** null while time could change nothing, or while no tick may run. */
  dueAtMs(): number | null
  nowMs(): number
  /** Whether anybody has sent a request since the last tick. */
  wasAsked(): boolean
  /** Lets time do its work. Rejects when it could not be journaled. */
  tick(): Promise<void>
}

/**
 * Calls `tick` when something falls due, and never otherwise. One tick at a time. Work that a tick leaves due goes on after
 * a pause, so that everybody else has their turn.
 */
export class TickTimer {
  readonly #source: TickSource
  #timer: NodeJS.Timeout | undefined
  #turn: NodeJS.Immediate | undefined
  #ticking = false

  constructor(source: TickSource) {
    this.#source = source
  }

  /** Looks again at what is due next: to be called after every change. */
  reschedule(afterMs = 0): void {
    if (this.#ticking) return
    this.stop()
    const due = this.#source.dueAtMs()
    if (due === null) return
    const delayMs = Math.min(Math.max(due - this.#source.nowMs(), afterMs), MAX_TIMER_MS)
    if (delayMs > 0) this.#timer = setTimeout(() => void this.#strike(), delayMs)
    else this.#turn = setImmediate(() => void this.#strike())
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#turn)
  }

  async #strike(): Promise<void> {
    const due = this.#source.dueAtMs()
    if (due === null || due > this.#source.nowMs()) return this.reschedule()
    this.#ticking = true
    const { times, mostMs } = this.#source.wasAsked() ? PAUSES.asked : PAUSES.quiet
    const beganMs = performance.now()
    let gapMs = 0
    try {
      await this.#source.tick()
      gapMs = Math.min(Math.floor(times * (performance.now() - beganMs)), mostMs)
    } catch (error) {
      console.error(`A tick failed: ${(error as Error).message}`)
      gapMs = FAILED_TICK_GAP_MS
    }
    this.#ticking = false
    this.reschedule(gapMs)
  }
}
