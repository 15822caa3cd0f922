import type { Db } from '#lib/db/pool.ts'
import { appendAllGroups, appendGroup, readEntries } from './entries.ts'
import { insertEvents, lastEvent, pruneEvents, readEvents } from './events.ts'
import { holdJournal, thisRun } from './holder.ts'
import { runSnapshotProcess } from './run-snapshot-process.ts'
import type { JournalStore } from './store.ts'
import { readSnapshots, saveSnapshot } from './stored-snapshots.ts'
import { advanceTarget, registerTarget, setAside } from './targets.ts'

/** The store in the migrated database of `databaseUrl`. `db` is a pool of the same database; the caller ends it. */
export function createPostgresStore(databaseUrl: string, db: Db): JournalStore {
  const run = thisRun()
  return {
    async hold(how) {
      const { client, release } = await holdJournal(databaseUrl, run, how)
      return {
        append: (group) => appendGroup(client, group),
        appendAll: (groups) => appendAllGroups(client, groups),
        entriesAfter: (position) => readEntries(client, position),
        release,
      }
    },
    entriesAfter: (position) => readEntries(db, position),
    snapshots: {
      newestFirst: () => readSnapshots(db),
      save: (snapshot) => saveSnapshot(db, run.id, snapshot),
      makeAside: (through, signal) => runSnapshotProcess({ databaseUrl, run: run.id, through }, signal),
    },
    outbox: {
      last: () => lastEvent(db),
      write: (events) => insertEvents(db, events),
      after: (place) => readEvents(db, place),
      prune: (through, beforeMs) => pruneEvents(db, through, beforeMs),
      registerTarget: (name, url) => registerTarget(db, name, url),
      advanceTarget: (name, place) => advanceTarget(db, name, place),
      setAside: (refused) => setAside(db, refused),
    },
  }
}
