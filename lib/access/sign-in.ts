/** The sign-in address: uses a one-time link up and sets the session cookie, or says in plain words why it cannot. */

import { countRefusal } from '#lib/audit/refusals.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { AccessDeps } from './carry-out.ts'
import { statusOf, toFailure } from './failure.ts'
import { cookieValue, originOf, sessionCookie, sessionCookieName } from './origin.ts'
import { escaped, plainPage } from './plain-page.ts'
import { ABSOLUTE_DAYS, endSession, findPerson } from './sessions.ts'
import { consumeSignInLink, type LinkUse } from './sign-in-links.ts'

export async function signIn(deps: AccessDeps, request: Request): Promise<Response> {
  try {
    const origin = originOf(request.headers, deps.origins)
    const token = new URL(request.url).searchParams.get('token')
    if (!token) return page(200, 'Sign in', 'Matchdesk opens with a sign-in link.')
    // Whoever looks before they leap (a preview, a browser guessing ahead) must not use the link up.
    if (request.method !== 'GET' || /prefetch|prerender/.test(request.headers.get('sec-purpose') ?? '')) {
      return page(503, 'Sign in', 'Open the link to sign in.')
    }
    const before = cookieValue(request.headers, sessionCookieName(origin))
    const use = await consumeSignInLink(deps.db, token, deps.now())
    if (!use.accepted) {
      if (use.because === 'unknown') countRefusal('sign-in', 'NOT_SIGNED_IN')
      // The link opened again in the browser that used it: that person is in already.
      if (use.because === 'used' && (await findPerson(deps.db, before, deps.now()))) return toStart()
      return page(410, 'This link does not work any more', WHY[use.because])
    }
    // Whoever was signed in here before is not any more: the new session does not sit on top of an old one.
    if (before) await endSession(deps.db, before)
    return toStart(sessionCookie(origin, use.sessionId, ABSOLUTE_DAYS * 24 * 3600))
  } catch (error) {
    const failure = toFailure(error, crypto.randomUUID(), 'sign-in')
    const title = error instanceof AppError ? 'Not here' : 'Matchdesk cannot sign you in right now'
    return page(statusOf(failure.code), title, failure.message)
  }
}

function toStart(cookie?: string): Response {
  const headers = new Headers({ location: '/', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  if (cookie) headers.set('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

const WHY: Record<Extract<LinkUse, { accepted: false }>['because'], string> = {
  used: 'It was used already. Each link works once.',
  expired: 'It is too old.',
  unknown: 'Matchdesk does not know it. It may be incomplete, or from another installation.',
  disabled: 'The person it was made for may not sign in any more.',
}

function page(status: number, title: string, text: string): Response {
  return plainPage(
    status,
    title,
    `<p>${escaped(text)}</p>
<p>For a new link, run <code>npm run sign-in</code> where Matchdesk runs, and open the address it prints.</p>`,
  )
}
