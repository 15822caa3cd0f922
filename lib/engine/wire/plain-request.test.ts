import { describe, expect, it } from 'vitest'
import { readPlainRequest } from './plain-request.ts'

const BODY = '{"TicketId":"t-1"}'
const HEADERS = [
  'Host: 127.0.0.1:9080',
  'Content-Type: application/x-amz-json-1.1',
  'X-Amz-Target: GameLift.StopMatchmaking',
]
function bytes(given: { first?: string; headers?: string[]; more?: string[]; body?: string; length?: string } = {}) {
  const { first = 'POST / HTTP/1.1', headers = HEADERS, more = [], body = BODY } = given
  const lines = [first, ...headers, ...more, `Content-Length: ${given.length ?? Buffer.byteLength(body)}`]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

describe('a plain request', () => {
  it.each([
    ['as an SDK sends it', {}],
    ['that keeps the connection', { more: ['Connection: keep-alive'] }],
    [
      'with headers nobody here reads',
      { more: ['Authorization: AWS4 x=y, z', 'constructor: 1', '__proto__:', 'x: \t'] },
    ],
    ['in other letters', { headers: HEADERS.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())) }],
    ['without spaces', { headers: HEADERS.map((line) => line.replace(': ', ':  ').concat(' ')) }],
  ])('is read: %s', (_, given) => {
    const read = readPlainRequest(bytes(given))
    expect([read?.host, read?.target, read?.body.toString()]).toEqual([
      '127.0.0.1:9080',
      'GameLift.StopMatchmaking',
      BODY,
    ])
  })

  it('may have an empty body', () => {
    expect(readPlainRequest(bytes({ body: '' }))?.body.length).toBe(0)
  })

  it.each([
    ['a part of the head', bytes().subarray(0, 60)],
    ['a part of the body', bytes().subarray(0, -1)],
    ['more than one request', Buffer.concat([bytes(), bytes()])],
    ['one byte more', bytes({ body: `${BODY}\n`, length: String(BODY.length) })],
    ['another method', bytes({ first: 'PUT / HTTP/1.1' })],
    ['another path', bytes({ first: 'POST /lab/options HTTP/1.1' })],
    ['HTTP/1.0', bytes({ first: 'POST / HTTP/1.0' })],
    ['a chunked body', bytes({ more: ['Transfer-Encoding: chunked'] })],
    ['an encoded body', bytes({ more: ['Content-Encoding: gzip'] })],
    ['a body that waits to be asked for', bytes({ more: ['Expect: 100-continue'] })],
    ['an upgrade', bytes({ more: ['Upgrade: h2c'] })],
    ['a connection that ends', bytes({ more: ['Connection: close'] })],
    ['a web page', bytes({ more: ['Origin: http://127.0.0.1:3000'] })],
    ['a fetch of a web page', bytes({ more: ['Sec-Fetch-Site: same-origin'] })],
    ['another protocol', bytes({ more: ['Smithy-Protocol: rpc-v2-cbor'] })],
    ['another content type', bytes({ headers: HEADERS.with(1, 'Content-Type: text/plain') })],
    ['a content type with parameters', bytes({ headers: HEADERS.with(1, 'Content-Type: application/json; a=b') })],
    ['no host', bytes({ headers: HEADERS.slice(1) })],
    ['no target', bytes({ headers: HEADERS.slice(0, 2) })],
    ['two hosts', bytes({ more: ['host: 127.0.0.1'] })],
    ['two lengths', bytes({ more: [`content-length: ${BODY.length}`] })],
    ['a signed length', bytes({ length: `+${BODY.length}` })],
    ['an empty length', bytes({ body: '', length: '' })],
    ['a length in hexadecimal', bytes({ length: '0x12' })],
    ['a folded header', bytes({ more: ['a: b', ' c: d'] })],
    ['a space before the colon', bytes({ more: ['Transfer-Encoding : chunked'] })],
    ['a header without a name', bytes({ more: [': x'] })],
    ['a line without a colon', bytes({ more: ['x'] })],
    ['a bare line feed', bytes({ more: ['a: b\nTransfer-Encoding: chunked'] })],
    ['a bare carriage return', bytes({ more: ['a: b\rc'] })],
    ['a NUL', bytes({ more: ['a: \0'] })],
    ['a byte that is not ASCII', bytes({ more: ['a: \u00e9'] })],
    ['a head that is too long', bytes({ more: [`a: ${'x'.repeat(8_192)}`] })],
    ['no header at all', Buffer.from('POST / HTTP/1.1\r\n\r\n')],
    ['no bytes', Buffer.alloc(0)],
  ])('is not: %s', (_, given) => {
    expect(readPlainRequest(given)).toBeNull()
  })
})
