import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDoor, MUTATIONS, openDoor, SIGN_INS } from './door.ts'
import { type RawRequest, rawHttp } from './testing/raw-http.ts'

const agent = new http.Agent({ keepAlive: true })
let server: http.Server
let origin: string
let seen: { method: string; url: string; headers: http.IncomingHttpHeaders; body: string }[]
let clock = 0
let trustedHops = 0

beforeEach(async () => {
  seen = []
  trustedHops = 0
  let door: http.RequestListener | undefined
  server = http.createServer((request, response) => {
    const origins = ['https://desk.example.com', origin]
    door ??= createDoor(
      { origins, trustedHops, now: () => clock, bodyWithinMs: 300, closeAfterMs: 600, mostDeliveries: 2 },
      answer,
    )
    door(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** Stands for Next: reads what it is given, and answers as carelessly as it can. */
function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk))
  request.on('end', () => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
    response.setHeader('x-powered-by', 'Next.js')
    response.setHeader('content-security-policy', "script-src 'unsafe-inline'")
    if (request.url?.startsWith('/strict')) {
      const strict = {
        'content-security-policy': "default-src 'none'; style-src 'sha256-x'",
        'referrer-policy': 'no-referrer',
      }
      for (const [name, value] of Object.entries(strict)) {
        response.setHeader(name, request.url.endsWith('list') ? [value] : value)
      }
    }
    const type = request.url?.startsWith('/api') ? 'application/json' : 'text/html; charset=utf-8'
    const cache = request.url?.startsWith('/_next/static') ? { 'cache-control': 'public, max-age=31536000' } : {}
    response.writeHead(request.url === '/broken' ? 500 : 200, { 'content-type': type, ...cache })
    response.end('ok')
  })
}

/** The name of the session's cookie here. */
const own = () => `matchdesk-${new URL(origin).port}`
const ask = (given: RawRequest) => rawHttp(origin, given)
const action = (body: string | Buffer, headers: RawRequest['headers'] = {}) =>
  ask({
    method: 'POST',
    path: '/local',
    headers: { 'next-action': 'id', 'content-type': 'text/plain;charset=UTF-8', ...headers },
    body,
  })

describe('every answer', () => {
  it('of a page names a nonce that nobody saw before, the same that Next is told', async () => {
    const nonces = new Set<string>()
    for (let n = 0; n < 1_000; n++) {
      const nonce = await new Promise<string>((resolve) =>
        http.get(`${origin}/local`, { agent }, (response) => {
          response.resume()
          const policy = String(response.headers['content-security-policy'])
          response.on('end', () => resolve(/script-src 'self' 'nonce-([^']+)';/.exec(policy)?.[1] ?? ''))
        }),
      )
      expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/)
      expect(seen.at(-1)?.headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
      nonces.add(nonce)
    }
    expect(nonces.size).toBe(1_000)
  })

  it.each(['/local', '/broken', '/api/live', '/_next/static/a.js', '/local/%E0%A4%A', '/api/%zz'])(
    'says what browsers may do with it: %s',
    async (path) => {
      const { headers } = await ask({ path })
      const policy = headers.get('content-security-policy') ?? ''
      for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "connect-src 'self'"]) {
        expect(policy).toContain(part)
      }
      expect(/(^| )script-src [^;]*/.exec(policy)?.[0]).toMatch(/^ ?script-src ('none'|'self' 'nonce-[^']+')$/)
      expect(policy).not.toContain('unsafe-eval')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toMatch(/^(same-origin|no-referrer)$/)
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('strict-transport-security')).toBeNull()
      expect(headers.get('cache-control')).toMatch(path.includes('static') ? /^public/ : /no-store/)
    },
  )

  it('keeps a policy that is stricter, however it was set', async () => {
    for (const path of ['/strict', '/strict-in-a-list']) {
      const { headers } = await ask({ path })
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'sha256-x'")
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  it('binds browsers to https where it was asked for over https', async () => {
    const { headers } = await ask({ headers: { host: 'desk.example.com' } })
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=63072000/)
  })

  it('is the same from a server that was there before, also to what the process listens with next', async () => {
    const other = http.createServer((_, response) => void response.end('plain'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const at = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    other.on('upgrade', (_, socket) => void socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'))
    const close = openDoor({ origins: [], trustedHops: 0 })
    expect((await rawHttp(at, {})).headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    const upgraded = await rawHttp(at, { headers: { connection: 'Upgrade', upgrade: 'websocket' } }, 500)
    expect(upgraded.status).toBe(200)
    close()
    other.closeAllConnections()
    other.close()
  })
})

describe('a request', () => {
  it('loses what only proxies and Next itself may say, and is told its address', async () => {
    await ask({
      headers: {
        'x-forwarded-host': 'evil.test',
        'x-forwarded-for': '1.2.3.4',
        forwarded: 'for=1.2.3.4',
        'x-real-ip': '1.2.3.4',
        'x-original-url': '/admin',
        'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy',
        'x-matched-path': '/local',
        'x-invoke-path': '/local',
        'x-nextjs-data': '1',
        'x-http-method-override': 'DELETE',
        'x-matchdesk-address': '1.2.3.4',
        'content-security-policy': "script-src 'nonce-evil'",
        rsc: '1',
      },
    })
    const headers = seen[0]?.headers ?? {}
    expect(Object.keys(headers).sort()).toEqual([
      'connection',
      'content-security-policy',
      'host',
      'rsc',
      'x-matchdesk-address',
    ])
    expect(headers['x-matchdesk-address']).toBe('127.0.0.1')
    expect(headers['content-security-policy']).not.toContain('evil')
  })

  it.each([
    [0, '127.0.0.1'],
    [1, '3.3.3.3'],
    [2, '2.2.2.2'],
    [4, '127.0.0.1'],
  ])('behind %d proxies comes from what the outermost of them heard: %s', async (hops, address) => {
    trustedHops = hops
    await ask({ headers: { 'x-forwarded-for': ['1.1.1.1, 2.2.2.2', '3.3.3.3'] } })
    expect(seen[0]?.headers['x-matchdesk-address']).toBe(address)
    expect(seen[0]?.headers['x-forwarded-for']).toBeUndefined()
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('with %s is refused', async (method) => {
    const { status, headers } = await ask({ method, path: '/api/local/tickets' })
    expect([status, headers.get('allow'), seen.length]).toEqual([405, 'GET, HEAD, POST', 0])
  })

  it.each([
    '/a/../b',
    '/api/ingest/../../local',
    '/a/%2e%2E/b',
    '/.',
    '/a\\..\\b',
    '/a#b',
    '/%E0%A4%A',
    'http://evil.test/',
  ])('for %s is refused, because two could read it differently', async (path) => {
    expect((await ask({ path })).status).toBe(400)
    expect(seen).toEqual([])
  })
})

describe('a body', () => {
  it('is passed on as it came, when all of it is there', async () => {
    const body = JSON.stringify([{ ticketId: 'zo\u00eb-\u{1f3ae}', reason: '$$5', nothing: '$undefined' }])
    expect((await action(body)).status).toBe(200)
    expect(seen[0]?.body).toBe(body)
  })

  it('in many pieces is passed on whole, and nobody behind waits for it', async () => {
    const body = JSON.stringify([{ text: 'x'.repeat(100_000) }])
    const socket = net.connect(Number(new URL(origin).port), '127.0.0.1')
    socket.write(
      `POST /local HTTP/1.1\r\nhost: a\r\nnext-action: x\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`,
    )
    for (let at = 0; at < body.length; at += 20_000) {
      expect(seen).toEqual([])
      socket.write(body.slice(at, at + 20_000))
      await sleep(20)
    }
    await expect.poll(() => seen[0]?.body).toBe(body)
    socket.destroy()
  })

  it('larger than is taken is 413 at once, declared or not, and is not kept', async () => {
    const before = process.memoryUsage().rss
    const declared = await action('x', { 'content-length': '104857600' })
    expect([declared.status, declared.tookMs < 1_000]).toEqual([413, true])
    const undeclared = await action('5\r\nhello\r\n0\r\n\r\n', { 'transfer-encoding': 'chunked' })
    expect(undeclared.status).toBe(411)
    expect(seen).toEqual([])
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  it('that does not come is answered and its connection ended', async () => {
    const { status, closed, tookMs } = await action('[', { 'content-length': '100', connection: 'keep-alive' })
    expect([status, closed]).toEqual([408, true])
    expect(tookMs).toBeLessThan(3_000)
    const events = await ask({
      method: 'POST',
      path: '/api/ingest/local',
      headers: { 'content-length': '100', connection: 'keep-alive' },
      body: '[',
    }).catch((error: Error) => error.message)
    expect(events).toContain('No answer')
    expect(seen).toEqual([])
  })

  it.each([
    ['compressed', '[]', { 'content-encoding': 'gzip' }, 415],
    [
      'a form with files, as React sends what is no plain value',
      '--x--',
      { 'content-type': 'multipart/form-data; boundary=x' },
      400,
    ],
    ['no list of arguments', '{}', {}, 400],
    ['no JSON', '[', {}, 400],
    ['deep', `${'['.repeat(17)}${']'.repeat(17)}`, {}, 400],
    ['a reference into React', '[{"a":"$1:__proto__:then"}]', {}, 400],
    ['a reference written with an escape', '[{"a":"\\u0024@0"}]', {}, 400],
    ['a member of the prototype', '[{"__proto__":{"admin":true}}]', {}, 400],
    ['that member, written with an escape', '[{"\\u005f_proto__":{"admin":true}}]', {}, 400],
  ])('that is %s never reaches React', async (_, body, headers, status) => {
    const answered = await action(body, headers as Record<string, string>)
    expect([answered.status, seen.length]).toEqual([status, 0])
    expect(answered.body).toMatch(/^Not carried out: /)
    expect(answered.headers.get('content-type')).toBe('text/plain')
  })

  it('of a sender of events is left to the one who reads events, also when it is large', async () => {
    const body = 'x'.repeat(1_000_000)
    await ask({ method: 'POST', path: '/api/ingest/local', headers: { 'content-encoding': 'gzip' }, body })
    expect(seen[0]?.body).toBe(body)
  })

  it('cannot come with GET', async () => {
    expect((await ask({ path: '/local', body: '[]' })).status).toBe(400)
    expect(seen).toEqual([])
  })
})

describe('too much', () => {
  it('of actions in a session is 429 with the time to wait, and does not touch other sessions', async () => {
    clock = 0
    for (let n = 0; n < MUTATIONS.most; n++) expect((await action('[]', { cookie: `${own()}=a` })).status).toBe(200)
    clock = 20_000
    const { status, headers, body } = await action('[]', { cookie: `matchdesk-1=z; ${own()}=a` })
    expect([status, headers.get('retry-after')]).toEqual([429, '40'])
    expect(body).toBe('Not carried out: Too many actions within a minute. Try again in 40 s.')
    expect((await action('[]', { cookie: `${own()}=b` })).status).toBe(200)
    expect(seen).toHaveLength(MUTATIONS.most + 1)
    clock = 60_001
    expect((await action('[]', { cookie: `${own()}=a` })).status).toBe(200)
  })

  it('of deliveries at once is 503 to the sender, which comes again, and over when one is answered', async () => {
    const headers = { 'content-length': '100', connection: 'keep-alive' }
    const slow = [1, 2].map(() =>
      ask({ method: 'POST', path: '/api/ingest/local', headers, body: '[' }).catch(() => null),
    )
    await sleep(100)
    const delivery = () => ask({ method: 'POST', path: '/api/ingest/local/sns', body: '[]' })
    const { status, headers: answered } = await delivery()
    expect([status, answered.get('retry-after')]).toEqual([503, '1'])
    expect((await ask({ path: '/local' })).status).toBe(200)
    await Promise.all(slow)
    expect((await delivery()).status).toBe(200)
  })

  it('of sign-ins from an address is 429, and looking at the page is not counted', async () => {
    clock = 0
    for (let n = 0; n < SIGN_INS.most; n++) expect((await ask({ path: `/sign-in?token=${n}` })).status).toBe(200)
    const { status, headers, body } = await ask({ path: '/sign-in?token=x', headers: { 'x-forwarded-for': '9.9.9.9' } })
    expect([status, headers.get('retry-after')]).toEqual([429, '900'])
    expect(body).toContain('Too many attempts to sign in')
    expect((await ask({ path: '/sign-in' })).status).toBe(200)
  })
})
