/**
 * A process beside the engine that makes one snapshot and ends (run-snapshot-process.ts starts it): making one of a large
 * pool takes seconds, in which the engine could answer nobody.
 */
import os from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPool } from '#lib/db/pool.ts'
import { createEngine } from '#lib/engine/core/engine.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import { readEntries } from './entries.ts'
import { makeSnapshot } from './make-snapshot.ts'
import type { SnapshotAnswer, SnapshotOrder } from './run-snapshot-process.ts'
import { readSnapshots, saveSnapshot } from './stored-snapshots.ts'

process.once('disconnect', () => process.exit(1)) // without its engine it is nobody's
process.once('message', async (order) => {
  const answer = await carryOut(order as SnapshotOrder)
  process.send?.(answer, () => process.exit(0))
})

async function carryOut({ databaseUrl, run, through }: SnapshotOrder): Promise<SnapshotAnswer> {
  try {
    giveWay()
    const db = openPool(databaseUrl, { name: 'engine snapshot', max: 2 })
    const snapshot = await makeSnapshot(
      {
        snapshots: { newestFirst: () => readSnapshots(db) },
        entriesAfter: (position) => atLeisure(readEntries(db, position)),
      },
      (state) => createEngine(DEFAULT_OPTIONS, state),
      through,
    )
    await saveSnapshot(db, run, snapshot)
    return { failure: null }
  } catch (error) {
    return { failure: (error as Error).message }
  }
}

const ENTRIES_AT_A_TIME = 200
const REST_TIMES = 3

/**
 * Works a quarter of the time. Low priority alone is not enough: the database that it reads from has the usual one, and
 * memory and caches know none.
 */
async function* atLeisure<T>(entries: AsyncIterable<T>): AsyncGenerator<T> {
  let beganMs = performance.now()
  let read = 0
  for await (const entry of entries) {
    yield entry
    if (++read % ENTRIES_AT_A_TIME !== 0) continue
    await sleep(REST_TIMES * (performance.now() - beganMs))
    beganMs = performance.now()
  }
}

/** Whoever waits for an answer goes first. */
function giveWay(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_LOW)
  } catch {
    // Not everywhere may a process lower its own priority; it is made all the same.
  }
}
