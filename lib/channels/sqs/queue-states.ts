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
  /** Opened when the queue has said where they are. */
  dead: ReturnType<typeof sqsQueue> | null
  at: number
  answer: Promise<QueueStateView>
}

/** Answers are kept for a moment, and clients until their environment is edited. */
export function createQueueStates(openQueue: OpenQueue): (environment: Environment) => Promise<QueueStateView[]> {
  const asked = new Map<string, Asked>()

  return (environment) => {
    const keys = new Set(environment.channels.sqs.map(({ queueUrl }) => keyOf(environment, queueUrl)))
    for (const [key, { environment: name, queue, dead }] of asked) {
      if (name !== environment.name || keys.has(key)) continue
      queue.close()
      dead?.close()
      asked.delete(key)
    }
    return Promise.all(
      environment.channels.sqs.map(({ queueUrl }) => {
        const key = keyOf(environment, queueUrl)
        const before = asked.get(key)
        if (before && performance.now() - before.at < KEPT_MS) return before.answer
        const one: Omit<Asked, 'answer'> = {
          environment: environment.name,
          queue: before?.queue ?? openQueue(environment, queueUrl),
          dead: before?.dead ?? null,
          at: performance.now(),
        }
        const answer = stateOf(queueUrl, one, (deadUrl) => openQueue(environment, deadUrl))
        asked.set(key, Object.assign(one, { answer }))
        return answer
      }),
    )
  }
}

async function stateOf(
  queueUrl: string,
  asked: Omit<Asked, 'answer'>,
  open: (queueUrl: string) => ReturnType<typeof sqsQueue>,
): Promise<QueueStateView> {
  const name = queueUrl.slice(queueUrl.lastIndexOf('/') + 1)
  const unknown = { waiting: null, inHand: null, hasDeadLetters: null, deadLetters: null }
  try {
    const { visible, inFlight, deadLettersUrl } = await asked.queue.depth()
    const known = { waiting: visible, inHand: inFlight, hasDeadLetters: deadLettersUrl !== null, problem: null }
    if (deadLettersUrl === null) return { queueUrl, name, ...known, deadLetters: null }
    asked.dead ??= open(deadLettersUrl)
    // Whoever may read the queue need not be allowed to look at its dead letters.
    const deadLetters = await asked.dead.depth().then(
      (depth) => depth.visible,
      () => null,
    )
    return { queueUrl, name, ...known, deadLetters }
  } catch (error) {
    return { queueUrl, name, ...unknown, problem: problemWords(error as Error) }
  }
}

/** Why SQS could not be asked, for a person. */
export function problemWords({ name, message }: Error): string {
  if (/NonExistentQueue|QueueDoesNotExist/.test(name)) return 'SQS knows no such queue.'
  if (/AccessDenied|Unauthorized|UnrecognizedClient|ExpiredToken|InvalidClientTokenId|Credentials/.test(name)) {
    return `SQS does not let Matchdesk look at it: ${message}`
  }
  return `SQS could not be asked: ${message}`
}

function keyOf({ name, revision }: Environment, queueUrl: string): string {
  return `${name} ${revision} ${queueUrl}`
}
