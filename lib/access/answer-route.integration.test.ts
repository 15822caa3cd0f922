import { describe, expect, it } from 'vitest'
import { testDatabase } from '#lib/db/testing/database.ts'
import { fixedEnvironments } from '#lib/environments/registry.ts'
import { anEnvironment } from '#lib/environments/testing/an-environment.ts'
import { AppError, type ErrorCode } from '#lib/flexmatch/result.ts'
import { answerRoute, found, type RouteCall } from './answer-route.ts'
import type { Role } from './roles.ts'
import { signIn } from './sign-in.ts'
import { createSignInLink } from './sign-in-links.ts'
import { environments, personWithRole, testAccess } from './testing/access.ts'

const database = testDatabase()

async function setting(role: Role = 'viewer') {
  const access = testAccess(database.db)
  const { cookie } = await personWithRole(database.db, role, access.now())
  const get = (
    path: string,
    {
      headers = {},
      params = { environment: 'local' },
      handler = async () => ({ ok: true }),
      action = 'ticket.view',
    }: {
      headers?: Record<string, string>
      params?: Record<string, string>
      handler?: (call: RouteCall) => Promise<unknown>
      action?: Parameters<typeof answerRoute>[3]
    } = {},
  ) => {
    // What Next hands to a route: the URL is its own idea of the address, only the headers are the client's.
    const request = new Request(`http://localhost:9${path}`, {
      headers: { host: '127.0.0.1:3000', cookie, ...headers },
    })
    return answerRoute(access, request, params, action, handler)
  }
  return { access, get }
}
const errorOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string; message: string } }).error

describe('a GET route', () => {
  it('answers a signed-in person with JSON that nobody may keep', async () => {
    const { get } = await setting()
    const response = await get('/api/local/tickets?tab=open', { handler: async ({ search }) => [...search] })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await response.json()).toEqual([['tab', 'open']])
  })

  const refusals: [string, number, ErrorCode, Record<string, string>][] = [
    ['nobody', 401, 'NOT_SIGNED_IN', { cookie: '' }],
    ['a made-up session', 401, 'NOT_SIGNED_IN', { cookie: 'matchdesk-3000=abc' }],
    ["another port's cookie", 401, 'NOT_SIGNED_IN', { host: 'localhost:3000', cookie: 'matchdesk-3001=abc' }],
    ['a foreign host name', 421, 'CROSS_SITE', { host: 'rebound.test' }],
    ['a forwarded host name', 421, 'CROSS_SITE', { host: 'rebound.test', 'x-forwarded-host': '127.0.0.1:3000' }],
  ]
  it.each(refusals)('tells %s nothing', async (_, status, code, headers) => {
    const { get } = await setting()
    let asked = false
    const response = await get('/api/local/tickets', {
      headers,
      handler: async () => {
        asked = true
      },
    })
    expect(response.status).toBe(status)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await errorOf(response)).toMatchObject({ code, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(asked).toBe(false)
  })

  it('is not reached through headers that a proxy or the framework would believe', async () => {
    const { get } = await setting()
    for (const name of [
      'x-middleware-subrequest',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-real-ip',
      'x-original-url',
      'x-rewrite-url',
      'x-invoke-path',
      'x-matched-path',
      'x-http-method-override',
      'authorization',
      'rsc',
    ]) {
      const response = await get('/api/local/tickets', { headers: { cookie: '', [name]: 'middleware' } })
      expect(response.status, name).toBe(401)
    }
  })

  it('checks who is asking before whether the environment exists', async () => {
    const { get } = await setting()
    expect((await get('/', { params: { environment: 'mars' }, headers: { cookie: '' } })).status).toBe(401)
    const response = await get('/', { params: { environment: 'mars' } })
    expect(response.status).toBe(404)
    expect(await errorOf(response)).toMatchObject({ message: 'There is no environment called "mars".' })
  })

  it('takes the environment from the query where the path has none', async () => {
    const { get } = await setting()
    const handler = async ({ environment }: RouteCall) => environment.name
    expect(await (await get('/api/live?environment=prod', { params: {}, handler })).json()).toBe('prod')
    expect(await (await get('/api/demo', { params: {}, handler })).json()).toBe('local')
  })

  it('refuses what the role does not allow, also when only a part of the question needs it', async () => {
    const { get } = await setting('viewer')
    expect((await get('/', { action: 'player.search' })).status).toBe(403)
    const handler = async (call: RouteCall) => call.require('player.search')
    expect(await errorOf(await get('/', { handler }))).toMatchObject({ code: 'FORBIDDEN' })
  })

  it('says what may be in an answer, by what the environment is and not by what it is called', async () => {
    const { get, access } = await setting('qa')
    const answer = async (call: RouteCall) => call.may('player.search')
    expect(await (await get('/', { handler: answer })).json()).toBe(true)
    access.environments = fixedEnvironments([anEnvironment({ onProductionList: true })])
    expect(await (await get('/', { handler: answer })).json()).toBe(false)
    const elsewhere = async (call: RouteCall) => call.may('player.search', anEnvironment({ protection: 'protected' }))
    expect(await (await get('/', { handler: elsewhere })).json()).toBe(false)
  })

  it('takes a reason from the address where one is asked for', async () => {
    const { get } = await setting('support')
    const params = { environment: 'prod' }
    const export_ = (query: string) => get(`/x${query}`, { action: 'export.masked', params })
    expect(await errorOf(await export_(''))).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^reason: say why/),
    })
    expect((await export_('?reason=%20')).status).toBe(400)
    expect((await export_(`?reason=${'x'.repeat(501)}`)).status).toBe(400)
    expect((await export_('?reason=asked+by+a+player')).status).toBe(200)
  })

  it.each([
    ['NUL in the path', { environment: 'local', ticketId: 't\0' }, ''],
    ['half a surrogate pair in the path', { environment: 'local', ticketId: '\ud800' }, ''],
    ['NUL in a parameter', { environment: 'local' }, '?playerId=a%00b'],
    ['NUL in the name of a parameter', { environment: 'local' }, '?a%00b=1'],
  ])('answers %s with 400', async (_, params, query) => {
    const { get } = await setting()
    const response = await get(`/api/x${query}`, { params })
    expect(response.status).toBe(400)
    expect(await errorOf(response)).toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('has a status for each kind of failure', async () => {
    const { get } = await setting()
    const statusFor = async (error: Error) => (await get('/', { handler: () => Promise.reject(error) })).status
    const expected: Partial<Record<ErrorCode, number>> = {
      NOT_FOUND: 404,
      GONE: 410,
      TOO_LATE: 409,
      MATCHMAKER_UNAVAILABLE: 503,
      UNCONFIRMED: 504,
    }
    for (const [code, status] of Object.entries(expected)) {
      expect(await statusFor(new AppError(code as ErrorCode, 'x'))).toBe(status)
    }
    expect(await statusFor(Object.assign(new Error('gone'), { code: '57P01' }))).toBe(503)
    expect(await statusFor(Object.assign(new Error('no'), { syscall: 'connect', code: 'ECONNREFUSED' }))).toBe(503)
    expect(await statusFor(new Error('anything'))).toBe(500)
  })

  it('shows nothing of an unforeseen error but its request id, and logs it whole as one line', async () => {
    const { get } = await setting()
    const lines: string[] = []
    const original = console.error
    console.error = (line: string) => lines.push(line)
    try {
      const response = await get('/api/x', { handler: () => Promise.reject(new Error('secret\n{"level":"info"}')) })
      const body = await response.text()
      expect(body).not.toContain('secret')
      expect(lines).toHaveLength(1)
      expect(lines[0]).not.toContain('\n')
      const entry = JSON.parse(lines[0] ?? '')
      expect(entry).toMatchObject({ level: 'error', in: 'GET /api/x', error: { message: 'secret\n{"level":"info"}' } })
      expect(body).toContain(entry.requestId)
      expect(lines[0]).not.toContain('matchdesk-3000') // no cookie in the log
    } finally {
      console.error = original
    }
  })

  it('answers 404 with the name of what is not there', async () => {
    const { get } = await setting()
    const response = await get('/', { handler: async () => found(null, 'ticket "t-1" in local') })
    expect(response.status).toBe(404)
    expect(await errorOf(response)).toMatchObject({ message: 'There is no ticket "t-1" in local.' })
  })

  it('fails closed when the check itself fails', async () => {
    const { access } = await setting()
    const { cookie } = await personWithRole(database.db, 'admin', access.now())
    const deps = { ...access, environments: { ...environments, find: () => Promise.reject(new Error('down')) } }
    const request = new Request('http://localhost/', { headers: { host: '127.0.0.1:3000', cookie } })
    const response = await answerRoute(deps, request, {}, 'ticket.view', async () => 'data')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('data')
  })
})

describe('the sign-in address', () => {
  const visit = (access: ReturnType<typeof testAccess>, query: string, headers: Record<string, string> = {}) =>
    signIn(access, new Request(`http://localhost/sign-in${query}`, { headers: { host: '127.0.0.1:3000', ...headers } }))
  const link = (now: Date) => createSignInLink(database.db, { role: 'operator', name: 'ana', ttlSeconds: 60, now })

  it('turns a link into a session once and leads to the start page', async () => {
    const access = testAccess(database.db)
    const token = await link(access.now())
    const first = await visit(access, `?token=${token}`)
    expect(first.status).toBe(303)
    expect(first.headers.get('location')).toBe('/')
    expect(first.headers.get('referrer-policy')).toBe('no-referrer')
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^matchdesk-3000=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/)

    const second = await visit(access, `?token=${token}`)
    expect(second.status).toBe(410)
    expect(second.headers.get('set-cookie')).toBeNull()
    const text = await second.text()
    expect(text).toContain('It was used already')
    expect(text).toContain('npm run sign-in')
    // The browser that used it is simply let through again.
    expect((await visit(access, `?token=${token}`, { cookie: cookie.split(';')[0] ?? '' })).status).toBe(303)
  })

  it('is not used up by a preview or by a browser that guesses ahead', async () => {
    const access = testAccess(database.db)
    const token = await link(access.now())
    const headers = { host: '127.0.0.1:3000' }
    const head = new Request(`http://localhost/sign-in?token=${token}`, { method: 'HEAD', headers })
    expect((await signIn(access, head)).status).toBe(503)
    expect((await visit(access, `?token=${token}`, { 'sec-purpose': 'prefetch;prerender' })).status).toBe(503)
    expect((await visit(access, `?token=${token}`)).status).toBe(303)
  })

  it('ends the session that was there before', async () => {
    const access = testAccess(database.db)
    const before = await personWithRole(database.db, 'viewer', access.now())
    const response = await visit(access, `?token=${await link(access.now())}`, { cookie: before.cookie })
    expect(response.headers.get('set-cookie')).not.toContain(before.cookie.split('=')[1])
    const request = new Request('http://localhost/', { headers: { host: '127.0.0.1:3000', cookie: before.cookie } })
    expect((await answerRoute(access, request, {}, 'ticket.view', async () => 1)).status).toBe(401)
  })

  it('says in plain words when a link is expired, unknown or missing, and what to run', async () => {
    const access = testAccess(database.db)
    const token = await link(new Date(access.now().getTime() - 61_000))
    for (const [query, status, text] of [
      [`?token=${token}`, 410, 'It is too old'],
      ['?token=%3Cscript%3E', 410, 'does not know it'],
      ['', 200, 'opens with a sign-in link'],
    ] as const) {
      const response = await visit(access, query)
      const body = await response.text()
      expect([response.status, body.includes(text), body.includes('npm run sign-in')]).toEqual([status, true, true])
      expect(body).not.toContain('<script')
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })

  it('does nothing under a foreign host name', async () => {
    const access = testAccess(database.db)
    const token = await link(access.now())
    const response = await visit(access, `?token=${token}`, { host: 'rebound<b>.test' })
    expect(response.status).toBe(421)
    expect(await response.text()).not.toContain('<b>')
    expect((await visit(access, `?token=${token}`)).status).toBe(303) // still unused
  })
})
