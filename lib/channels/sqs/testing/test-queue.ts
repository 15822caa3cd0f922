/** A queue with dead letters on a real SQS-compatible server in memory, and a proxy before it that can spoil its answers. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startFauxqs } from 'fauxqs'
import { sqsQueue } from '#lib/channels/sqs/client.ts'

const REGION = 'eu-central-1'
const WITH_TEST_KEYS = { accessKeyId: 'test', secretAccessKey: 'test' }

export interface TestQueue {
  queueUrl: string
  /** For AWS_ENDPOINT_URL_SQS of another process. */
  endpoint: string
  /** A client of the real kind, through the proxy. */
  client(visibilitySeconds?: number, of?: string): ReturnType<typeof sqsQueue>
  send(bodies: readonly string[], to?: 'events' | 'dead'): void
  /** What is in the queue, and what it has put away. */
  left(): { waiting: string[]; inFlight: string[]; dead: string[] }
  /** Dead letters that somebody has received. */
  deadInFlight(): string[]
  /** How many messages were deleted, extended, and refused to be deleted. */
  counts: { removed: number; extended: number; notRemoved: number; received: number }
  /** The access keys that calls were signed with. */
  signedWith: Set<string>
  /** From now on, every n-th deletion fails. 0: none. */
  failEveryNthRemoval(n: number): void
  stop(): Promise<void>
}

/** `maxReceiveCount` null: a queue without dead letters. */
export async function startTestQueue(maxReceiveCount: number | null = 3): Promise<TestQueue> {
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false, defaultRegion: REGION })
  const dead = server.createQueue('dead', { region: REGION })
  const policy = { deadLetterTargetArn: dead.queueArn, maxReceiveCount }
  const { queueUrl } = server.createQueue('events', {
    region: REGION,
    attributes: maxReceiveCount === null ? {} : { RedrivePolicy: JSON.stringify(policy) },
  })
  const counts = { removed: 0, extended: 0, notRemoved: 0, received: 0 }
  const signedWith = new Set<string>()
  let failEvery = 0
  let asked = 0

  const proxy = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target'])
    signedWith.add(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'nobody')
    let body = await bodyOf(request)
    const failed: object[] = []
    if (target.endsWith('.DeleteMessageBatch')) {
      const call = JSON.parse(body) as { Entries: { Id: string }[] }
      const kept = call.Entries.filter(({ Id }) => {
        asked++
        if (failEvery === 0 || asked % failEvery !== 0) return true
        failed.push({ Id, SenderFault: false, Code: 'InternalError', Message: 'Try again.' })
        return false
      })
      counts.removed += kept.length
      counts.notRemoved += failed.length
      body = JSON.stringify({ ...call, Entries: kept })
      if (kept.length === 0) return void response.end(JSON.stringify({ Successful: [], Failed: failed }))
    }
    if (target.endsWith('.ChangeMessageVisibilityBatch')) counts.extended++
    const { host: _, 'content-length': __, ...headers } = request.headers
    const stopped = new AbortController()
    response.on('close', () => stopped.abort())
    try {
      const answer = await fetch(`http://127.0.0.1:${server.port}${request.url}`, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body,
        signal: stopped.signal,
      })
      let text = await answer.text()
      if (failed.length > 0) text = JSON.stringify({ ...JSON.parse(text), Failed: failed })
      if (target.endsWith('.ReceiveMessage')) counts.received += (JSON.parse(text).Messages ?? []).length
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(text)
    } catch {
      response.destroy()
    }
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const clients: { close(): void }[] = []

  return {
    queueUrl,
    endpoint,
    counts,
    signedWith,
    client(visibilitySeconds = 60, of = queueUrl) {
      // The one way a stand-in for AWS comes in, here as in the product.
      process.env.AWS_ENDPOINT_URL_SQS = endpoint
      const client = sqsQueue(
        { queueUrl: of, region: REGION, credentials: WITH_TEST_KEYS },
        { visibilitySeconds, waitSeconds: 2 },
      )
      clients.push(client)
      return client
    },
    send(bodies, to = 'events') {
      for (const body of bodies) server.sendMessage(to, body, { region: REGION })
    },
    left() {
      const { ready, inflight } = messagesOf(server.inspectQueue('events'))
      return {
        waiting: ready.map(({ body }) => body),
        inFlight: inflight.map(({ message }) => message.body),
        dead: messagesOf(server.inspectQueue('dead')).ready.map(({ body }) => body),
      }
    },
    deadInFlight: () => messagesOf(server.inspectQueue('dead')).inflight.map(({ message }) => message.body),
    failEveryNthRemoval(n) {
      failEvery = n
    },
    async stop() {
      for (const client of clients) client.close()
      proxy.closeAllConnections()
      proxy.close()
      await server.stop()
    },
  }
}

type Inspected = ReturnType<Awaited<ReturnType<typeof startFauxqs>>['inspectQueue']>
function messagesOf(queue: Inspected) {
  if (!queue) throw new Error('The test queue is gone.')
  return queue.messages
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
