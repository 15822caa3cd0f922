/**
 * What an engine keeps and where: its journal, the snapshots that shorten a replay, and the outbox of events to deliver.
 * PostgreSQL is behind it (postgres-store.ts); an engine that may be thrown away can keep everything elsewhere.
 */
import type { EngineEvent, JournalEntry } from '#lib/engine/core/contract.ts'
import type { EventPlace } from './event-place.ts'

export interface JournalStore {
  /**
   * Takes the journal for this process alone. One that is taken is tried again for `patienceMs`. `onLost` is called once
   * if it is lost later. Throws HeldElsewhere with who has it.
   */
  hold(how: { patienceMs: number; onLost(error: Error): void }): Promise<HeldJournal>
  /** Entries after `position`, in order and without a gap: throws at one. Needs no hold: a run can be read by anyone. */
  entriesAfter(position: number): AsyncIterable<WrittenEntry>
  /** null where nothing outlives the process. */
  readonly snapshots: SnapshotStore | null
  readonly outbox: Outbox
}

/** What shortens a replay. A snapshot may be stored once the outbox holds every event up to it: no replay brings them again. */
export interface SnapshotStore {
  /** One after the other, since each can be large. */
  newestFirst(): AsyncIterable<Snapshot>
  /** Throws when the journal is not that of the engine that asks for it, or does not reach so far. */
  save(snapshot: Snapshot): Promise<void>
  /**
   * Makes the snapshot after entry `through` from the journal, beside the engine, and stores it. Rejects when that cannot
   * be done now, and when `signal` ends it.
   */
  makeAside(through: number, signal: AbortSignal): Promise<void>
}

/** The journal while it is ours. After `onLost` nothing can be appended through it any more. */
export interface HeldJournal {
  /**
   * Commits the whole group or nothing of it, before this resolves. Throws NotStored when nothing of it was stored for
   * certain; after any other error it may be committed or not, and only `entriesAfter` of a new hold can tell.
   */
  append(group: EntryGroup): Promise<void>
  /** Commits all groups or, when one of them cannot be read or stored, none. For a run that comes from elsewhere. */
  appendAll(groups: AsyncIterable<EntryGroup>): Promise<void>
  /** As of this hold: what is missing here is not on its way either. */
  entriesAfter(position: number): AsyncIterable<WrittenEntry>
  /** Gives the journal back. Never throws. */
  release(): Promise<void>
}

/** Commands that are committed together, at one time. */
export interface EntryGroup {
  /** Of the first command; the others follow without a gap. */
  position: number
  timeMs: number
  /** Commands as JSON text, one line each. */
  commands: readonly string[]
}

/** An entry with its command as it stands in the journal. */
export interface WrittenEntry extends JournalEntry {
  text: string
}

/** The whole state after `position`. */
export interface Snapshot {
  position: number
  timeMs: number
  state: string
}

/** Another engine has the journal. */
export class HeldElsewhere extends Error {
  override name = 'HeldElsewhere'
}

/** Nothing of what should have been committed was. */
export class NotStored extends Error {
  override name = 'NotStored'
}

/** Events to deliver, and how far each target has been served. */
export interface Outbox {
  /** The last event it holds; null when it holds none. */
  last(): Promise<EventPlace | null>
  /** Stores the first of the events, which follow `last()`. How many; after an error only `last()` can tell. */
  write(events: readonly EngineEvent[]): Promise<number>
  /** The next events after a place, in order: a bounded number of them, none at the end. */
  after(place: EventPlace): Promise<EngineEvent[]>
  /** Removes a bounded step of the events up to `through` that are older than `beforeMs`. Says whether there may be more. */
  prune(through: EventPlace, beforeMs: number): Promise<boolean>
  /** The target's cursor. A target seen for the first time starts at the oldest event that is still kept. */
  registerTarget(name: string, url: string): Promise<EventPlace>
  /** Never moves back, whoever calls late. */
  advanceTarget(name: string, place: EventPlace): Promise<void>
  /** Keeps an event that its target will never take, so that the next ones get their turn. */
  setAside(refused: RefusedEvent): Promise<void>
}

export interface RefusedEvent extends EventPlace {
  target: string
  eventId: string
  reason: string
  envelope: string
}
