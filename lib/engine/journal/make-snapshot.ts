import { type EngineFactory, type EventSink, type RecoverySource, recover } from './recover.ts'
import type { Snapshot } from './store.ts'

/** A snapshot is made of entries whose events the outbox holds already. */
const NOWHERE: EventSink = { add() {}, written: async () => true }

/**
 * The snapshot after entry `through`, which has to be committed: the newest stored one that is not after it, and the
 * journal's entries up to there. A replay is deterministic, so this is what the engine's own state was then.
 */
export async function makeSnapshot(source: RecoverySource, create: EngineFactory, through: number): Promise<Snapshot> {
  const { engine, position, timeMs } = await recover(source, create, NOWHERE, through)
  if (position !== through) throw new Error(`the journal ends at entry ${position}.`)
  return { position, timeMs, state: engine.snapshot() }
}
