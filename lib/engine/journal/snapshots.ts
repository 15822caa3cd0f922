import type { Engine } from '#lib/engine/core/contract.ts'
import type { EventSink } from './recover.ts'
import type { JournalStore } from './store.ts'

/** A replay of so many takes some seconds. Taking the state of a large pool holds everything up as well, so: seldom. */
const MOST_ENTRIES_BETWEEN = 250_000
/** Taken after so many entries already when nobody asked for anything for a while. */
const ENTRIES_BETWEEN_WHEN_QUIET = 5_000
const QUIET_MS = 15_000

interface Place {
  engine: Engine
  position: number
  timeMs: number
}

/** Keeps a replay short: takes a snapshot every so many entries, one at a time, behind everybody's back. */
export class Snapshots {
  readonly #store: Pick<JournalStore, 'saveSnapshot'>
  readonly #outbox: EventSink
  readonly #mostBetween: number
  readonly #betweenWhenQuiet: number
  #takenAt = 0
  #now: Place | null = null
  #quiet: NodeJS.Timeout | undefined
  #taking: Promise<void> | null = null

  constructor(store: Pick<JournalStore, 'saveSnapshot'>, outbox: EventSink, mostBetween = MOST_ENTRIES_BETWEEN) {
    this.#store = store
    this.#outbox = outbox
    this.#mostBetween = mostBetween
    this.#betweenWhenQuiet = Math.min(mostBetween, ENTRIES_BETWEEN_WHEN_QUIET)
  }

  startFrom(position: number): void {
    this.#takenAt = position
  }

  /** Called after every commit with the place the engine is at, and whether a caller asked for it. */
  offer(now: Place, asked: boolean): void {
    this.#now = now
    if (now.position - this.#takenAt >= this.#mostBetween) this.#begin()
    else if (this.#quiet === undefined) this.#quiet = setTimeout(() => this.#begin(), QUIET_MS).unref()
    else if (asked) this.#quiet.refresh()
  }

  /** The state as it is now, after whatever snapshot is under way. */
  async takeLast(now: Place): Promise<void> {
    clearTimeout(this.#quiet)
    await this.#taking
    if (now.position > this.#takenAt) await this.#take(now)
  }

  #begin(): void {
    const now = this.#now
    if (this.#taking || !now || now.position - this.#takenAt < this.#betweenWhenQuiet) return
    this.#taking = this.#take(now).finally(() => {
      this.#taking = null
    })
  }

  /** The events come first: a recovery from the snapshot never meets the entries that brought them. */
  async #take({ engine, position, timeMs }: Place): Promise<void> {
    try {
      const state = engine.snapshot()
      if (!(await this.#outbox.written())) return
      await this.#store.saveSnapshot({ position, timeMs, state })
      this.#takenAt = position
    } catch (error) {
      console.error(`No snapshot at entry ${position}: ${(error as Error).message}`)
    }
  }
}
