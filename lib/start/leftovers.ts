/** What a killed start command leaves: its processes end by themselves, but it can take them a moment. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, type ProcessIdentity } from './pid-lock.mjs'
import { say } from './progress.ts'

const POLL_MS = 50
/** Longer than the tether of such a process waits before it gives up. */
const BY_THEMSELVES_MS = 6_000
const KILLED_MS = 2_000

/** Resolves when none of the processes runs any more; those that take too long are killed. */
export async function endLeftovers(processes: readonly ProcessIdentity[]): Promise<void> {
  if (await gone(processes, 200)) return
  say('Waiting for what an earlier start left behind')
  if (await gone(processes, BY_THEMSELVES_MS)) return
  for (const identity of processes) if (isRunning(identity)) process.kill(identity.pid, 'SIGKILL')
  await gone(processes, KILLED_MS)
}

async function gone(processes: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; processes.some(isRunning); await sleep(POLL_MS)) {
    if (Date.now() > deadline) return false
  }
  return true
}
