import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineEvent } from '#lib/engine/core/contract.ts'
import { type EventPlace, isAfter } from './event-place.ts'
import type { Outbox } from './store.ts'

const RETRY_MS = 500
/** Between two rows at least, unless one is full: a row costs the same for one event as for a hundred. */
const GAP_MS = 20
const FULL_ROW = 256

/**
 * Writes events behind the answers, in order, trying again for ever: they are in the journal already, so waiting costs
 * nothing but time. `onWritten` wakes the publisher.
 */
export class OutboxWriter {
  readonly #outbox: Outbox
  readonly #onWritten: () => void
  #pending: EngineEvent[] = []
  /** The last event that is stored; undefined while that is not known. */
  #last: EventPlace | null | undefined
  #writing: Promise<void> | null = null
  #writtenAtMs = 0
  #closed = false

  constructor(outbox: Outbox, onWritten: () => void) {
    this.#outbox = outbox
    this.#onWritten = onWritten
  }

  /** Events in journal order, after all that were added before. A replay adds what is stored already; that is left out. */
  add(events: readonly EngineEvent[]): void {
    const last = this.#last
    for (const event of events) if (!last || isAfter(event, last)) this.#pending.push(event)
    if (this.#pending.length > 0 && !this.#closed) this.#writing ??= this.#write()
  }

  /** Up to which position everything is stored, when `added` is the last one that was added. */
  storedThrough(added: number): number {
    const [first] = this.#pending
    return first ? first.position - 1 : added
  }

  /** Resolves when everything added so far is committed. False when the writer was closed before. */
  async written(): Promise<boolean> {
    while (this.#writing) await this.#writing
    return this.#pending.length === 0
  }

  /** Stops trying again. What is still pending comes back with the next replay. */
  close(): void {
    this.#closed = true
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0 && !this.#closed) {
      const gapMs = this.#writtenAtMs + GAP_MS - performance.now()
      if (gapMs > 0 && this.#pending.length < FULL_ROW) await sleep(gapMs)
      else await new Promise(setImmediate) // the rest of this turn's events join
      try {
        if (this.#last === undefined) {
          await this.#leaveOutStored()
          continue
        }
        const count = await this.#outbox.write(this.#pending)
        this.#last = this.#pending[count - 1] ?? this.#last
        this.#pending.splice(0, count)
        this.#writtenAtMs = performance.now()
        if (count > 0) this.#onWritten()
      } catch (error) {
        this.#last = undefined // the row may be there all the same
        console.error(`Events could not be stored, trying again: ${(error as Error).message}`)
        await sleep(RETRY_MS)
      }
    }
    this.#writing = null
  }

  async #leaveOutStored(): Promise<void> {
    const last = await this.#outbox.last()
    this.#last = last
    if (last) this.#pending = this.#pending.filter((event) => isAfter(event, last))
  }
}
