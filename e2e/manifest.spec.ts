/**
 * Everything the build can be asked for, from its own lists: who is not signed in gets nothing, who may not gets nothing
 * done, and every answer says what browsers may do with it. A new route or action is in these lists without being named.
 */
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import type { Role } from '#lib/access/roles.ts'
import { openSession } from '#lib/access/sessions.ts'
import type { Db } from '#lib/db/pool.ts'
import { type RawAnswer, rawHttp } from '#lib/web/testing/raw-http.ts'
import { expect, test } from './fixtures.ts'

/** What anybody may see, and why. */
const OPEN: Record<string, string> = {
  '/sign-in': 'is where a session begins',
  '/icon.svg': 'is the picture on the tab',
  '/api/health': 'is asked by machines; tells only ok',
}
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

const served = () => process.env.E2E_BASE_URL ?? ''
const manifest = <T>(name: string) => JSON.parse(fs.readFileSync(`.next/${name}`, 'utf8')) as T
const routes = () => [...new Set(Object.values(manifest<Record<string, string>>('app-path-routes-manifest.json')))]
interface ServerAction {
  id: string
  name: string
  path: string
}
/** Each with an address where it can be sent to: one of a page that has it. */
function actions(): ServerAction[] {
  const { node, edge } = manifest<
    Record<
      'node' | 'edge',
      Record<string, { workers: Record<string, unknown>; exportedName: string; filename: string }>
    >
  >('server/server-reference-manifest.json')
  expect(Object.keys(edge ?? {})).toEqual([])
  return Object.entries(node).map(([id, { workers, exportedName, filename }]) => {
    const [page = ''] = Object.keys(workers)
    return { id, name: `${filename} ${exportedName}`, path: addressOf(page.replace(/^app/, '').replace(/\/page$/, '')) }
  })
}
const addressOf = (route: string) => route.replace('[environment]', 'local').replaceAll(/\[[^\]]+\]/g, 'any') || '/'

/** A session of somebody new with this role; begun so long ago that it is over, when it is to be. */
async function cookieOf(db: Db, baseUrl: string, role: Role, daysAgo = 0): Promise<string> {
  const { rows } = await db.query<{ person_id: string }>(
    'insert into people (name, role) values ($1, $2) returning person_id',
    [`sweep ${randomUUID()}`, role],
  )
  const begun = new Date(Date.now() - daysAgo * 86_400_000)
  const { sessionId } = await openSession(db, rows[0]?.person_id ?? '', begun)
  return `matchdesk-${new URL(baseUrl).port}=${sessionId}`
}
/** Of no session, each time another: floods are counted by it. */
const strange = () => `matchdesk-${new URL(served()).port}=${randomUUID()}`

function expectClosed({ status, headers }: RawAnswer, what: string): void {
  const policy = headers.get('content-security-policy') ?? ''
  for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "connect-src 'self'"]) {
    expect(policy, what).toContain(part)
  }
  expect(/(?:^|; )script-src ([^;]*)/.exec(policy)?.[1], what).toMatch(/^('none'|'self' 'nonce-[A-Za-z0-9+/=]{24}')$/)
  expect(headers.get('x-content-type-options'), what).toBe('nosniff')
  expect(headers.get('referrer-policy'), what).toMatch(/^(same-origin|no-referrer)$/)
  expect(headers.get('cross-origin-opener-policy'), what).toBe('same-origin')
  expect(headers.get('x-frame-options'), what).toBe('DENY')
  expect(headers.get('x-powered-by'), what).toBeNull()
  expect(headers.get('strict-transport-security'), what).toBeNull()
  if (!what.includes('/icon.svg')) expect(headers.get('cache-control'), `${what} ${status}`).toContain('no-store')
}

test('who is not signed in, or not any more, gets nothing from any route by any method', async ({ db }) => {
  test.setTimeout(180_000)
  const baseURL = served()
  const over = await cookieOf(db, baseURL, 'admin', 30)
  expect(routes().length).toBeGreaterThan(30)
  for (const route of routes()) {
    for (const method of METHODS) {
      for (const cookie of [strange(), over]) {
        const what = `${method} ${route}`
        const path = addressOf(route)
        const answer = await rawHttp(baseURL, { method, path, headers: { cookie } }, 5_000)
        expectClosed(answer, what)
        if (!['GET', 'HEAD', 'POST'].includes(method)) expect(answer.status, what).toBe(405)
        else if (OPEN[route]) expect([200, 405, 503], what).toContain(answer.status)
        // What is signed has to be read first, and nothing is no message.
        else if (route.startsWith('/api/ingest/')) expect([400, 401, 403, 405], what).toContain(answer.status)
        else if (route.startsWith('/api/')) expect(answer.status, what).toBe(method === 'POST' ? 405 : 401)
        // The pages of errors are pages nobody asks for.
        else if (route.startsWith('/_')) expect([307, 404, 405, 500], what).toContain(answer.status)
        else {
          expect(answer.status, what).toBe(307)
          expect(answer.headers.get('location'), what).toBe('/sign-in')
        }
      }
    }
  }
})

test('what is answered to somebody signed in is kept by nobody', async ({ db }) => {
  test.setTimeout(120_000)
  const baseURL = served()
  const cookie = await cookieOf(db, baseURL, 'admin')
  for (const route of routes()) {
    const streams = route === '/api/live'
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const path = `${addressOf(route)}${route.includes('/exports/') ? '?format=csv' : ''}`
    const answer = await rawHttp(baseURL, { path, headers }, streams ? 500 : 10_000)
    expectClosed(answer, `GET ${route}`)
    const flight = await rawHttp(baseURL, { path, headers: { ...headers, rsc: '1' } }, streams ? 500 : 10_000)
    expectClosed(flight, `GET ${route} as data`)
  }
  for (const path of ['/nowhere', '/local/nowhere', '/api/nowhere', '/_next/image?url=/icon.svg&w=64&q=75', '/%zz']) {
    const answer = await rawHttp(baseURL, { path, headers: { cookie } })
    expectClosed(answer, `GET ${path}`)
    expect(answer.status, path).toBeGreaterThanOrEqual(400)
  }
})

/** What an action changes is in one of these; sessions only end. */
async function fingerprint(db: Db): Promise<unknown> {
  const { rows } = await db.query(
    `select (select count(*) from audit where outcome is distinct from 'denied' and outcome is distinct from 'refused'
               and person_name like 'sweep %') as carried_out,
            (select count(*) from environments) as environments,
            (select count(*) from sessions s join people p using (person_id) where p.name like 'sweep %') as sessions`,
  )
  return rows[0]
}

const call = (baseURL: string, action: ServerAction, headers: Record<string, string>) =>
  rawHttp(baseURL, {
    method: 'POST',
    path: action.path,
    headers: {
      'next-action': action.id,
      'content-type': 'text/plain;charset=UTF-8',
      accept: 'text/x-component',
      ...headers,
    },
    body: JSON.stringify([{ requestId: randomUUID(), environment: 'local', ticketId: 't-1', name: 'local' }]),
  })

test('no action does anything for who is not signed in, is not any more, or may not', async ({ db }) => {
  test.setTimeout(120_000)
  const baseURL = served()
  const own = { origin: baseURL, 'sec-fetch-site': 'same-origin' }
  const over = await cookieOf(db, baseURL, 'admin', 30)
  const before = await fingerprint(db)
  const all = actions()
  expect(all.length).toBeGreaterThan(10)
  for (const action of all) {
    for (const cookie of [strange(), over]) {
      const answer = await call(baseURL, action, { ...own, cookie })
      expect(answer.status, action.name).toBe(200)
      expect(answer.body, action.name).toContain('"code":"NOT_SIGNED_IN"')
      expectClosed(answer, action.name)
    }
  }
  expect(await fingerprint(db)).toEqual(before)
  const viewer = await cookieOf(db, baseURL, 'viewer')
  const begun = await fingerprint(db)
  // Signing out is for everybody.
  for (const action of all.filter(({ name }) => !name.endsWith(' signOut'))) {
    const answer = await call(baseURL, action, { ...own, cookie: viewer })
    expect(answer.body, action.name).toMatch(/"success":false/)
    expect(answer.body, action.name).toMatch(/"code":"(FORBIDDEN|INVALID_INPUT)"/)
  }
  expect(await fingerprint(db)).toEqual(begun)
})

const ORIGINS = (own: string) => [
  own,
  own.replace('http:', 'https:'),
  own.replace(/:\d+$/, ':1'),
  'null',
  'http://evil.test',
  `${own}.evil.test`,
  undefined,
]
const SITES = ['same-origin', 'same-site', 'cross-site', 'none', undefined]

test('no action is carried out for another site, whatever it says of itself', async ({ db }) => {
  test.setTimeout(300_000)
  const baseURL = served()
  const before = await fingerprint(db)
  for (const action of actions()) {
    for (const origin of ORIGINS(baseURL)) {
      for (const site of SITES) {
        for (const host of [undefined, 'evil.test']) {
          const answer = await call(baseURL, action, {
            cookie: strange(),
            ...(origin ? { origin } : {}),
            ...(site ? { 'sec-fetch-site': site } : {}),
            ...(host ? { 'x-forwarded-host': host, forwarded: `host=${host}` } : {}),
          })
          const what = `${action.name} from ${origin}, ${site}, forwarded for ${host}`
          const own = origin === baseURL && (site === undefined || site === 'same-origin')
          // What passes this guard is stopped at the next one: nobody is signed in here.
          if (own) expect(answer.body, what).toContain('"code":"NOT_SIGNED_IN"')
          else
            expect(answer.status === 200 ? answer.body : '"code":"CROSS_SITE"', what).toContain('"code":"CROSS_SITE"')
        }
      }
    }
  }
  expect(await fingerprint(db)).toEqual(before)
})

test('the build holds no secret and no part of the server for browsers', async () => {
  const files = fs.globSync('.next/static/**/*.{js,css,json,map}')
  expect(files.filter((file) => file.endsWith('.js')).length).toBeGreaterThan(5)
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([])
  const never =
    /@aws-sdk|@smithy|aws4_request|pg-protocol|pg-pool|SASLInitialResponse|DATABASE_URL|MATCHDESK_(INGEST_SECRET|AUDIT_KEY|DATA_DIR)|NEXT_SERVER_ACTIONS_ENCRYPTION_KEY|process\.env\.[A-Z]*SECRET|BEGIN [A-Z ]*PRIVATE KEY/
  for (const file of files) expect(fs.readFileSync(file, 'utf8').match(never)?.[0], file).toBeUndefined()
})
