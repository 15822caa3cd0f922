import type { IncomingMessage } from 'node:http'
import { WireError } from './errors.ts'

export const MAX_BODY_BYTES = 1024 * 1024
/** A client that is refused early may still be sending; beyond this its connection is cut. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024

/** The whole body, or an error: never a part of it. `timeoutMs` bounds how long the client may take to send it. */
export function readBody(request: IncomingMessage, timeoutMs: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return Promise.reject(tooLarge())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const timer = setTimeout(() => {
      settle()
      reject(new WireError('RequestTimeoutException', `The body took longer than ${timeoutMs} ms.`, 408))
    }, timeoutMs)
    function onData(chunk: Buffer) {
      length += chunk.length
      if (length > MAX_BODY_BYTES) {
        settle()
        reject(tooLarge())
      } else {
        chunks.push(chunk)
      }
    }
    function onEnd() {
      settle()
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length))
    }
    function onClose() {
      settle()
      reject(new WireError('SerializationException', 'The connection ended before the body was complete.'))
    }
    function settle() {
      clearTimeout(timer)
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}

/** Reads on without keeping anything, so that the client gets to see the refusal instead of a reset connection. */
export function discardBody(request: IncomingMessage): void {
  if (request.complete) return
  let discarded = 0
  request.on('error', () => {}) // the client is free to leave
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length
    if (discarded > MAX_DISCARDED_BYTES) request.destroy()
  })
}

function tooLarge(): WireError {
  return new WireError('RequestEntityTooLargeException', `The request body exceeds ${MAX_BODY_BYTES} bytes.`, 413)
}
