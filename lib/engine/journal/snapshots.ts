import type { Engine } from '#lib/engine/core/contract.ts'
import type { EventSink } from './recover.ts'
import type { JournalStore } from './store.ts'

const ENTRIES_BETWEEN = 5_000

/** Keeps a replay short: takes a snapshot every so many entries, one at a time, behind everybody's back. */
export class Snapshots {
  readonly #store: Pick<JournalStore, 'saveSnapshot'>
  readonly #outbox: EventSink
  readonly #entriesBetween: number
  #takenAt = 0
  #taking: Promise<void> | null = null

  constructor(store: Pick<JournalStore, 'saveSnapshot'>, outbox: EventSink, entriesBetween = ENTRIES_BETWEEN) {
    this.#store = store
    this.#outbox = outbox
    this.#entriesBetween = entriesBetween
  }

  startFrom(position: number): void {
    this.#takenAt = position
  }

  /** Called after every commit with the place the engine is at. */
  offer(engine: Engine, position: number, timeMs: number): void {
    if (this.#taking || position - this.#takenAt < this.#entriesBetween) return
    this.#taking = this.#take(engine, position, timeMs).finally(() => {
      this.#taking = null
    })
  }

  /** The state as it is now, after whatever snapshot is under way. */
  async takeLast(engine: Engine, position: number, timeMs: number): Promise<void> {
    await this.#taking
    if (position > this.#takenAt) await this.#take(engine, position, timeMs)
  }

  /** The events come first: a recovery from the snapshot never meets the entries that brought them. */
  async #take(engine: Engine, position: number, timeMs: number): Promise<void> {
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
