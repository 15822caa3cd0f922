import { refusalsOf } from '#lib/channels/refusals.ts'
import { resultOf, setAside, settleSetAside } from '#lib/channels/set-aside.ts'
import { MOST_AT_ONCE, type RedriveResult } from '#lib/channels/set-aside-inputs.ts'
import type { Db } from '#lib/db/pool.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { QueueTiming, sqsQueue } from './client.ts'
import { problemWords } from './queue-states.ts'

const BATCH = 10
/** Somebody waits for the answer. */
const AT_MOST_MS = 20_000
/** Longer than it takes: what is refused again must not come twice in one go. */
const TIMING: QueueTiming = { waitSeconds: 1, visibilitySeconds: 60 }

/**
 * Takes what a queue has put away among its dead letters, and deletes there what the index has then. What is refused
 * again is set aside and stays. Safe to repeat.
 */
export async function drain(
  db: Db,
  environment: Environment,
  queueUrl: string,
  open: (environment: Environment, queueUrl: string, timing?: QueueTiming) => ReturnType<typeof sqsQueue>,
): Promise<RedriveResult> {
  const { deadLettersUrl } = await using(open(environment, queueUrl), (queue) => queue.depth().catch(sayWhy))
  if (deadLettersUrl === null) throw new AppError('REFUSED', 'The queue has no dead letters.')
  return using(open(environment, deadLettersUrl, TIMING), async (dead) => {
    const deadline = performance.now() + AT_MOST_MS
    const outcomes: (string | null)[] = []
    while (outcomes.length < MOST_AT_ONCE && performance.now() < deadline) {
      const messages = await dead.receive(BATCH, AbortSignal.timeout(AT_MOST_MS)).catch(sayWhy)
      if (messages.length === 0) return resultOf(outcomes, false)
      const refusals = await refusalsOf(
        db,
        environment,
        messages.map((message) => ({ ...message, channel: 'sqs' })),
      )
      const refused = messages.flatMap(({ messageId, body, receiveCount, receivedAt: at }, index) => {
        const reason = refusals[index] ?? null
        return reason === null ? [] : [{ channel: 'sqs' as const, messageId, reason, body, receiveCount, at }]
      })
      await setAside(db, environment.name, refused)
      const taken = messages.filter((_, index) => refusals[index] === null)
      await settleSetAside(
        db,
        environment.name,
        'sqs',
        taken.map(({ messageId }) => messageId),
      )
      // What is not deleted comes again, and is known then.
      await dead.remove(taken)
      outcomes.push(...refusals)
    }
    return resultOf(outcomes, true)
  })
}

function sayWhy(error: Error): never {
  throw new AppError('REFUSED', `${problemWords(error)} What was taken before that stays taken.`, { cause: error })
}

async function using<T>(
  queue: ReturnType<typeof sqsQueue>,
  work: (queue: ReturnType<typeof sqsQueue>) => Promise<T>,
): Promise<T> {
  try {
    return await work(queue)
  } finally {
    queue.close()
  }
}
