import { type EngineOptions, Refusal } from '#lib/engine/core/contract.ts'
import { DEFAULT_OPTIONS, mergeOptions } from '#lib/engine/core/options.ts'
import { ENGINE_VERSION } from './engine-version.ts'
import { Replay } from './replay.ts'
import { type RunEnd, type RunHeader, RunRefused, readRun } from './run-file.ts'

export interface ReplayedRun {
  /** Of the engine that wrote the file. */
  engineVersion: string
  /** What the run began with. */
  options: EngineOptions
  entries: number
  events: number
  eventsDigest: string
  stateDigest: string
}

/**
 * Lives a run again from its file and checks that it comes to the same end. Holds one engine in memory and never the file.
 * Throws RunRefused, with the line, for a file that is damaged or cut off and for a run that comes out differently here.
 */
export async function replayRun(lines: AsyncIterable<string>): Promise<ReplayedRun> {
  let began: { header: RunHeader; options: EngineOptions; replay: Replay } | undefined
  for await (const { line, part } of readRun(lines)) {
    if ('header' in part) {
      const options = optionsOf(part.header)
      began = { header: part.header, options, replay: new Replay(options) }
    } else if ('entry' in part) {
      await began?.replay.apply(part.entry)
    } else if (began) {
      checkEnd(began.replay, part.end, began.header, line)
    }
  }
  // readRun gives a header or throws.
  const { header, options, replay } = began!
  return {
    engineVersion: header.engineVersion,
    options,
    entries: replay.entries,
    events: replay.events,
    eventsDigest: replay.eventsDigest(),
    stateDigest: replay.stateDigest(),
  }
}

function optionsOf({ options }: RunHeader): EngineOptions {
  try {
    return mergeOptions(DEFAULT_OPTIONS, options)
  } catch (error) {
    if (error instanceof Refusal) throw new RunRefused(1, error.message)
    throw error
  }
}

function checkEnd(replay: Replay, end: RunEnd, { engineVersion: theirs }: RunHeader, line: number): void {
  const digest = replay.eventsDigest()
  if (replay.events === end.events && digest === end.eventsDigest) return
  throw new RunRefused(
    line,
    `the run comes to another end here: ${replay.events} events with digest ${digest}, where the file has ${end.events} ` +
      `with ${end.eventsDigest}. It was written by engine ${theirs}; this is ${ENGINE_VERSION}.`,
  )
}
