import type { Engine, EngineEvent, JournalEntry, Reply } from '#lib/engine/core/contract.ts'
import type { JournalStore } from './store.ts'

/** Events kept in memory before the replay waits for the outbox. */
const EVENTS_AHEAD = 10_000

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
  snapshotPosition: number
  replayedEntries: number
}

/** The newest snapshot and every entry after it. Events go to the outbox again, which keeps those it lacks. */
export async function recover(
  store: Pick<JournalStore, 'newestSnapshot' | 'entriesAfter'>,
  create: EngineFactory,
  outbox: EventSink,
): Promise<Recovered> {
  const snapshot = await store.newestSnapshot()
  const engine = snapshot ? create(snapshot.state) : create()
  let { position, timeMs } = snapshot ?? { position: 0, timeMs: 0 }
  let ahead = 0
  for await (const entry of store.entriesAfter(position)) {
    const { events } = applyEntry(engine, entry)
    outbox.add(events)
    ahead += events.length
    if (ahead > EVENTS_AHEAD) {
      await outbox.written()
      ahead = 0
    }
    position = entry.position
    timeMs = entry.timeMs
  }
  const snapshotPosition = snapshot?.position ?? 0
  return { engine, position, timeMs, snapshotPosition, replayedEntries: position - snapshotPosition }
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
