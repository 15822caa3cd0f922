import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { PollerProcessInput } from './poller-process.ts'
import type { TestQueue } from './test-queue.ts'

const SCRIPT = path.resolve('lib/channels/sqs/testing/poller-process.ts')
const AT_MOST_MS = 120_000
const MOST_LOOKS = 2_000
/** About as long as a process has messages in hand. */
const BUSY_MS = 100

/**
 * Lets processes empty the queue and kills each while it has some of it in hand, `kills` times; the last one finishes. `more` is
 * called before each, to send what there is to do. Throws when the queue is not empty in the end.
 */
export async function killPollers(
  queue: TestQueue,
  input: PollerProcessInput,
  kills: number,
  more: () => void,
): Promise<void> {
  const begin = async (): Promise<ChildProcess> => {
    const child = fork(SCRIPT, [JSON.stringify(input)], {
      env: { ...process.env, AWS_ENDPOINT_URL_SQS: queue.endpoint },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await once(child, 'message')
    return child
  }
  const end = async (child: ChildProcess) => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  for (let killed = 0; killed < kills; killed++) {
    more()
    const child = await begin()
    for (let looks = 0; looks < MOST_LOOKS && queue.left().inFlight.length === 0; looks++) await wait(1)
    await wait(Math.random() * BUSY_MS)
    await end(child)
  }
  const last = await begin()
  const deadline = performance.now() + AT_MOST_MS
  try {
    for (;;) {
      const { waiting, inFlight } = queue.left()
      if (waiting.length + inFlight.length === 0) return
      if (performance.now() > deadline)
        throw new Error(`Left: ${waiting.length} waiting, ${inFlight.length} in flight.`)
      await wait(100)
    }
  } finally {
    await end(last)
  }
}
