/**
 * Between the wire and the core: the only clock, the order of commands, and the rule that nothing is answered before it
 * is committed. Commands that arrive while a commit is under way go out together in the next one.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Command,
  type Engine,
  type EngineOptions,
  type EngineOptionsPatch,
  type ForceCommand,
  type JournalEntry,
  type MatchingReport,
  type Operation,
  READ_OPERATIONS,
  type ReadOperation,
} from '#lib/engine/core/contract.ts'
import type { Explanation } from '#lib/engine/core/explain/explanation.ts'
import { type Clock, createClock } from './clock.ts'
import { boundPatience, type DoubtfulCommit, happened, refuse } from './journal/doubt.ts'
import { gather } from './journal/gathering.ts'
import type { OutboxWriter } from './journal/outbox.ts'
import { applyEntry, type EngineFactory, type Outcome, recover } from './journal/recover.ts'
import { Snapshots } from './journal/snapshots.ts'
import { HeldElsewhere, type HeldJournal, type JournalStore, NotStored, type WrittenEntry } from './journal/store.ts'
import { isTick, type Waiting, WaitingCommands } from './journal/waiting.ts'
import { TickTimer } from './tick-timer.ts'
import type { TimedEngine } from './time-control.ts'
import { internalError, type WireError } from './wire/errors.ts'

const READS: ReadonlySet<string> = new Set(READ_OPERATIONS)
/** The session of an engine that was just killed lives on for a moment. */
const START_PATIENCE_MS = 1_500
const RECONNECT_MS = { first: 50, most: 2_000 }

export interface ShellOptions {
  store: JournalStore
  outbox: OutboxWriter
  createEngine: EngineFactory
  /** The engine can never write again: another one has the database. */
  onSuperseded(error: Error): void
  snapshotEvery?: number
  /** For tests: time is passed in. */
  createClock?: (lastMs: number) => Clock
}

export class Shell implements TimedEngine {
  readonly #options: ShellOptions
  #state: 'starting' | 'running' | 'disconnected' | 'stopping' = 'starting'
  #failing = 'journal: not read yet'
  #held: HeldJournal | null = null
  #engine: Engine | null = null
  #clock: Clock = createClock(0)
  #position = 0
  #timeMs = 0
  readonly #snapshots: Snapshots
  readonly #waiting = new WaitingCommands()
  #draining: Promise<void> | null = null
  /** How many commands went out together the last time. */
  #lastCommit = 0
  /** Since the last Tick. */
  #wasAsked = false
  #inDoubt: DoubtfulCommit | null = null
  readonly #ticks = new TickTimer({
    dueAtMs: () => (this.#state === 'running' && this.#engine && !this.#clock.paused ? this.#engine.dueAtMs() : null),
    nowMs: () => this.#clock.nowMs(),
    wasAsked: () => this.#wasAsked,
    tick: async () => void (await this.tick()),
  })

  constructor(options: ShellOptions) {
    this.#options = options
    this.#snapshots = new Snapshots(options.store.snapshots, options.outbox, options.snapshotEvery)
  }

  /** Takes the database for this process alone. Throws HeldElsewhere with who has it. */
  async hold(): Promise<void> {
    this.#held = await this.#connect(START_PATIENCE_MS)
  }

  /** Brings the state back from the journal and begins to take commands. */
  async start(): Promise<{ position: number; replayedEntries: number }> {
    const { store, outbox, createEngine } = this.#options
    const recovered = await recover(store, createEngine, outbox)
    this.#engine = recovered.engine
    this.#position = recovered.position
    this.#timeMs = recovered.timeMs
    this.#snapshots.startFrom(recovered.snapshotPosition, recovered.needsSnapshot)
    this.#clock = (this.#options.createClock ?? createClock)(recovered.timeMs)
    if (this.#state === 'disconnected') throw new Error(`The database was lost during the start. ${this.#failing}`)
    this.#state = 'running'
    this.#ticks.reschedule()
    this.#snapshots.offer(this.#position, true)
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

  /** The whole state, as of `position`. */
  snapshot(): string {
    return this.#present().snapshot()
  }

  /** Runs one validated operation. Throws Refusal for a documented error, WireError when the engine cannot answer now. */
  execute(operation: Operation, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    return isRead(operation) ? this.#read(operation, input) : this.#submit({ operation, input })
  }

  async #read(operation: ReadOperation, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.#present().read(operation, input, this.#clock.nowMs())
  }

  /** How matching gets on, per configuration. */
  matching(): MatchingReport[] {
    return this.#present().matching()
  }

  /** Why a ticket waits. A read: nothing is journaled. Throws Refusal for an unknown ticket. */
  explain(ticketId: string, weighedTickets?: number): Explanation {
    return this.#present().explain(ticketId, this.#clock.nowMs(), weighedTickets)
  }

  /** Brings an outcome about at once and says what became of it. Throws Refusal where there is nothing to force. */
  async force(command: ForceCommand): Promise<Record<string, unknown>> {
    return this.#submit(command)
  }

  /** The whole run so far. Throws while it is read when the journal does not reach back to its first entry any more. */
  entries(): AsyncIterable<WrittenEntry> {
    return this.#options.store.entriesAfter(0)
  }

  /** Journaled like any command, so that a replay sees the options of the time. Throws Refusal for a wrong one. */
  async setOptions(patch: EngineOptionsPatch): Promise<void> {
    await this.#submit({ operation: 'SetOptions', input: patch })
  }

  get clock(): Clock {
    return this.#clock
  }
  dueAtMs(): number | null {
    return this.#present().dueAtMs()
  }
  async tick(): Promise<number> {
    this.#wasAsked = false
    const outcome = await this.#commit({ operation: 'Tick' })
    if (outcome.ok) return outcome.events.length
    throw internalError('A Tick failed; the log says why.')
  }
  clockChanged(): void {
    this.#ticks.reschedule()
  }

  /** Finishes what was taken, keeps the state, gives the database back. */
  async stop(): Promise<void> {
    const wasRunning = this.#state === 'running'
    this.#state = 'stopping'
    this.#failing = 'the engine is stopping'
    this.#ticks.stop()
    await this.#draining
    this.#waiting.refuseAll(this.#unavailable())
    if (wasRunning && this.#engine) {
      await this.#snapshots.takeLast({ engine: this.#engine, position: this.#position, timeMs: this.#timeMs })
    }
    await this.#held?.release()
  }

  #present(): Engine {
    if (!this.#engine) throw this.#unavailable()
    return this.#engine
  }

  async #submit(command: Command): Promise<Record<string, unknown>> {
    const outcome = await this.#commit(command)
    if (outcome.ok) return outcome.output
    throw 'refusal' in outcome ? outcome.refusal : internalError('An internal error occurred.')
  }

  #commit(command: Command): Promise<Outcome> {
    if (this.#state !== 'running') throw this.#unavailable()
    const committed = this.#waiting.add(command)
    this.#draining ??= this.#drain()
    return committed
  }

  async #drain(): Promise<void> {
    await gather(this.#waiting, this.#lastCommit)
    while (this.#waiting.count > 0 && (this.#state === 'running' || this.#state === 'stopping') && !this.#inDoubt) {
      await this.#flush(this.#waiting.takeBatch())
      if (this.#waiting.count > 0) await gather(this.#waiting, this.#lastCommit)
    }
    this.#draining = null
  }

  async #flush(waiting: Waiting[]): Promise<void> {
    this.#lastCommit = waiting.length
    const timeMs = Math.max(this.#timeMs, this.#clock.nowMs())
    const first = this.#position + 1
    const entries = waiting.map(({ command, text }, index) => ({ position: first + index, timeMs, command, text }))
    const held = this.#held
    try {
      if (!held) throw new Error('There is no connection to the database.')
      await held.append({ position: first, timeMs, commands: waiting.map(({ text }) => text) })
    } catch (error) {
      if (error instanceof NotStored || !held) {
        console.error(`${entries.length} commands could not be journaled: ${(error as Error).message}`)
        refuse(waiting)
      } else {
        // It may be committed or not. Nothing else is written until the journal itself has told.
        this.#inDoubt = { entries, waiting }
        boundPatience(this.#inDoubt)
        this.#lost(held, error as Error)
      }
      return
    }
    const calls = entries.filter((entry) => !isTick(entry)).length
    if (calls > 0) {
      this.#wasAsked = true
      this.#apply(entries.slice(0, calls), waiting)
    }
    if (calls === entries.length) return
    if (calls > 0) await new Promise(setImmediate) // the answers leave before the Tick takes its time
    this.#apply(entries.slice(calls), waiting.slice(calls))
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
    this.#ticks.reschedule()
    this.#snapshots.offer(this.#position, !entries.every(isTick))
  }

  async #connect(patienceMs: number): Promise<HeldJournal> {
    const held: HeldJournal = await this.#options.store.hold({
      patienceMs,
      onLost: (error) => this.#lost(held, error),
    })
    return held
  }

  /** No more writes from here on. With the session the lock is gone, so somebody else may be the engine by now. */
  #lost(held: HeldJournal, error: Error): void {
    if (this.#held !== held || this.#state === 'stopping') return
    console.error(`The database connection of the journal was lost: ${error.message}`)
    this.#held = null
    const wasRunning = this.#state === 'running' // otherwise the start fails by itself, or a reconnect is under way
    this.#state = 'disconnected'
    this.#failing = `database: ${error.message}`
    this.#ticks.stop()
    void held.release()
    this.#waiting.refuseAll(this.#unavailable())
    if (wasRunning) void this.#reconnect()
  }

  async #reconnect(): Promise<void> {
    let waitMs = RECONNECT_MS.first
    while (this.#state === 'disconnected') {
      await sleep(waitMs)
      waitMs = Math.min(waitMs * 2, RECONNECT_MS.most)
      try {
        await this.#takeBack()
      } catch (error) {
        void this.#held?.release() // our own session must not be what the next attempt waits for
        this.#held = null
        this.#failing = error instanceof HeldElsewhere ? error.message : `database: ${(error as Error).message}`
        if (error instanceof HeldElsewhere) return this.#options.onSuperseded(error)
      }
    }
  }

  /** Every step may be the one at which the connection breaks again or the engine is stopped. */
  async #takeBack(): Promise<void> {
    const held = await this.#connect(0)
    if (this.#state !== 'disconnected') return held.release()
    this.#held = held
    await this.#draining // a commit that was under way has to say first that it is in doubt
    await this.#catchUp(held)
    if (this.#held !== held || this.#state !== 'disconnected') return
    this.#state = 'running'
    this.#ticks.reschedule()
    console.error(`The database is back; the journal continues after entry ${this.#position}.`)
  }

  /** What the journal holds beyond our state is the truth, whoever wrote it. A batch in doubt is in there or it is not. */
  async #catchUp(held: HeldJournal): Promise<void> {
    const tail: WrittenEntry[] = []
    for await (const entry of held.entriesAfter(this.#position)) tail.push(entry)
    const doubt = this.#inDoubt
    const ours = doubt !== null && happened(doubt, tail)
    this.#inDoubt = null
    if (doubt && !ours) refuse(doubt.waiting)
    this.#apply(tail, ours ? doubt.waiting : [])
  }

  #unavailable(): WireError {
    return internalError(`The engine cannot answer now: ${this.#failing}.`)
  }
}

function isRead(operation: Operation): operation is ReadOperation {
  return READS.has(operation)
}
