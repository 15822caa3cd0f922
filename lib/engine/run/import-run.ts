import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import type { EntryGroup, HeldJournal, JournalStore } from '#lib/engine/journal/store.ts'
import { type ReplayedRun, replayRun } from './replay-run.ts'
import { RunRefused, readRun } from './run-file.ts'

/** The session of an engine that was just killed lives on for a moment. */
const PATIENCE_MS = 1_500
const MOST_COMMANDS = 1_000
const MOST_CHARACTERS = 1024 * 1024

/** The engine has a run of its own already. */
export class NotEmpty extends Error {
  override name = 'NotEmpty'
}

/**
 * Makes the run of a file the run of an engine that has none. The engine must not have started: its start replays what
 * was imported, and its events go out to its targets with the ids they had.
 *
 * `open` gives the lines from the first on, twice: once to live the run and check its end, then to write it, all or
 * nothing. Throws NotEmpty, RunRefused, or HeldElsewhere.
 */
export async function importRun(store: JournalStore, open: () => AsyncIterable<string>): Promise<ReplayedRun> {
  const held = await store.hold({ patienceMs: PATIENCE_MS, onLost: () => {} })
  try {
    await requireEmpty(store, held)
    const run = await replayRun(open())
    requireSameStart(run)
    await held.appendAll(groupsOf(open()))
    return run
  } finally {
    await held.release()
  }
}

async function requireEmpty(store: JournalStore, held: HeldJournal): Promise<void> {
  const first = await held.entriesAfter(0)[Symbol.asyncIterator]().next()
  if (first.done && !(await hasSnapshot(store))) return
  throw new NotEmpty('The engine has a run already; a run can only be imported into an empty engine.')
}

async function hasSnapshot({ snapshots }: JournalStore): Promise<boolean> {
  for await (const _ of snapshots?.newestFirst() ?? []) return true
  return false
}

/** A start from the journal begins with the options of this engine, which no entry tells. */
function requireSameStart({ options, engineVersion }: ReplayedRun): void {
  for (const [name, value] of Object.entries(DEFAULT_OPTIONS)) {
    const theirs = JSON.stringify(options[name as keyof typeof options])
    if (theirs === JSON.stringify(value)) continue
    throw new RunRefused(
      1,
      `the run began with ${name} ${theirs}, this engine begins with ${JSON.stringify(value)}; the run (of engine ` +
        `${engineVersion}) can be replayed, not imported.`,
    )
  }
}

/** As commits would have grouped them: entries of one time, as many as one commit may have. */
async function* groupsOf(lines: AsyncIterable<string>): AsyncGenerator<EntryGroup> {
  let group = { position: 1, timeMs: 0, commands: [] as string[] }
  let characters = 0
  for await (const { part } of readRun(lines)) {
    if (!('entry' in part)) continue
    const { position, timeMs, text } = part.entry
    const full = group.commands.length === MOST_COMMANDS || characters >= MOST_CHARACTERS
    if (group.commands.length > 0 && (full || timeMs !== group.timeMs)) {
      yield group
      group = { position, timeMs, commands: [] }
      characters = 0
    }
    group.timeMs = timeMs
    group.commands.push(text)
    characters += text.length
  }
  if (group.commands.length > 0) yield group
}
