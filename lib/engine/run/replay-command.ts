import { openRun } from './open-run.ts'
import { replayRun } from './replay-run.ts'
import { RunRefused } from './run-file.ts'

/** `args` are those of `matchdesk replay`. Ends the process: with 0 for the same end, 1 for a refused file, 2 for a slip. */
export async function runReplayCommand(args: readonly string[]): Promise<void> {
  const [file, ...others] = args
  if (file === undefined || file.startsWith('-') || others.length > 0) {
    console.error('Usage: matchdesk replay <file>, with a file that GET /lab/run of an engine gave.')
    process.exit(2)
  }
  try {
    const { entries, events, eventsDigest, stateDigest } = await replayRun(openRun(file)())
    console.log(`${file} comes to the same end: ${entries} entries, ${events} events.`)
    console.log(`events ${eventsDigest}\nstate  ${stateDigest}`)
  } catch (error) {
    console.error(runTrouble(file, error) ?? error)
    process.exit(1)
  }
}

/** What is wrong with the file of a run, in words; null when it is something else. */
export function runTrouble(file: string, error: unknown): string | null {
  if (error instanceof RunRefused) return `${file}: ${error.message}`
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' && syscall === 'open') return `There is no file ${file}.`
  return code === 'EISDIR' && syscall === 'read' ? `${file} is a folder, not the file of a run.` : null
}
