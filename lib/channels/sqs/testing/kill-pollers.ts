import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { PollerProcessInput } from './poller-process.ts'
import type { TestQueue } from './test-queue.ts'

const SCRIPT = path.resolve('lib/channels/sqs/testing/poller-process.ts')
const AT_MOST_MS = 120_000

/**
 * Lets processes empty the queue and kills each after a random while, `kills` times; the last one finishes. `more` is
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
    await wait(50 + Math.random() * 600)
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
