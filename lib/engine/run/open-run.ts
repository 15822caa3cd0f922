import { createReadStream } from 'node:fs'
import { linesOf } from './lines.ts'

/** The lines of a run's file, from the first on at each call. What the file system throws comes while they are read. */
export function openRun(path: string): () => AsyncIterable<string> {
  return () => linesOf(createReadStream(path))
}
