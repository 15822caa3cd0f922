/**
 * The whole run of this engine as one file, to be replayed or imported elsewhere.
 *
 *   GET /lab/run   application/jsonl: a header, every journal entry from the first on, a digest of the events
 *
 * The run goes on meanwhile; the file ends with the last entry before the call. 409 NotReadyException while another
 * export is under way, 410 NotFoundException when the journal does not reach back to its first entry any more.
 */
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import type { WrittenEntry } from '#lib/engine/journal/store.ts'
import { exportRun } from '#lib/engine/run/export-run.ts'
import type { Shell } from '#lib/engine/shell.ts'
import { WireError } from '#lib/engine/wire/errors.ts'
import type { PlainRoute } from '#lib/engine/wire/server.ts'

export function runRoute(shell: Pick<Shell, 'position' | 'entries'>): PlainRoute {
  let exporting = false

  async function* oneAtATime(through: number): AsyncGenerator<string> {
    if (exporting) throw new Error('Another export began in the meantime.')
    exporting = true
    try {
      yield* exportRun(shell.entries(), through, DEFAULT_OPTIONS)
    } finally {
      exporting = false
    }
  }

  return {
    method: 'GET',
    path: '/lab/run',
    async answer() {
      // Each takes the memory of one more engine.
      if (exporting) throw new WireError('NotReadyException', 'Another export of the run is under way.', 409)
      const through = shell.position
      if (through > 0) await requireWhole(shell.entries())
      return { status: 200, contentType: 'application/jsonl', stream: oneAtATime(through) }
    },
  }
}

/** A journal in memory forgets what a long run began with. */
async function requireWhole(entries: AsyncIterable<WrittenEntry>): Promise<void> {
  try {
    for await (const _first of entries) return
  } catch (error) {
    throw new WireError('NotFoundException', `The run cannot be exported: ${(error as Error).message}`, 410)
  }
}
