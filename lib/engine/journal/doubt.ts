/** Commits that may have happened or not. */
import { internalError } from '#lib/engine/wire/errors.ts'
import type { WrittenEntry } from './store.ts'
import type { Waiting } from './waiting.ts'

/** How long a caller whose commit has no known outcome waits for it to be found out. */
const PATIENCE_MS = 5_000

/** A commit whose outcome is not known. */
export interface DoubtfulCommit {
  entries: readonly WrittenEntry[]
  waiting: readonly Waiting[]
}

/** Tells those who wait for it that it is not known, after a while in which the journal may have told. */
export function boundPatience({ waiting }: DoubtfulCommit): void {
  setTimeout(() => {
    for (const { reject } of waiting) reject(internalError('Whether the command was stored is not known yet.'))
  }, PATIENCE_MS).unref()
}

/** Whether it happened: then the journal goes on with just its entries. */
export function happened({ entries }: DoubtfulCommit, tail: readonly WrittenEntry[]): boolean {
  return entries.every((entry, index) => isSame(entry, tail[index]))
}

function isSame(a: WrittenEntry, b: WrittenEntry | undefined): boolean {
  return b !== undefined && a.position === b.position && a.timeMs === b.timeMs && a.text === b.text
}

export function refuse(waiting: readonly Waiting[]): void {
  for (const { reject } of waiting) reject(internalError('The command could not be stored. Try again.'))
}
