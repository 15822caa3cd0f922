/**
 * Between the wire and the core: the only clock, the order of commands, and the rule that nothing is answered before it
 * is committed. Commands that arrive while a commit is under way go out together in the next one.
 */

import type { Db } from '#lib/db/pool.ts'
import {
  type Command,
  type Engine,
  type EngineOptions,
  type EngineOptionsPatch,
  type JournalEntry,
  type Operation,
  READ_OPERATIONS,
  type ReadOperation,
} from '#lib/engine/core/contract.ts'
import { type Clock, createClock } from './clock.ts'
import { appendEntries, readEntries, saveSnapshot, type WrittenEntry, wasTakenBack } from './journal/entries.ts'
import { type HeldConnection, HeldElsewhere, holdJournal, thisRun } from './journal/holder.ts'
import type { OutboxWriter } from './journal/outbox.ts'
import { applyEntry, type EngineFactory, recover } from './journal/recover.ts'
import { internalError, WireError } from './wire/errors.ts'

const READS: ReadonlySet<string> = new Set(READ_OPERATIONS)
/** One commit takes this much at most, give or take one command. */
const BATCH = { commands: 1_000, characters: 4 * 1024 * 1024 }
/** Beyond this callers are told to come back later: what waits here is held in memory. */
const WAITING = { commands: 10_000, characters: 64 * 1024 * 1024 }
const SNAPSHOT_EVERY = 5_000
/** The session of an engine that was just killed lives on for a moment. */
const START_PATIENCE_MS = 1_500
/** How long a caller whose commit has no known outcome waits for it to be found out. */
const DOUBT_PATIENCE_MS = 5_000
const RECONNECT_MS = { first: 50, most: 2_000 }
/** Between two ticks at least: work that is left due at once must not keep everybody else waiting. */
const TICK_GAP_MS = 5
const FAILED_TICK_GAP_MS = 1_000
const MAX_TIMER_MS = 2 ** 31 - 1

type Outcome = ReturnType<typeof applyEntry>
interface Waiting {
  command: Command
  text: string
  resolve(outcome: Outcome): void
  reject(error: Error): void
}
interface Batch {
  entries: WrittenEntry[]
  waiting: Waiting[]
}

export interface ShellOptions {
  databaseUrl: string
  db: Db
  outbox: OutboxWriter
  createEngine: EngineFactory
  /** The engine can never write again: another one has the database. */
  onSuperseded(error: Error): void
  snapshotEvery?: number
  /** For tests: time is passed in. */
  createClock?: (lastMs: number) => Clock
}

export class Shell {
  readonly #options: ShellOptions
  readonly #run = thisRun()
  #state: 'starting' | 'running' | 'disconnected' | 'stopping' = 'starting'
  #failing = 'journal: not read yet'
  #held: HeldConnection | null = null
  #engine: Engine | null = null
  #clock: Clock = createClock(0)
  #position = 0
  #timeMs = 0
  #snapshotPosition = 0
  #snapshotting: Promise<void> | null = null
  #waiting: Waiting[] = []
  #waitingCharacters = 0
  #draining: Promise<void> | null = null
  #inDoubt: Batch | null = null
  #timer: NodeJS.Timeout | undefined
  #ticking = false

  constructor(options: ShellOptions) {
    this.#options = options
  }

  /** Takes the database for this process alone. Throws HeldElsewhere with who has it. */
  async hold(): Promise<void> {
    this.#held = await this.#connect(START_PATIENCE_MS)
  }

  /** Brings the state back from the journal and begins to take commands. */
  async start(): Promise<{ position: number; replayedEntries: number }> {
    const { db, outbox, createEngine } = this.#options
    const recovered = await recover(db, createEngine, outbox)
    this.#engine = recovered.engine
    this.#position = recovered.position
    this.#timeMs = recovered.timeMs
    this.#snapshotPosition = recovered.snapshotPosition
    this.#clock = (this.#options.createClock ?? createClock)(recovered.timeMs)
    if (this.#state === 'disconnected') throw new Error(`The database was lost during the start. ${this.#failing}`)
    this.#state = 'running'
    this.#scheduleTick()
    return recovered
  }

  /** null when commands are taken; otherwise what stands in the way. */
  failing(): string | null {
    return this.#state === 'running' ? null : this.#failing
  }

  get options(): Readonly<EngineOptions> {
    return this.#present().options
  }
  get position(): number {
    return this.#position
  }

  /** Runs one validated operation. Throws Refusal for a documented error, WireError when the engine cannot answer now. */
  async execute(operation: Operation, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    if (isRead(operation)) return this.#present().read(operation, input, this.#clock.nowMs())
    return this.#submit({ operation, input })
  }

  /** Journaled like any command, so that a replay sees the options of the time. Throws Refusal for a wrong one. */
  async setOptions(patch: EngineOptionsPatch): Promise<void> {
    await this.#submit({ operation: 'SetOptions', input: patch })
  }

  /** Finishes what was taken, keeps the state, gives the database back. */
  async stop(): Promise<void> {
    const wasRunning = this.#state === 'running'
    this.#state = 'stopping'
    this.#failing = 'the engine is stopping'
    clearTimeout(this.#timer)
    await this.#draining
    this.#refuseWaiting(this.#unavailable())
    if (wasRunning && this.#engine) await this.#snapshot(this.#engine)
    await this.#held?.release()
  }

  #present(): Engine {
    if (!this.#engine) throw this.#unavailable()
    return this.#engine
  }

  async #submit(command: Command): Promise<Record<string, unknown>> {
    if (this.#state !== 'running') throw this.#unavailable()
    if (this.#waiting.length >= WAITING.commands || this.#waitingCharacters >= WAITING.characters) {
      throw new WireError('ThrottlingException', 'Rate exceeded')
    }
    const text = JSON.stringify(command)
    const outcome = await new Promise<Outcome>((resolve, reject) => {
      this.#waiting.push({ command, text, resolve, reject })
      this.#waitingCharacters += text.length
      this.#draining ??= this.#drain()
    })
    if (outcome.ok) return outcome.output
    throw 'refusal' in outcome ? outcome.refusal : internalError('An internal error occurred.')
  }

  async #drain(): Promise<void> {
    await null // the other commands of this turn join the same commit
    while (this.#waiting.length > 0 && (this.#state === 'running' || this.#state === 'stopping') && !this.#inDoubt) {
      await this.#flush(this.#takeWaiting(BATCH))
    }
    this.#draining = null
  }

  #takeWaiting(limit: { commands: number; characters: number }): Waiting[] {
    let characters = 0
    let count = 0
    while (count < limit.commands && characters < limit.characters) {
      const next = this.#waiting[count]
      if (!next) break
      characters += next.text.length
      count++
    }
    this.#waitingCharacters -= characters
    return this.#waiting.splice(0, count)
  }

  async #flush(waiting: Waiting[]): Promise<void> {
    const timeMs = Math.max(this.#timeMs, this.#clock.nowMs())
    const first = this.#position + 1
    const entries = waiting.map(({ command, text }, index) => ({ position: first + index, timeMs, command, text }))
    const held = this.#held
    try {
      if (!held) throw new Error('There is no connection to the database.')
      await appendEntries(held.client, entries)
    } catch (error) {
      if (wasTakenBack(error) || !held) {
        console.error(`${entries.length} commands could not be journaled: ${(error as Error).message}`)
        for (const { reject } of waiting) reject(internalError('The command could not be stored. Try again.'))
      } else {
        // It may be committed or not. Nothing else is written until the journal itself has told.
        this.#doubt({ entries, waiting })
        this.#lost(held, error as Error)
      }
      return
    }
    this.#apply(entries, waiting)
  }

  #apply(entries: readonly JournalEntry[], waiting: readonly Waiting[]): void {
    const engine = this.#present()
    entries.forEach((entry, index) => {
      const outcome = applyEntry(engine, entry)
      this.#position = entry.position
      this.#timeMs = entry.timeMs
      this.#options.outbox.add(outcome.events)
      waiting[index]?.resolve(outcome)
    })
    this.#scheduleTick()
    if (this.#position - this.#snapshotPosition >= (this.#options.snapshotEvery ?? SNAPSHOT_EVERY)) {
      void this.#snapshot(engine)
    }
  }

  #scheduleTick(afterMs = 1): void {
    if (this.#ticking || this.#state !== 'running' || !this.#engine) return
    clearTimeout(this.#timer)
    const due = this.#engine.dueAtMs()
    if (due === null) return
    const delayMs = Math.min(Math.max(due - this.#clock.nowMs(), afterMs), MAX_TIMER_MS)
    this.#timer = setTimeout(() => void this.#tick(), delayMs)
  }

  async #tick(): Promise<void> {
    const due = this.#engine?.dueAtMs() ?? null
    if (due === null || due > this.#clock.nowMs()) return this.#scheduleTick()
    this.#ticking = true
    let afterMs = TICK_GAP_MS
    try {
      await this.#submit({ operation: 'Tick' })
    } catch (error) {
      if (this.#state === 'running') console.error(`A tick failed: ${(error as Error).message}`)
      afterMs = FAILED_TICK_GAP_MS
    }
    this.#ticking = false
    this.#scheduleTick(afterMs)
  }

  /** One at a time. The events come first: a recovery from the snapshot never meets them again. */
  #snapshot(engine: Engine): Promise<void> {
    this.#snapshotting ??= this.#takeSnapshot(engine)
      .catch((error: Error) => console.error(`No snapshot at ${this.#position}: ${error.message}`))
      .finally(() => {
        this.#snapshotting = null
      })
    return this.#snapshotting
  }

  async #takeSnapshot(engine: Engine): Promise<void> {
    const position = this.#position
    if (position === this.#snapshotPosition) return
    const snapshot = { position, timeMs: this.#timeMs, state: engine.snapshot() }
    if (!(await this.#options.outbox.written())) return
    await saveSnapshot(this.#options.db, snapshot)
    this.#snapshotPosition = position
  }

  async #connect(patienceMs: number): Promise<HeldConnection> {
    const held: HeldConnection = await holdJournal(this.#options.databaseUrl, this.#run, {
      patienceMs,
      onLost: (error) => this.#lost(held, error),
    })
    return held
  }

  /** No more writes from here on. With the session the lock is gone, so somebody else may be the engine by now. */
  #lost(held: HeldConnection, error: Error): void {
    if (this.#held !== held || this.#state === 'stopping') return
    console.error(`The database connection of the journal was lost: ${error.message}`)
    this.#held = null
    const starting = this.#state === 'starting'
    this.#state = 'disconnected'
    this.#failing = `database: ${error.message}`
    clearTimeout(this.#timer)
    void held.release()
    this.#refuseWaiting(this.#unavailable())
    if (!starting) void this.#reconnect()
  }

  #doubt(batch: Batch): void {
    this.#inDoubt = batch
    setTimeout(() => {
      for (const { reject } of batch.waiting) reject(internalError('Whether the command was stored is not known yet.'))
    }, DOUBT_PATIENCE_MS).unref()
  }

  async #reconnect(): Promise<void> {
    for (
      let waitMs = RECONNECT_MS.first;
      this.#state === 'disconnected';
      waitMs = Math.min(waitMs * 2, RECONNECT_MS.most)
    ) {
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      try {
        const held = await this.#connect(0)
        this.#held = held
        await this.#draining // a commit that was under way has to say first that it is in doubt
        await this.#catchUp(held)
        if (this.#held !== held) continue
        this.#state = 'running'
        this.#scheduleTick()
        console.error(`The database is back; the journal continues after entry ${this.#position}.`)
        return
      } catch (error) {
        if (error instanceof HeldElsewhere) {
          this.#failing = error.message
          this.#options.onSuperseded(error)
          return
        }
        this.#failing = `database: ${(error as Error).message}`
      }
    }
  }

  /** What the journal holds beyond our state is the truth, whoever wrote it. A batch in doubt is in there or it is not. */
  async #catchUp(held: HeldConnection): Promise<void> {
    const tail: WrittenEntry[] = []
    for await (const entry of readEntries(held.client, this.#position)) tail.push(entry)
    const doubt = this.#inDoubt
    const ours = doubt?.entries.every((entry, index) => sameEntry(entry, tail[index])) ?? false
    this.#inDoubt = null
    if (doubt && !ours)
      for (const { reject } of doubt.waiting) reject(internalError('The command could not be stored. Try again.'))
    this.#apply(tail, ours && doubt ? doubt.waiting : [])
  }

  #refuseWaiting(error: Error): void {
    const everything = { commands: Number.POSITIVE_INFINITY, characters: Number.POSITIVE_INFINITY }
    for (const { reject } of this.#takeWaiting(everything)) reject(error)
  }

  #unavailable(): WireError {
    return internalError(`The engine cannot answer now: ${this.#failing}.`)
  }
}

function isRead(operation: Operation): operation is ReadOperation {
  return READS.has(operation)
}

function sameEntry(a: WrittenEntry, b: WrittenEntry | undefined): boolean {
  return b !== undefined && a.position === b.position && a.timeMs === b.timeMs && a.text === b.text
}
