/**
 * A run as one file: every journal entry from the first on, as lines of JSON.
 *
 *   {"format":"matchdesk-run","formatVersion":1,"engineVersion":"0.1.0","options":{…}}      what the engine began with
 *   {"position":1,"timeMs":1767225600000,"crc32":2774351537,"command":{"operation":"SetOptions","input":{…}}}
 *   …                                                                                       one line per entry
 *   {"entries":1,"events":0,"eventsDigest":"e3b0…"}                                         SHA-256 over all events
 *
 * Rule sets, configurations and later options are commands among the others. The sum of an entry goes on from that of the
 * line before, over its position, its time and its command as written: a damaged line is found where it is, before
 * anything is made of it.
 */
import { crc32 } from 'node:zlib'
import type { EngineOptions, EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import type { WrittenEntry } from '#lib/engine/journal/store.ts'

const FORMAT = 'matchdesk-run'
const FORMAT_VERSION = 1
/** `s`: a command may hold what Unicode calls a separator of lines. */
const ENTRY = /^\{"position":(\d{1,15}),"timeMs":(\d{1,15}),"crc32":(\d{1,10}),"command":(\{.*\})\}$/s

export interface RunHeader {
  engineVersion: string
  /** Those the engine began with; older files lack what was added later. */
  options: EngineOptionsPatch
}
export interface RunEnd {
  entries: number
  events: number
  eventsDigest: string
}
export type RunPart = { header: RunHeader } | { entry: WrittenEntry } | { end: RunEnd }

/** The file cannot be relied on. Lines count from 1. */
export class RunRefused extends Error {
  override name = 'RunRefused'
  readonly line: number
  constructor(line: number, reason: string) {
    super(`Line ${line}: ${reason}`)
    this.line = line
  }
}

export function headerLine(engineVersion: string, options: EngineOptions): string {
  return JSON.stringify({ format: FORMAT, formatVersion: FORMAT_VERSION, engineVersion, options })
}

export function headerSum(line: string): number {
  return crc32(line)
}

export function entrySum({ position, timeMs, text }: Omit<WrittenEntry, 'command'>, sumBefore: number): number {
  return crc32(`${position} ${timeMs} ${text}`, sumBefore)
}

/** `sum`: the entry's, from the sum of the line before. */
export function entryLine({ position, timeMs, text }: WrittenEntry, sum: number): string {
  return `{"position":${position},"timeMs":${timeMs},"crc32":${sum},"command":${text}}`
}

export function endLine({ entries, events, eventsDigest }: RunEnd): string {
  return JSON.stringify({ entries, events, eventsDigest })
}

/** The parts of a whole file with the line each is on: header, entries, end. Throws RunRefused. */
export async function* readRun(lines: AsyncIterable<string>): AsyncGenerator<{ line: number; part: RunPart }> {
  let line = 0
  let sum = 0
  let last = { position: 0, timeMs: 0 }
  let ended = false
  for await (const text of lines) {
    line++
    if (ended) throw new RunRefused(line, 'something follows the end of the run.')
    if (line === 1) {
      yield { line, part: { header: readHeader(text) } }
      sum = headerSum(text)
    } else if (text.startsWith('{"entries":')) {
      yield { line, part: { end: readEnd(text, line, last.position) } }
      ended = true
    } else {
      const { entry, written } = readEntry(text, line)
      sum = entrySum(entry, sum)
      if (sum !== written) throw new RunRefused(line, `${damaged(entry.position)}: the sum does not agree.`)
      last = follow(last, entry, line)
      yield { line, part: { entry } }
    }
  }
  if (!ended) throw new RunRefused(line + 1, 'the file is cut off here; the end of the run is missing.')
}

/** Nothing but the first entry vouches for the header. */
function damaged(position: number): string {
  return position === 1 ? 'the header or entry 1 is damaged' : `entry ${position} is damaged`
}

function readHeader(text: string): RunHeader {
  const header = json(text)
  if (header?.format !== FORMAT)
    throw new RunRefused(1, `this is no run: it does not begin with {"format":"${FORMAT}".`)
  if (header.formatVersion !== FORMAT_VERSION) {
    throw new RunRefused(1, `the format has version ${header.formatVersion}; this engine reads ${FORMAT_VERSION}.`)
  }
  const { engineVersion, options } = header
  if (typeof engineVersion !== 'string' || typeof options !== 'object' || options === null) {
    throw new RunRefused(1, 'engineVersion or options are missing.')
  }
  return { engineVersion, options }
}

function readEntry(text: string, line: number): { entry: WrittenEntry; written: number } {
  const [, position = '', timeMs = '', sum = '', command = ''] = ENTRY.exec(text) ?? []
  const parsed = json(command)
  if (typeof parsed?.operation !== 'string')
    throw new RunRefused(line, 'this is no journal entry, or only a part of one.')
  const entry = { position: Number(position), timeMs: Number(timeMs), command: parsed as never, text: command }
  return { entry, written: Number(sum) }
}

function follow(last: { position: number; timeMs: number }, { position, timeMs }: WrittenEntry, line: number) {
  if (position !== last.position + 1) {
    throw new RunRefused(line, `entry ${position} follows entry ${last.position}; lines are missing or out of order.`)
  }
  if (timeMs < last.timeMs) throw new RunRefused(line, `entry ${position} is earlier than the entry before it.`)
  return { position, timeMs }
}

function readEnd(text: string, line: number, entriesBefore: number): RunEnd {
  const { entries, events, eventsDigest } = json(text) ?? {}
  if (typeof events !== 'number' || typeof eventsDigest !== 'string') {
    throw new RunRefused(line, 'the end of the run is damaged.')
  }
  if (entries !== entriesBefore) {
    throw new RunRefused(line, `the run has ${entries} entries, but ${entriesBefore} came before this line.`)
  }
  return { entries: entriesBefore, events, eventsDigest }
}

function json(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as never) : null
  } catch {
    return null
  }
}
