import { setImmediate as nextTurn } from 'node:timers/promises'
import { Refusal } from '#lib/engine/core/contract.ts'
import type { Clock } from './clock.ts'

/** The engine as its time control sees it. */
export interface TimedEngine {
  readonly clock: Clock
  /** Earliest time at which a Tick could change anything; null while nothing is pending. */
  dueAtMs(): number | null
  /** Commits and applies a Tick at the clock's time. Resolves with the number of events it brought. */
  tick(): Promise<number>
  /** The clock has changed: what is due next is looked at again. */
  clockChanged(): void
}

export interface ClockState {
  mode: 'running' | 'paused'
  nowMs: number
  /** When the next Tick is due; null while nothing is pending. */
  nextDueMs: number | null
}

export interface StepReport extends ClockState {
  ticks: number
  events: number
  /** Why the clock stopped before the time that was asked for; null when it got there. */
  cut: string | null
}

/** What one step may take. A later step goes on where it was cut. */
export interface StepLimits {
  ticks: number
  realMs: number
}
const LIMITS: StepLimits = { ticks: 100_000, realMs: 10_000 }
/** Others get their turn this often while a step is under way. */
const TURN_MS = 20
/** The last time whose ISO text has a year of four digits. */
export const LAST_TIME_MS = 253_402_300_799_999

/** Pauses, resumes and moves an engine's clock, one call after the other. */
export class TimeControl {
  readonly #engine: TimedEngine
  readonly #limits: StepLimits
  #last: Promise<unknown> = Promise.resolve()

  constructor(engine: TimedEngine, limits = LIMITS) {
    this.#engine = engine
    this.#limits = limits
  }

  state(): ClockState {
    const { clock } = this.#engine
    return { mode: clock.paused ? 'paused' : 'running', nowMs: clock.nowMs(), nextDueMs: this.#engine.dueAtMs() }
  }

  /** The clock stands, requests are answered at the standing time, and Ticks happen by stepping only. */
  pause(): Promise<ClockState> {
    return this.#inTurn(async () => {
      this.#engine.clock.pause()
      return this.state()
    })
  }

  /** The clock goes on from where it stands. */
  resume(): Promise<ClockState> {
    return this.#inTurn(async () => {
      this.#engine.clock.resume()
      this.#engine.clockChanged()
      return this.state()
    })
  }

  /** Moves the clock on by `ms`, or with null to the next time at which something is due (nowhere when nothing is). */
  step(ms: number | null): Promise<StepReport> {
    return this.#inTurn(async () => {
      const nowMs = this.#engine.clock.nowMs()
      const nextMs = Math.max(nowMs, this.#engine.dueAtMs() ?? nowMs)
      return this.#moveTo(ms === null ? nextMs : nowMs + ms)
    })
  }

  /** Moves the clock to a time. Throws Refusal for one that has passed. */
  runTo(timeMs: number): Promise<StepReport> {
    return this.#inTurn(() => this.#moveTo(timeMs))
  }

  /**
   * Every Tick that falls due on the way happens at its own due time, in order, and is committed before the next. A
   * running clock runs on from there.
   */
  async #moveTo(targetMs: number): Promise<StepReport> {
    const { clock } = this.#engine
    if (targetMs < clock.nowMs()) throw invalid(`The clock is at ${shown(clock.nowMs())} and never goes back.`)
    if (targetMs > LAST_TIME_MS) throw invalid(`The clock ends at ${shown(LAST_TIME_MS)}.`)
    const wasRunning = !clock.paused
    clock.pause()
    const done = await this.#tickUntil(targetMs).finally(() => {
      if (wasRunning) clock.resume()
      this.#engine.clockChanged()
    })
    return { ...this.state(), ...done }
  }

  async #tickUntil(targetMs: number): Promise<Pick<StepReport, 'ticks' | 'events' | 'cut'>> {
    const { clock } = this.#engine
    const startedMs = performance.now()
    let turnEndsMs = startedMs + TURN_MS
    let ticks = 0
    let events = 0
    for (;;) {
      const dueMs = this.#engine.dueAtMs()
      if (dueMs === null || dueMs > targetMs) {
        await this.#arriveAt(targetMs)
        return { ticks, events, cut: null }
      }
      const realMs = performance.now()
      const cut = this.#reached(ticks, realMs - startedMs, targetMs)
      if (cut !== null) return { ticks, events, cut }
      if (realMs > turnEndsMs) {
        await nextTurn()
        turnEndsMs = performance.now() + TURN_MS
      }
      clock.standAt(Math.max(dueMs, clock.nowMs()))
      events += await this.#engine.tick()
      ticks++
    }
  }

  /** With a Tick that nothing waits for, so that a restart does not go back before a time that was seen. */
  async #arriveAt(targetMs: number): Promise<void> {
    const { clock } = this.#engine
    if (clock.nowMs() === targetMs) return
    clock.standAt(targetMs)
    await this.#engine.tick()
  }

  #reached(ticks: number, realMs: number, targetMs: number): string | null {
    const limit =
      ticks >= this.#limits.ticks
        ? `${this.#limits.ticks} Ticks`
        : realMs >= this.#limits.realMs
          ? `${this.#limits.realMs} ms of real time`
          : null
    return limit && `Stopped after ${limit}, before ${shown(targetMs)}. Step again to go on.`
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }
}

function shown(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

function invalid(message: string): Refusal {
  return new Refusal('InvalidRequestException', message)
}
