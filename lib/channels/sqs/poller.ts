/** Empties one queue into the index: a message is deleted when what it says is committed, and never sooner. */
import { setTimeout as wait } from 'node:timers/promises'
import { isDatabaseUnavailable } from '#lib/access/failure.ts'
import { readMessageBody } from '#lib/channels/message-body.ts'
import type { SetAside } from '#lib/channels/set-aside.ts'
import { type Delivery, type Taken, Unavailable } from '#lib/tickets/receive.ts'
import type { QueueClient, QueueMessage } from './queue.ts'

export interface Polling {
  queue: QueueClient
  /** One answer per delivery, committed when it resolves. */
  take(deliveries: Delivery[]): Promise<Taken[]>
  setAside(messages: SetAside[]): Promise<void>
  /** Hears of messages that came more than once and were taken now: they may have been set aside before. */
  settle(messageIds: string[]): Promise<void>
  /** Aborted when the queue is somebody else's, or the process ends. */
  signal: AbortSignal
  onProblem(error: unknown): void
  /** How long to wait after the first failure of a row, in ms; twice as long after each further one. */
  firstRetryMs?: number
}

const BATCH = 10
/** At once, while the queue is long. Each holds one connection to SQS; their events share transactions. */
const MAX_LANES = 10
/** SQS rarely fills a batch, even when many more are waiting. */
const MANY = 5
const LAST_RETRY_MS = 30_000
/** What fails this often for another reason than a database that is away will fail for ever. */
const TRIES = 3
/** A message that cannot be used is left to the queue's own dead letters. A queue without any would repeat it for days. */
const RECEIVES_WITHOUT_DEAD_LETTERS = 5
const ASK_FOR_DEAD_LETTERS_EVERY_MS = 60_000
/** Some stand-ins for SQS answer at once when they have nothing. */
const SHORTEST_WAIT_MS = 200

/** Resolves when `signal` is aborted and nothing is being worked on any more. */
export async function pollQueue(polling: Polling): Promise<void> {
  const { queue, signal, onProblem } = polling
  const retryMs = (failures: number) =>
    Math.min(LAST_RETRY_MS, (polling.firstRetryMs ?? 1_000) * 2 ** (failures - 1)) * (0.75 + Math.random() / 2)
  const rest = (ms: number) => wait(ms, undefined, { signal }).catch(() => {})
  const hasDeadLetters = rememberedFor(ASK_FOR_DEAD_LETTERS_EVERY_MS, async () => {
    // Whoever may not ask leaves the message where it is: that is never wrong.
    return queue.depth().then(
      (depth) => depth.deadLettersUrl !== null,
      () => true,
    )
  })

  let lanes = 0
  const running = new Set<Promise<void>>()
  const openLane = () => {
    lanes++
    const lane = walk().finally(() => running.delete(lane))
    running.add(lane)
  }
  /** Receives and works off, one batch after the other. A lane that finds nothing to do closes; the last one stays. */
  const walk = async () => {
    let failures = 0
    for (;;) {
      const began = performance.now()
      const messages = await queue.receive(BATCH, signal).catch((error: unknown) => {
        if (!signal.aborted) onProblem(error)
        return null
      })
      failures = messages === null ? failures + 1 : 0
      if (messages && messages.length > 0) {
        if (messages.length >= MANY && lanes < MAX_LANES && !signal.aborted) openLane()
        await workOff(messages)
      }
      const idle = !messages || messages.length === 0
      if (signal.aborted || (idle && lanes > 1)) {
        lanes--
        return
      }
      if (messages === null) await rest(retryMs(failures))
      else if (idle) await rest(Math.max(0, SHORTEST_WAIT_MS - (performance.now() - began)))
    }
  }

  const workOff = async (messages: readonly QueueMessage[]) => {
    const stopHiding = keepHidden(queue, messages, onProblem)
    try {
      const { readable, unreadable } = readAll(messages)
      // What cannot be used holds up nothing of what can.
      const [, refused] = await Promise.all([putAside(unreadable), takeAndRemove(readable)])
      const hopeless = [...unreadable, ...refused].filter(
        ({ message }) => message.receiveCount >= RECEIVES_WITHOUT_DEAD_LETTERS,
      )
      if (hopeless.length > 0 && !(await hasDeadLetters())) await remove(hopeless.map(({ message }) => message))
    } catch (error) {
      if (!signal.aborted) return onProblem(error)
      // Nobody else need wait until they become visible by themselves.
      await queue.extend(messages, 0).catch(() => {})
    } finally {
      stopHiding()
    }
  }

  /** Resolves with what the index refused, set aside. */
  const takeAndRemove = async (readable: readonly Readable[]): Promise<Refused[]> => {
    const answers = await takeAll(readable)
    const taken: QueueMessage[] = []
    const refused: Refused[] = []
    readable.forEach(({ message }, index) => {
      const answer = answers[index]
      if (!answer) throw new Error('The index gave fewer answers than it was given events.')
      if (answer.is === 'refused') refused.push({ message, reason: answer.reason })
      else taken.push(message)
    })
    const repeated = taken.filter(({ receiveCount }) => receiveCount > 1).map(({ messageId }) => messageId)
    // Before they are gone: afterwards nothing would bring it up again.
    if (repeated.length > 0) await untilDone(() => polling.settle(repeated))
    await Promise.all([putAside(refused), remove(taken)])
    return refused
  }

  const putAside = async (refused: readonly Refused[]) => {
    if (refused.length > 0) await untilDone(() => polling.setAside(refused.map(asSetAside)))
  }

  /** What is not deleted comes again, is known by then, and is deleted then. */
  const remove = async (messages: readonly QueueMessage[]) => {
    const failures = await queue.remove(messages)
    if (failures.length > 0) onProblem(new Error(`SQS did not delete ${failures.length}: ${failures[0]?.reason}`))
  }

  const takeAll = async (readable: readonly Readable[]): Promise<Taken[]> => {
    if (readable.length === 0) return []
    for (let failures = 1; ; failures++) {
      try {
        return await polling.take(readable.map(asDelivery))
      } catch (error) {
        signal.throwIfAborted()
        onProblem(error)
        if (failures >= TRIES && !willPass(error)) {
          // One event must not take the others down with it.
          if (readable.length > 1) return (await Promise.all(readable.map((one) => takeAll([one])))).flat()
          return [{ is: 'refused', reason: `it could not be stored: ${wordsOf(error)}` }]
        }
        await rest(retryMs(failures))
        signal.throwIfAborted()
      }
    }
  }

  /**
   * Messages in hand are kept and tried again while the database is away: receiving them anew would count, and a long
   * outage would send good events to the dead letters.
   */
  const untilDone = async (work: () => Promise<void>) => {
    for (let failures = 1; ; failures++) {
      try {
        return await work()
      } catch (error) {
        signal.throwIfAborted()
        onProblem(error)
        if (failures >= TRIES && !willPass(error)) throw error
        await rest(retryMs(failures))
        signal.throwIfAborted()
      }
    }
  }

  if (signal.aborted) return
  openLane()
  while (running.size > 0) await Promise.all(running)
}

interface Readable {
  message: QueueMessage
  envelope: unknown
}
interface Refused {
  message: QueueMessage
  reason: string
}

function readAll(messages: readonly QueueMessage[]): { readable: Readable[]; unreadable: Refused[] } {
  const readable: Readable[] = []
  const unreadable: Refused[] = []
  for (const message of messages) {
    const read = readMessageBody(message.body)
    if (read.ok) readable.push({ message, envelope: read.envelope })
    else unreadable.push({ message, reason: read.reason })
  }
  return { readable, unreadable }
}

function asDelivery({ message, envelope }: Readable): Delivery {
  return { channel: 'sqs', messageId: message.messageId, receivedAt: message.receivedAt, envelope }
}

function asSetAside({ message, reason }: Refused): SetAside {
  const { messageId, body, receiveCount, receivedAt } = message
  return { channel: 'sqs', messageId, reason, body, receiveCount, at: receivedAt }
}

/** Whether the same work can succeed later: it failed because the database was away or slow, not because of itself. */
function willPass(error: unknown): boolean {
  if (error instanceof Unavailable) return error.cause === undefined || isDatabaseUnavailable(error.cause)
  return isDatabaseUnavailable(error)
}

/** What it says, without what our door says of every failure. */
function wordsOf(error: unknown): string {
  const { message } = error instanceof Unavailable && error.cause instanceof Error ? error.cause : (error as Error)
  return message
}

/** Hides messages from everybody else for as long as it takes. Returns how to stop that. */
function keepHidden(queue: QueueClient, messages: readonly QueueMessage[], onProblem: (error: unknown) => void) {
  let asking = false
  const timer = setInterval(
    async () => {
      if (asking) return
      asking = true
      await queue.extend(messages, queue.visibilitySeconds).catch(onProblem)
      asking = false
    },
    (queue.visibilitySeconds * 1_000) / 3,
  )
  timer.unref()
  return () => clearInterval(timer)
}

function rememberedFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let asked = Number.NEGATIVE_INFINITY
  let answer: Promise<T> | undefined
  return () => {
    if (!answer || performance.now() - asked > ms) {
      asked = performance.now()
      answer = ask()
    }
    return answer
  }
}
