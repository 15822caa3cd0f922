import { setTimeout as sleep } from 'node:timers/promises'
import { StartProblem, say } from './progress.ts'

const POLL_MS = 50
const ASK_TIMEOUT_MS = 5_000
const HEARTBEAT_MS = 10_000
const GIVE_UP_MS = 120_000

/** Resolves when `url` answers 200. Says every 10 s what it waits for; gives up after two minutes with the last answer. */
export async function waitUntilHealthy(name: string, url: string): Promise<void> {
  const startedAt = performance.now()
  let saidAt = startedAt
  for (;;) {
    const answer = await ask(url)
    if (answer === null) return
    const now = performance.now()
    if (now - startedAt > GIVE_UP_MS) {
      throw new StartProblem(`The ${name} is not ready after ${GIVE_UP_MS / 1000} s. ${url} says: ${answer}`)
    }
    if (now - saidAt > HEARTBEAT_MS) {
      say(`Waiting for the ${name}: ${answer}`)
      saidAt = now
    }
    await sleep(POLL_MS)
  }
}

/** null when healthy, else what was answered, in one line. */
async function ask(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) })
    if (response.status === 200) {
      await response.body?.cancel()
      return null
    }
    return `${response.status} ${(await response.text()).slice(0, 300)}`
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } }
    return cause?.code ?? message
  }
}
