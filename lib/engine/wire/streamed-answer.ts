import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A long text that is made while it is sent, as fast as the other side takes it. */
export interface StreamedAnswer {
  status: number
  contentType: string
  stream: AsyncIterable<string>
  body?: undefined
}

/** Never throws: an answer that cannot be finished is broken off, which every client takes for an error. */
export async function sendStream(response: ServerResponse, answer: StreamedAnswer, requestId: string): Promise<void> {
  response.writeHead(answer.status, { 'content-type': answer.contentType, 'x-amzn-requestid': requestId })
  try {
    await pipeline(Readable.from(answer.stream), response)
  } catch (error) {
    const left = (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE'
    if (!left) console.error(`The answer to request ${requestId} was broken off:`, error)
  }
}
