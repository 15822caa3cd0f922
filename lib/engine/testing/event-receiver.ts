import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EventEnvelope } from '#lib/flexmatch/events.ts'

export interface EventReceiver {
  url: string
  /** Every request that was answered with 2xx, in order of arrival. */
  accepted: { headers: IncomingHttpHeaders; envelopes: EventEnvelope[] }[]
  /** All envelopes of the accepted requests, in order, repeats included. */
  envelopes(): EventEnvelope[]
  /** How many requests were open at once at most. */
  mostAtOnce(): number
  close(): Promise<void>
}

/** An HTTP target for events. `answer` decides each request's status; 0 means: break the connection. */
export async function startEventReceiver(
  answer: (envelopes: EventEnvelope[], request: number) => number | Promise<number> = () => 200,
): Promise<EventReceiver> {
  const accepted: EventReceiver['accepted'] = []
  let requests = 0
  let open = 0
  let most = 0
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++open)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    const envelopes = Array.isArray(body) ? body : [JSON.parse((body as { Message: string }).Message)]
    const status = await answer(envelopes, ++requests)
    open--
    if (status === 0) return void request.socket.destroy()
    if (status < 300) accepted.push({ headers: request.headers, envelopes })
    response.writeHead(status).end('said the target')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ingest`,
    accepted,
    envelopes: () => accepted.flatMap((request) => request.envelopes),
    mostAtOnce: () => most,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
