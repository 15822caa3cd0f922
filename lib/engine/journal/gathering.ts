import { setTimeout as sleep } from 'node:timers/promises'
import type { WaitingCommands } from './waiting.ts'

/** A commit costs about as much as ten commands, so one after a busy commit waits for those that follow its answers. */
const GATHER_MS = 1
const BUSY_COMMANDS = 8

/** Lets those join the next commit who are about to ask. Whoever asks alone waits for nobody. */
export async function gather(waiting: WaitingCommands, lastCommit: number): Promise<void> {
  if (lastCommit > BUSY_COMMANDS) await sleep(GATHER_MS)
  const untilMs = performance.now() + GATHER_MS
  let count: number
  do {
    count = waiting.count
    await new Promise(setImmediate) // as long as each turn of the event loop brings more of them
  } while (waiting.count > count && performance.now() < untilMs)
}
