/** How the queues of an environment stand, for a person who looks. */
import type { Environment } from '#lib/environments/environment.ts'
import type { QueueStateView } from '#lib/tickets/views.ts'
import type { sqsQueue } from './client.ts'

type OpenQueue = (environment: Environment, queueUrl: string) => ReturnType<typeof sqsQueue>

/** However many look at once, SQS is asked this often at most. */
const KEPT_MS = 3_000

interface Asked {
  environment: string
  queue: ReturnType<typeof sqsQueue>
  at: number
  answer: Promise<QueueStateView>
}

/** Answers are kept for a moment, and clients until their environment is edited. */
export function createQueueStates(openQueue: OpenQueue): (environment: Environment) => Promise<QueueStateView[]> {
  const asked = new Map<string, Asked>()

  return (environment) => {
    const keys = new Set(environment.channels.sqs.map(({ queueUrl }) => keyOf(environment, queueUrl)))
    for (const [key, { environment: name, queue }] of asked) {
      if (name !== environment.name || keys.has(key)) continue
      queue.close()
      asked.delete(key)
    }
    return Promise.all(
      environment.channels.sqs.map(({ queueUrl }) => {
        const key = keyOf(environment, queueUrl)
        const before = asked.get(key)
        if (before && performance.now() - before.at < KEPT_MS) return before.answer
        const queue = before?.queue ?? openQueue(environment, queueUrl)
        const answer = stateOf(queueUrl, queue)
        asked.set(key, { environment: environment.name, queue, at: performance.now(), answer })
        return answer
      }),
    )
  }
}

async function stateOf(queueUrl: string, queue: ReturnType<typeof sqsQueue>): Promise<QueueStateView> {
  const name = queueUrl.slice(queueUrl.lastIndexOf('/') + 1)
  try {
    const { visible, inFlight, hasDeadLetters } = await queue.depth()
    return { queueUrl, name, waiting: visible, inHand: inFlight, hasDeadLetters, problem: null }
  } catch (error) {
    return { queueUrl, name, waiting: null, inHand: null, hasDeadLetters: null, problem: problemWords(error as Error) }
  }
}

function problemWords({ name, message }: Error): string {
  if (/NonExistentQueue|QueueDoesNotExist/.test(name)) return 'SQS knows no such queue.'
  if (/AccessDenied|Unauthorized|UnrecognizedClient|ExpiredToken|InvalidClientTokenId|Credentials/.test(name)) {
    return `SQS does not let Matchdesk look at it: ${message}`
  }
  return `SQS could not be asked: ${message}`
}

function keyOf({ name, revision }: Environment, queueUrl: string): string {
  return `${name} ${revision} ${queueUrl}`
}
