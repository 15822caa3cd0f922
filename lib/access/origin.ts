/** Which addresses the dashboard answers at, and whether a request comes from one of its own pages. */
import { AppError } from '#lib/flexmatch/result.ts'

type ReadHeaders = Pick<Headers, 'get'>

/**
 * The configured origin a request was made to, by its Host header; forwarded headers are never read. Throws CROSS_SITE
 * for any other host: a name of the attacker's that resolves to this machine must not reach anything.
 */
export function originOf(headers: ReadHeaders, origins: readonly string[]): URL {
  const host = headers.get('host')?.toLowerCase()
  const origin = origins.find((candidate) => new URL(candidate).host === host)
  if (!origin) {
    throw new AppError(
      'CROSS_SITE',
      `Matchdesk is not served at ${JSON.stringify(host ?? '')}. Open it at ${origins.join(' or ')}, or add the address to MATCHDESK_ORIGIN.`,
    )
  }
  return new URL(origin)
}

/**
 * Throws CROSS_SITE unless the browser says that one of our own pages sent this. A missing Origin is refused too: every
 * browser sends it with a POST, and the framework alone would let it pass.
 */
export function requireSameOrigin(headers: ReadHeaders, origins: readonly string[]): void {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (!origin || !origins.includes(origin) || (site !== null && site !== 'same-origin')) {
    throw new AppError('CROSS_SITE', 'This request did not come from a page of Matchdesk, so it was not carried out.')
  }
}

/**
 * Over https the name binds the cookie to the host. Over http it carries the port, because browsers share cookies
 * between the ports of one host and two copies of Matchdesk would sign each other out.
 */
export function sessionCookieName(origin: URL): string {
  return origin.protocol === 'https:' ? '__Host-matchdesk' : `matchdesk-${origin.port || '80'}`
}

export function sessionCookie(origin: URL, sessionId: string, maxAgeSeconds: number): string {
  const secure = origin.protocol === 'https:' ? '; Secure' : ''
  return `${sessionCookieName(origin)}=${sessionId}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`
}

/** The value of one cookie in a Cookie header; the first when a name is repeated. */
export function cookieValue(headers: ReadHeaders, name: string): string | undefined {
  for (const pair of headers.get('cookie')?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}
