/** An engine that can be killed: its journal, its snapshots, and what it answered, to be held against what a restored one says. */
import type { Command, Engine, EngineOptions, JournalEntry, Reply } from '#lib/engine/core/contract.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'

export class Simulation {
  engine: Engine
  readonly journal: JournalEntry[] = []
  /** The clock on the wall, which can be set back; the time of entries cannot. */
  wallMs: number
  readonly #options: EngineOptions
  readonly #answers: string[] = []
  readonly #snapshots: { position: number; text: string }[] = []
  #lastMs: number

  constructor(options: EngineOptions, startMs: number) {
    this.#options = options
    this.wallMs = startMs
    this.#lastMs = startMs
    this.engine = createEngine(options)
  }

  get timeMs(): number {
    return Math.max(this.#lastMs, this.wallMs)
  }

  apply(command: Command): { entry: JournalEntry; reply: Reply } {
    this.#lastMs = this.timeMs
    const entry = { position: this.journal.length + 1, timeMs: this.#lastMs, command }
    this.journal.push(structuredClone(entry))
    const reply = this.engine.apply(entry)
    this.#answers.push(JSON.stringify(reply))
    return { entry, reply }
  }

  /** Keeps what the engine would go on from. */
  save(): void {
    this.#snapshots.push({ position: this.journal.length, text: this.engine.snapshot() })
  }

  /**
   * The process ends without warning and another one takes over: from one of the snapshots, or from nothing, and the
   * journal after it. Throws when it does not tell exactly what the first one told, or is not exactly where that was.
   */
  crash(choose: (count: number) => number): void {
    const known = [null, ...this.#snapshots]
    const from = known[choose(known.length)] ?? null
    const restored = this.#restored(from)
    if (restored.snapshot() !== this.engine.snapshot())
      throw new Error(`restored from ${from?.position ?? 0}: other state`)
    if (restored.dueAtMs() !== this.engine.dueAtMs())
      throw new Error(`restored from ${from?.position ?? 0}: other plans`)
    this.engine = restored
  }

  /** Replays everything in a process of its own, as an audit would. */
  audit(): void {
    if (this.#restored(null).snapshot() !== this.engine.snapshot()) throw new Error('replayed whole: other state')
  }

  #restored(from: { position: number; text: string } | null): Engine {
    const engine = from ? createEngine(DEFAULT_OPTIONS, from.text) : createEngine(this.#options)
    const first = from?.position ?? 0
    this.journal.slice(first).forEach((entry, index) => {
      const told = JSON.stringify(engine.apply(structuredClone(entry)))
      const before = this.#answers[first + index]
      if (told !== before) throw new Error(`entry ${entry.position} was replayed as ${told} instead of ${before}`)
    })
    return engine
  }
}
