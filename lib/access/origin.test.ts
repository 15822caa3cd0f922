import { describe, expect, it } from 'vitest'
import { cookieValue, originOf, requireSameOrigin, sessionCookie, sessionCookieName } from './origin.ts'

const ORIGINS = ['http://127.0.0.1:3000', 'https://desk.example.com']
const headers = (given: Record<string, string>) => new Headers(given)

describe('where Matchdesk answers', () => {
  it('is told by the Host header alone', () => {
    expect(originOf(headers({ host: '127.0.0.1:3000' }), ORIGINS).href).toBe('http://127.0.0.1:3000/')
    expect(originOf(headers({ host: 'DESK.example.com' }), ORIGINS).protocol).toBe('https:')
    const spoofed = headers({ host: 'evil.test', 'x-forwarded-host': '127.0.0.1:3000' })
    expect(() => originOf(spoofed, ORIGINS)).toThrow(/not served at "evil.test"/)
    expect(() => originOf(headers({}), ORIGINS)).toThrow(/not served at/)
    expect(() => originOf(headers({ host: '127.0.0.1:3001' }), ORIGINS)).toThrow(/not served at/)
  })
})

describe('where an action comes from', () => {
  const own = 'http://127.0.0.1:3000'
  const origins = [
    own,
    'http://127.0.0.1:3001',
    'https://127.0.0.1:3000',
    'null',
    'http://evil.test',
    `${own}.evil.test`,
    undefined,
  ]
  const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none']
  const grid = origins.flatMap((origin) => sites.map((site) => ({ origin, site })))

  it.each(grid)('is judged by Origin $origin and Sec-Fetch-Site $site', ({ origin, site }) => {
    const given = headers({
      host: '127.0.0.1:3000',
      'x-forwarded-host': 'evil.test',
      ...(origin ? { origin } : {}),
      ...(site ? { 'sec-fetch-site': site } : {}),
    })
    const expected = origin === own && (site === undefined || site === 'same-origin')
    if (expected) expect(() => requireSameOrigin(given, ORIGINS)).not.toThrow()
    else expect(() => requireSameOrigin(given, ORIGINS)).toThrow(/did not come from a page of Matchdesk/)
  })
})

describe('the session cookie', () => {
  it('is bound to the host and sent over https only where the origin is https', () => {
    const cookie = sessionCookie(new URL('https://desk.example.com'), 'id', 60)
    expect(cookie).toBe('__Host-matchdesk=id; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure')
  })

  it('carries the port over http, because ports of one host share cookies', () => {
    expect(sessionCookie(new URL('http://127.0.0.1:3000'), 'id', 60)).toBe(
      'matchdesk-3000=id; Path=/; HttpOnly; SameSite=Lax; Max-Age=60',
    )
    expect(sessionCookieName(new URL('http://127.0.0.1:3001'))).toBe('matchdesk-3001')
  })

  it('is found among others, by its whole name', () => {
    const given = headers({ cookie: 'x-matchdesk-3000=no; a=b=c; matchdesk-3000=yes; matchdesk-3000=later' })
    expect(cookieValue(given, 'matchdesk-3000')).toBe('yes')
    expect(cookieValue(given, 'a')).toBe('b=c')
    expect(cookieValue(headers({}), 'a')).toBeUndefined()
  })
})
