import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Engine, EngineEvent, JournalEntry, Reply } from '#lib/engine/core/contract.ts'
import { isPresentFormat } from '#lib/engine/core/snapshot.ts'
import type { JournalStore, Snapshot, SnapshotStore } from './store.ts'

/** Events kept in memory before the replay waits for the outbox. */
const EVENTS_AHEAD = 10_000
/** Entries after which others get a turn: whoever asks how we are, or wants us to end. */
const ENTRIES_PER_TURN = 500

export type EngineFactory = (snapshot?: string) => Engine

/** Where a replay puts the events it meets again. */
export interface EventSink {
  add(events: readonly EngineEvent[]): void
  written(): Promise<boolean>
}

export interface Recovered {
  engine: Engine
  /** Position and time of the last entry applied; 0 for an empty journal. */
  position: number
  timeMs: number
  /** 0 when there was none. */
  snapshotPosition: number
  replayedEntries: number
  /** A snapshot stands in the way of the next recovery: not readable, or as an older engine wrote it. */
  needsSnapshot: boolean
}

export interface RecoverySource {
  snapshots: Pick<SnapshotStore, 'newestFirst'> | null
  entriesAfter: JournalStore['entriesAfter']
}

/**
 * The newest snapshot that can be read and every entry after it, up to entry `through`. Events go to the outbox again,
 * which keeps those it lacks. Throws when the journal has a gap or does not reach back to that snapshot.
 */
export async function recover(
  source: RecoverySource,
  create: EngineFactory,
  outbox: EventSink,
  through = Number.POSITIVE_INFINITY,
): Promise<Recovered> {
  const start = await newestReadable(source, create, through)
  const { engine, snapshotPosition, needsSnapshot } = start
  let { timeMs } = start
  let position = snapshotPosition
  let ahead = 0
  for await (const entry of source.entriesAfter(position)) {
    if (entry.position > through) break
    const { events } = applyEntry(engine, entry)
    outbox.add(events)
    ahead += events.length
    if (ahead > EVENTS_AHEAD) {
      await outbox.written()
      ahead = 0
    }
    position = entry.position
    timeMs = entry.timeMs
    if (position % ENTRIES_PER_TURN === 0) await nextTurn()
  }
  return { engine, position, timeMs, snapshotPosition, needsSnapshot, replayedEntries: position - snapshotPosition }
}

type Start = Pick<Recovered, 'engine' | 'timeMs' | 'snapshotPosition' | 'needsSnapshot'>

/** A snapshot only saves time: the journal's first entry, an empty engine, is always a place to start from. */
async function newestReadable({ snapshots }: RecoverySource, create: EngineFactory, through: number): Promise<Start> {
  let unreadable = false
  for await (const snapshot of snapshots?.newestFirst() ?? []) {
    const { position, timeMs, state } = snapshot
    if (position > through) continue
    const engine = readSnapshot(snapshot, create)
    if (engine) {
      return { engine, timeMs, snapshotPosition: position, needsSnapshot: unreadable || !isPresentFormat(state) }
    }
    unreadable = true
  }
  if (unreadable) console.error('No snapshot can be read: the state is made from the journal, from its first entry on.')
  return { engine: create(), timeMs: 0, snapshotPosition: 0, needsSnapshot: unreadable }
}

function readSnapshot({ position, state }: Snapshot, create: EngineFactory): Engine | null {
  try {
    return create(state)
  } catch (error) {
    console.error(`The snapshot at entry ${position} cannot be read, so more is replayed: ${(error as Error).message}`)
    return null
  }
}

/** What became of an entry: the core's reply, or that applying it met a bug. */
export type Outcome = Reply | { ok: false; failure: unknown; events: [] }

/**
 * Applies one committed entry. A core that throws has a bug; the entry stays committed, so the caller is told so and the
 * process lives on. A replay meets the same entry in the same state and ends up in the same place.
 */
export function applyEntry(engine: Engine, entry: JournalEntry): Outcome {
  try {
    return engine.apply(entry)
  } catch (failure) {
    console.error(`Journal entry ${entry.position} (${entry.command.operation}) could not be applied:`, failure)
    return { ok: false, failure, events: [] }
  }
}
