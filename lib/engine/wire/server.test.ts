import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { decode } from 'cborg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal } from '#lib/engine/core/contract.ts'
import { createWireServer } from './server.ts'

const execute = vi.fn(async (_operation: string, _input: Record<string, unknown>) => ({}) as Record<string, unknown>)
const server = createWireServer({ boundTo: '127.0.0.1', execute, routes: [], bodyTimeoutMs: 200 })
let port = 0

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  execute.mockReset()
  execute.mockResolvedValue({})
})

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'GameLift.StopMatchmaking' }
const CBOR_HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }
const CBOR_PATH = '/service/GameLift/operation/StopMatchmaking'
const STOP = '{"TicketId":"t-1"}'
const CBOR_STOP = Buffer.from('a1685469636b6574496463742d31', 'hex')

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}
async function call(path: string, headers: Record<string, string>, body: string | Buffer, method = 'POST') {
  const sent = request({ port, host: '127.0.0.1', path, method, headers: { host: '127.0.0.1', ...headers } })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) } satisfies Answer
}
const errorOf = ({ body, headers }: Answer) =>
  headers['content-type'] === 'application/cbor' ? decode(body) : JSON.parse(body.toString())

describe('an operation', () => {
  it.each(['/', '/api/gamelift', '/api/gamelift/', '/a/b/c?d=e', '//'])('is found under the path %s', async (path) => {
    const answer = await call(path, JSON_HEADERS, STOP)
    expect(answer.status).toBe(200)
    expect(answer.body.toString()).toBe('{}')
    expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1')
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(execute).toHaveBeenCalledWith('StopMatchmaking', { TicketId: 't-1' })
  })

  it.each([CBOR_PATH, `/any/prefix${CBOR_PATH}`, `${CBOR_PATH}/`])('is found in CBOR under %s', async (path) => {
    const answer = await call(path, CBOR_HEADERS, CBOR_STOP)
    expect(answer.status).toBe(200)
    expect(answer.body.toString('hex')).toBe('a0')
    expect(answer.headers).toMatchObject({ 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' })
    expect(execute).toHaveBeenCalledWith('StopMatchmaking', { TicketId: 't-1' })
  })

  it('without members takes an empty body, in CBOR also without a content type', async () => {
    const path = '/service/GameLift/operation/DescribeMatchmakingConfigurations'
    expect((await call(path, { 'smithy-protocol': 'rpc-v2-cbor' }, '')).status).toBe(200)
    const target = 'GameLift.DescribeMatchmakingConfigurations'
    expect((await call('/', { ...JSON_HEADERS, 'x-amz-target': target }, '')).status).toBe(200)
    expect(execute).toHaveBeenCalledTimes(2)
  })

  it('that is refused says why, with status 400', async () => {
    execute.mockRejectedValue(new Refusal('NotFoundException', 'No such ticket.'))
    const inJson = await call('/', JSON_HEADERS, STOP)
    expect([inJson.status, errorOf(inJson)]).toEqual([400, { __type: 'NotFoundException', Message: 'No such ticket.' }])
    expect(inJson.headers['x-amzn-errortype']).toBe('NotFoundException')
    const inCbor = await call(CBOR_PATH, CBOR_HEADERS, CBOR_STOP)
    expect([inCbor.status, errorOf(inCbor).Message]).toEqual([400, 'No such ticket.'])
  })

  it('that meets a bug of ours is answered with 500 and tells nothing of the inside', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    execute.mockRejectedValue(new TypeError('secret detail'))
    const answer = await call('/', JSON_HEADERS, STOP)
    expect([answer.status, errorOf(answer)]).toEqual([
      500,
      { __type: 'InternalServiceException', Message: 'An internal error occurred.' },
    ])
    expect(log).toHaveBeenCalledOnce()
    log.mockRestore()
  })
})

describe('a request that is refused before any operation runs', () => {
  const deep = '['.repeat(100_000)
  const huge = Buffer.alloc(1024 * 1024 + 1, 0x20)
  it.each([
    ['no target', '/', { 'content-type': 'application/x-amz-json-1.1' }, STOP, 400, 'UnknownOperationException'],
    [
      'an unknown target',
      '/',
      { ...JSON_HEADERS, 'x-amz-target': 'GameLift.Nope' },
      STOP,
      400,
      'UnknownOperationException',
    ],
    [
      'an inherited name',
      '/',
      { ...JSON_HEADERS, 'x-amz-target': 'GameLift.constructor' },
      STOP,
      400,
      'UnknownOperationException',
    ],
    [
      'another service',
      '/',
      { ...JSON_HEADERS, 'x-amz-target': 'DynamoDB.StopMatchmaking' },
      STOP,
      400,
      'UnknownOperationException',
    ],
    ['text/plain', '/', { ...JSON_HEADERS, 'content-type': 'text/plain' }, STOP, 415, 'UnsupportedMediaTypeException'],
    [
      'a form',
      '/',
      { ...JSON_HEADERS, 'content-type': 'application/x-www-form-urlencoded' },
      STOP,
      415,
      'UnsupportedMediaTypeException',
    ],
    [
      'a multipart form',
      '/',
      { ...JSON_HEADERS, 'content-type': 'multipart/form-data; boundary=x' },
      STOP,
      415,
      'UnsupportedMediaTypeException',
    ],
    [
      'no content type',
      '/',
      { 'x-amz-target': 'GameLift.StopMatchmaking' },
      STOP,
      415,
      'UnsupportedMediaTypeException',
    ],
    [
      'an encoded body',
      '/',
      { ...JSON_HEADERS, 'content-encoding': 'gzip' },
      STOP,
      415,
      'UnsupportedMediaTypeException',
    ],
    ['an Origin', '/', { ...JSON_HEADERS, origin: 'http://127.0.0.1:3000' }, STOP, 403, 'AccessDeniedException'],
    [
      'a cross-site fetch',
      '/',
      { ...JSON_HEADERS, 'sec-fetch-site': 'cross-site' },
      STOP,
      403,
      'AccessDeniedException',
    ],
    ['a rebound host name', '/', { ...JSON_HEADERS, host: 'evil.example:9080' }, STOP, 403, 'AccessDeniedException'],
    [
      'a host name that only begins well',
      '/',
      { ...JSON_HEADERS, host: '127.0.0.1.evil.example' },
      STOP,
      403,
      'AccessDeniedException',
    ],
    ['malformed JSON', '/', JSON_HEADERS, '{"TicketId"', 400, 'SerializationException'],
    ['deep JSON', '/', JSON_HEADERS, deep, 400, 'SerializationException'],
    ['an oversize body', '/', JSON_HEADERS, huge, 413, 'RequestEntityTooLargeException'],
    ['a wrong type', '/', JSON_HEADERS, '{"TicketId":7}', 400, 'SerializationException'],
    ['a broken constraint', '/', JSON_HEADERS, '{"TicketId":"a b"}', 400, 'InvalidRequestException'],
    ['malformed CBOR', CBOR_PATH, CBOR_HEADERS, 'xx', 400, 'SerializationException'],
    ['deep CBOR', CBOR_PATH, CBOR_HEADERS, Buffer.alloc(100_000, 0x81), 400, 'SerializationException'],
    [
      'an unknown CBOR operation',
      '/service/GameLift/operation/Nope',
      CBOR_HEADERS,
      CBOR_STOP,
      400,
      'UnknownOperationException',
    ],
    ['CBOR without a path', '/', CBOR_HEADERS, CBOR_STOP, 400, 'UnknownOperationException'],
    ['a CBOR path with a JSON body', CBOR_PATH, JSON_HEADERS, STOP, 400, 'UnknownOperationException'],
    ['an oversize CBOR body', CBOR_PATH, CBOR_HEADERS, huge, 413, 'RequestEntityTooLargeException'],
    [
      'a rebound host name in CBOR',
      CBOR_PATH,
      { ...CBOR_HEADERS, host: 'evil.example' },
      CBOR_STOP,
      403,
      'AccessDeniedException',
    ],
    ['a broken constraint in CBOR', CBOR_PATH, CBOR_HEADERS, Buffer.from('a0', 'hex'), 400, 'InvalidRequestException'],
  ])('gets a typed answer in its own protocol: %s', async (_, path, headers, body, status, type) => {
    const answer = await call(path, headers as unknown as Record<string, string>, body)
    const isCbor = path !== '/' || headers === CBOR_HEADERS
    expect(answer.headers['content-type']).toBe(isCbor ? 'application/cbor' : 'application/x-amz-json-1.1')
    expect(answer.status).toBe(status)
    expect(errorOf(answer).__type).toBe(isCbor ? `com.amazonaws.gamelift#${type}` : type)
    expect(answer.headers['x-amzn-errortype']).toBe(type)
    expect(execute).not.toHaveBeenCalled()
  })

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('is refused as %s', async (method) => {
    expect((await call('/', JSON_HEADERS, '', method)).status).toBe(405)
    expect(execute).not.toHaveBeenCalled()
  })

  it('is cut off when it sends its body too slowly, in either protocol', async () => {
    for (const [path, headers] of [
      ['/', JSON_HEADERS],
      [CBOR_PATH, CBOR_HEADERS],
    ] as const) {
      const slow = request({
        port,
        host: '127.0.0.1',
        path,
        method: 'POST',
        headers: { ...headers, 'content-length': 99 },
      })
      slow.on('error', () => {})
      slow.write('{')
      const [response] = (await once(slow, 'response')) as [IncomingMessage]
      expect([response.statusCode, response.headers['content-type']]).toEqual([408, headers['content-type']])
      slow.destroy()
    }
    expect(execute).not.toHaveBeenCalled()
  })

  it('leaves the connection usable after an oversize body, whether its length was declared or not', async () => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk
    })
    const head =
      'host: 127.0.0.1\r\ncontent-type: application/x-amz-json-1.1\r\nx-amz-target: GameLift.StopMatchmaking\r\n'
    socket.write(`POST / HTTP/1.1\r\n${head}content-length: ${3_000_000}\r\n\r\n${'x'.repeat(3_000_000)}`)
    socket.write(
      `POST / HTTP/1.1\r\n${head}transfer-encoding: chunked\r\n\r\n1e8480\r\n${'x'.repeat(2_000_000)}\r\n0\r\n\r\n`,
    )
    socket.write(`POST / HTTP/1.1\r\n${head}content-length: ${STOP.length}\r\n\r\n${STOP}`)
    await vi.waitFor(() => expect(received).toContain('HTTP/1.1 200'), 5_000)
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 413', 'HTTP/1.1 200'])
    socket.destroy()
  })

  it('is answered even when it is no HTTP at all', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.write('\x16\x03\x01 this is TLS\r\n\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"__type":"SerializationException"/)
  })
})

it('survives 2,000 random targets and paths, answers each with a typed 4xx, and runs none of them', async () => {
  const random = seeded(20_261_120)
  const letters = 'abcGameLift.StopMatchmaking/%2e#?&=[]{}\'"\\~ \u00e9-_'
  const word = () => Array.from({ length: random(40) }, () => letters[random(letters.length)]).join('')
  for (let round = 0; round < 2_000; round++) {
    const target = round % 3 === 0 ? `GameLift.${word()}` : word()
    const path = encodeURI(`/${word()}`).replaceAll('#', '')
    const headers = random(2) ? { ...JSON_HEADERS, 'x-amz-target': target } : CBOR_HEADERS
    const cborPath = `/service/GameLift/operation/${encodeURIComponent(word())}`
    const answer = await call(headers === CBOR_HEADERS ? cborPath : path, headers, random(2) ? STOP : '')
    expect([400, 413, 415]).toContain(answer.status)
    expect(errorOf(answer).__type).toMatch(/Exception$/)
  }
  expect(execute).not.toHaveBeenCalled()
}, 30_000)

function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
