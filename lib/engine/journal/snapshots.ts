import type { Engine } from '#lib/engine/core/contract.ts'
import type { OutboxWriter } from './outbox.ts'
import type { SnapshotStore } from './store.ts'

/** A replay of so many takes some seconds. */
const MOST_ENTRIES_BETWEEN = 250_000
/** Made after so many entries already when nobody asked for anything for a while. */
const ENTRIES_BETWEEN_WHEN_QUIET = 5_000
const QUIET_MS = 15_000
/** A database that is full or away will not be better in a moment. */
const RETRY_MS = 60_000

interface Place {
  engine: Engine
  position: number
  timeMs: number
}

/** Keeps a replay short: has a snapshot made beside the engine every so many entries, one at a time. */
export class Snapshots {
  readonly #store: SnapshotStore | null
  readonly #outbox: OutboxWriter
  readonly #mostBetween: number
  readonly #betweenWhenQuiet: number
  readonly #stopping = new AbortController()
  #takenAt = 0
  #notBeforeMs = 0
  #position = 0
  #quiet: NodeJS.Timeout | undefined
  #making: Promise<void> | null = null

  constructor(store: SnapshotStore | null, outbox: OutboxWriter, mostBetween = MOST_ENTRIES_BETWEEN) {
    this.#store = store
    this.#outbox = outbox
    this.#mostBetween = mostBetween
    this.#betweenWhenQuiet = Math.min(mostBetween, ENTRIES_BETWEEN_WHEN_QUIET)
  }

  /** Where the last usable snapshot is; `isDue` when another is wanted however few entries follow it. */
  startFrom(position: number, isDue: boolean): void {
    this.#takenAt = isDue ? Number.NEGATIVE_INFINITY : position
  }

  /** Called after every commit with the place the engine is at, and whether a caller asked for it. */
  offer(position: number, asked: boolean): void {
    if (!this.#store) return
    this.#position = position
    if (position - this.#takenAt >= this.#mostBetween) this.#begin()
    else if (this.#quiet === undefined) this.#quiet = setTimeout(() => this.#begin(), QUIET_MS).unref()
    else if (asked) this.#quiet.refresh()
  }

  /** The state as it is now: nobody waits for an answer any more. */
  async takeLast({ engine, position, timeMs }: Place): Promise<void> {
    clearTimeout(this.#quiet)
    this.#stopping.abort()
    await this.#making
    if (!this.#store || position <= this.#takenAt) return
    try {
      const state = engine.snapshot()
      if (await this.#outbox.written()) await this.#store.save({ position, timeMs, state })
    } catch (error) {
      sayMissing(position, error as Error)
    }
  }

  /** Not beyond what the outbox holds: a recovery from the snapshot never meets the entries that brought the events. */
  #begin(): void {
    if (!this.#store || this.#making || performance.now() < this.#notBeforeMs) return
    const through = this.#outbox.storedThrough(this.#position)
    if (through === 0 || through - this.#takenAt < this.#betweenWhenQuiet) return
    this.#making = this.#make(this.#store, through).finally(() => {
      this.#making = null
    })
  }

  async #make(store: SnapshotStore, through: number): Promise<void> {
    try {
      await store.makeAside(through, this.#stopping.signal)
      this.#takenAt = through
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      this.#notBeforeMs = performance.now() + RETRY_MS
      sayMissing(through, error as Error)
    }
  }
}

function sayMissing(position: number, error: Error): void {
  console.error(`No snapshot at entry ${position}, so the next start replays more: ${error.message}`)
}
