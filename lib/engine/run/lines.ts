import { RunRefused } from './run-file.ts'

/** No command is near this long; what is must not be held in memory to find out. */
const MOST_BYTES = 16 * 1024 * 1024
const LINE_FEED = 10

/**
 * The lines of a file, split at line feeds alone: a command may hold any other separator that Unicode has. Throws
 * RunRefused for a line without an end and for bytes that are no UTF-8.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let line = 1
  let pieces: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield textOf([...pieces, chunk.subarray(start, end)], line)
      line++
      start = end + 1
      pieces = []
      bytes = 0
    }
    pieces.push(chunk.subarray(start))
    bytes += chunk.length - start
    if (bytes > MOST_BYTES) throw new RunRefused(line, `it is longer than ${MOST_BYTES} bytes.`)
  }
  if (bytes > 0) yield textOf(pieces, line)
}

function textOf(pieces: readonly Uint8Array[], line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces))
  } catch {
    throw new RunRefused(line, 'it has bytes that are no UTF-8 text.')
  }
}
