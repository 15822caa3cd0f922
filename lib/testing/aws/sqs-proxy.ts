/** A door before SQS: hears of each call before it is carried out and before it is answered, and of what was deleted. */
import type { IncomingMessage } from 'node:http'
import type { CallMoment } from './gamelift-proxy.ts'
import { type Served, serve } from './serve.ts'

export interface SqsProxy extends Served {
  /** The call waits for the listener, and is cut off when that throws. `messages`: how many it is about. */
  watch(listener: (operation: string, moment: CallMoment, messages: number) => unknown): void
}

interface Message {
  ReceiptHandle: string
  Body: string
}

/** `onDeleted` hears the body of each message that whoever empties the queue is done with. */
export async function startSqsProxy(given: { sqs: string; onDeleted: (body: string) => void }): Promise<SqsProxy> {
  const listeners: ((operation: string, moment: CallMoment, messages: number) => unknown)[] = []
  const tell = async (operation: string, moment: CallMoment, messages: number) => {
    for (const listener of listeners) await listener(operation, moment, messages)
  }
  /** By receipt, what is in somebody's hands. */
  const inHand = new Map<string, string>()
  const served = await serve(async (request, body, gone) => {
    const operation = operationOf(request)
    const { Entries = [] } = JSON.parse(body.toString()) as { Entries?: { Id: string; ReceiptHandle: string }[] }
    await tell(operation, 'received', Entries.length)
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const response = await fetch(`${given.sqs}${request.url}`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: body.toString(),
      signal: gone,
    })
    const text = await response.text()
    const said = response.ok
      ? (JSON.parse(text || '{}') as { Messages?: Message[]; Successful?: { Id: string }[] })
      : {}
    for (const { ReceiptHandle, Body } of said.Messages ?? []) inHand.set(ReceiptHandle, Body)
    if (operation === 'DeleteMessageBatch') {
      const deleted = new Set(said.Successful?.map(({ Id }) => Id))
      for (const { Id, ReceiptHandle } of Entries) {
        const message = inHand.get(ReceiptHandle)
        if (message === undefined || !deleted.has(Id)) continue
        inHand.delete(ReceiptHandle)
        given.onDeleted(message)
      }
    }
    await tell(operation, 'carried out', said.Messages?.length ?? Entries.length)
    return { status: response.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: text }
  })
  return { ...served, watch: (listener) => void listeners.push(listener) }
}

function operationOf({ headers }: IncomingMessage): string {
  const target = String(headers['x-amz-target'])
  return target.slice(target.lastIndexOf('.') + 1)
}
