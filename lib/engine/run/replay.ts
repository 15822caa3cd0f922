import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EngineOptions, JournalEntry } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { applyEntry } from '#lib/engine/journal/recover.ts'

/** A replay may share its process with a living engine, whose requests must not wait for it. */
const SLICE_MS = 5

/** A new engine that lives a run again, and a running digest of what it says. */
export class Replay {
  readonly #engine
  readonly #digest = createHash('sha256')
  #sliceEndMs = performance.now() + SLICE_MS
  entries = 0
  events = 0

  constructor(options: EngineOptions) {
    this.#engine = createEngine(options)
  }

  async apply(entry: JournalEntry): Promise<void> {
    const { events } = applyEntry(this.#engine, entry)
    for (const event of events) this.#digest.update(`${JSON.stringify(event)}\n`)
    this.events += events.length
    this.entries++
    if (performance.now() < this.#sliceEndMs) return
    await nextTurn()
    this.#sliceEndMs = performance.now() + SLICE_MS
  }

  /** SHA-256 over every event so far, as JSON lines. */
  eventsDigest(): string {
    return this.#digest.copy().digest('hex')
  }

  /** SHA-256 over the state as it is now. */
  stateDigest(): string {
    return createHash('sha256').update(this.#engine.snapshot()).digest('hex')
  }
}
