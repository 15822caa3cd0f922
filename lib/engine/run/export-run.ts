import type { EngineOptions } from '#lib/engine/core/contract.ts'
import type { WrittenEntry } from '#lib/engine/journal/store.ts'
import { ENGINE_VERSION } from './engine-version.ts'
import { Replay } from './replay.ts'
import { endLine, entryLine, entrySum, headerLine, headerSum } from './run-file.ts'

const CHUNK_CHARACTERS = 64 * 1024

/**
 * The file of a run, in pieces: its entries from the first on `through` a position. `options` are those its engine began
 * with. The digest at its end is of the events that a replay gives, which is made on the way: it takes the memory of one
 * more engine and about the time of the run's own work.
 */
export async function* exportRun(
  entries: AsyncIterable<WrittenEntry>,
  through: number,
  options: EngineOptions,
): AsyncGenerator<string> {
  const replay = new Replay(options)
  const header = headerLine(ENGINE_VERSION, options)
  let sum = headerSum(header)
  let chunk = `${header}\n`
  if (through > 0) {
    for await (const entry of entries) {
      await replay.apply(entry)
      sum = entrySum(entry, sum)
      chunk += `${entryLine(entry, sum)}\n`
      if (chunk.length >= CHUNK_CHARACTERS) {
        yield chunk
        chunk = ''
      }
      if (entry.position === through) break
    }
  }
  yield `${chunk}${endLine({ entries: replay.entries, events: replay.events, eventsDigest: replay.eventsDigest() })}\n`
}
