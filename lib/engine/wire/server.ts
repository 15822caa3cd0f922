import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type Operation, Refusal } from '#lib/engine/core/contract.ts'
import { discardBody, readBody } from './body.ts'
import { cborProtocol } from './cbor.ts'
import { internalError, WireError } from './errors.ts'
import { FastLaneServer, type PlainAnswer } from './fast-lane.ts'
import { mediaType, refuseBrowsers, requireContentType } from './guard.ts'
import { jsonProtocol } from './json.ts'
import { INPUT_SHAPES, isOperation } from './operations.ts'
import type { PlainRequest } from './plain-request.ts'
import type { Protocol } from './protocol.ts'
import { newRequestId } from './request-id.ts'
import { type StreamedAnswer, sendStream } from './streamed-answer.ts'
import { validateInput } from './validate.ts'

/** A small JSON endpoint beside the GameLift operations: `/health`, `/lab/options`. */
export interface PlainRoute {
  method: 'GET' | 'PATCH' | 'POST'
  path: string
  /** `body` is the parsed JSON of a PATCH or POST. May throw WireError or Refusal. */
  answer(body: unknown): Promise<{ status: number; body: unknown; stream?: undefined } | StreamedAnswer>
}

export interface WireOptions {
  /** The address the server listens on; decides which Host headers are believed. */
  boundTo: string
  /** Runs one validated operation. Throws or rejects with Refusal for a documented error. */
  execute(operation: Operation, input: Record<string, unknown>): Promise<Record<string, unknown>>
  routes: readonly PlainRoute[]
  /** How long a client may take to send a body. */
  bodyTimeoutMs?: number
}

const CBOR_PATH = /\/service\/GameLift\/operation\/([^/?]*)\/?(?:\?|$)/
// A page cannot send either without asking first (CORS preflight), which is never granted.
const JSON_TYPES = ['application/x-amz-json-1.1', 'application/json']
const TARGET_PREFIX = 'GameLift.'
const DEFAULT_BODY_TIMEOUT_MS = 10_000

/** The GameLift endpoint: AWS JSON 1.1 under any path, RPC v2 CBOR under `…/service/GameLift/operation/<Operation>`. */
export function createWireServer(options: WireOptions): Server {
  const bodyTimeoutMs = options.bodyTimeoutMs ?? DEFAULT_BODY_TIMEOUT_MS
  const server = new FastLaneServer(
    { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 },
    answerPlain,
  )
  server.on('request', (request, response) => void answer(request, response))
  server.on('clientError', answerBrokenHttp)
  return server

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = options.routes.find(({ method, path }) => request.method === method && pathOf(request) === path)
    const protocol = isCbor(request) ? cborProtocol : jsonProtocol
    const requestId = newRequestId()
    try {
      refuseBrowsers(request.headers, options.boundTo)
      if (route) {
        const answered = await answerRoute(route, request)
        if (answered.stream) {
          await sendStream(response, answered, requestId)
          return
        }
        const type = 'application/json'
        send(response, answered.status, JSON.stringify(answered.body), { 'content-type': type }, requestId)
      } else {
        const output = await answerOperation(protocol, request)
        send(response, 200, protocol.encode(output), protocolHeaders(protocol), requestId)
      }
    } catch (thrown) {
      const error = toWireError(thrown, requestId)
      const headers: Record<string, string> = { ...protocolHeaders(protocol), 'x-amzn-errortype': error.type }
      if (error.status === 408) headers.connection = 'close' // whatever still trickles in is no next request
      if (!response.headersSent) send(response, error.status, protocol.encodeError(error), headers, requestId)
      discardBody(request)
    }
  }

  async function answerOperation(protocol: Protocol, request: IncomingMessage): Promise<Record<string, unknown>> {
    if (request.method !== 'POST') {
      throw new WireError('UnknownOperationException', `Operations are called with POST, not ${request.method}.`, 405)
    }
    const operation = known(protocol === cborProtocol ? cborOperation(request) : jsonOperation(request.headers))
    const body = await readBody(request, bodyTimeoutMs)
    return run(operation, protocol, body)
  }

  /** The same answers for the requests of the fast lane. Never rejects. */
  async function answerPlain({ host, target, body }: PlainRequest): Promise<PlainAnswer> {
    const requestId = newRequestId()
    try {
      refuseBrowsers({ host }, options.boundTo)
      const output = await run(known(operationOf(target)), jsonProtocol, body)
      return { statusLine: 'HTTP/1.1 200 OK', headerLines: plainHeaders(requestId), body: jsonProtocol.encode(output) }
    } catch (thrown) {
      const error = toWireError(thrown, requestId)
      return {
        statusLine: `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
        headerLines: `${plainHeaders(requestId)}x-amzn-errortype: ${error.type}\r\n`,
        body: jsonProtocol.encodeError(error),
      }
    }
  }

  function run(operation: Operation, protocol: Protocol, body: Buffer): Promise<Record<string, unknown>> {
    return options.execute(operation, validateInput(INPUT_SHAPES[operation], protocol.decode(body)))
  }

  async function answerRoute(route: PlainRoute, request: IncomingMessage) {
    if (route.method === 'GET') return route.answer(undefined)
    requireContentType(request.headers, ['application/json'])
    return route.answer(jsonProtocol.decode(await readBody(request, bodyTimeoutMs)))
  }
}

function isCbor({ headers, url }: IncomingMessage): boolean {
  return (
    headers['smithy-protocol'] === 'rpc-v2-cbor' ||
    mediaType(headers['content-type']) === 'application/cbor' ||
    CBOR_PATH.test(url ?? '')
  )
}

function cborOperation({ headers, url }: IncomingMessage): string {
  if (headers['smithy-protocol'] !== 'rpc-v2-cbor') {
    throw new WireError('UnknownOperationException', 'The smithy-protocol header must be rpc-v2-cbor.')
  }
  // Clients leave the content type out when there is no body.
  if (headers['content-type'] !== undefined) requireContentType(headers, ['application/cbor'])
  return CBOR_PATH.exec(url ?? '')?.[1] ?? ''
}

function jsonOperation(headers: IncomingMessage['headers']): string {
  requireContentType(headers, JSON_TYPES)
  const target = headers['x-amz-target']
  if (typeof target !== 'string')
    throw new WireError('UnknownOperationException', 'The X-Amz-Target header is missing.')
  return operationOf(target)
}

function operationOf(target: string): string {
  if (!target.startsWith(TARGET_PREFIX)) throw new WireError('UnknownOperationException', unknown(target))
  return target.slice(TARGET_PREFIX.length)
}

function known(name: string): Operation {
  if (isOperation(name)) return name
  throw new WireError('UnknownOperationException', name === '' ? 'No operation is named.' : unknown(name))
}

function unknown(name: string): string {
  return `The operation ${JSON.stringify(name.slice(0, 100))} is not known here.`
}

function toWireError(thrown: unknown, requestId: string): WireError {
  if (thrown instanceof WireError) return thrown
  if (thrown instanceof Refusal) return new WireError(thrown.type, thrown.message)
  console.error(`Request ${requestId} failed:`, thrown)
  return internalError('An internal error occurred.')
}

function protocolHeaders(protocol: Protocol): Record<string, string> {
  return { 'content-type': protocol.contentType, ...protocol.headers }
}

function plainHeaders(requestId: string): string {
  return `content-type: ${jsonProtocol.contentType}\r\nx-amzn-requestid: ${requestId}\r\n`
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Record<string, string>,
  requestId: string,
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), 'x-amzn-requestid': requestId })
  response.end(body)
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? ''
}

/** Bytes that are no HTTP request: there is no protocol to answer in yet, so JSON it is. */
function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, type] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', 'RequestTimeoutException']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', 'SerializationException']
        : ['400 Bad Request', 'SerializationException']
  const body = JSON.stringify({ __type: type, Message: 'The request is not a complete HTTP request.' })
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: ${body.length}\r\n` +
      `x-amzn-requestid: ${newRequestId()}\r\nx-amzn-errortype: ${type}\r\nconnection: close\r\n\r\n${body}`,
  )
}
