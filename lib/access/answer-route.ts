/** How every GET route is answered, apart from where the running process keeps its parts: see `guard.ts`. */
import { randomUUID } from 'node:crypto'
import { countRefusal, recordDenial } from '#lib/audit/refusals.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '#lib/environments/environment.ts'
import { requireEnvironment } from '#lib/environments/registry.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { AccessDeps } from './carry-out.ts'
import { statusOf, toFailure } from './failure.ts'
import { missingGrounds, readGrounds } from './grounds.ts'
import { judge } from './judge.ts'
import { cookieValue, originOf, sessionCookieName } from './origin.ts'
import type { Action } from './roles.ts'
import { findPerson, type Person } from './sessions.ts'
import { requireStorableText } from './storable-text.ts'

export interface RouteCall {
  request: Request
  /** The names in the path, decoded. A missing one is a mistake in the route file. */
  param(name: string): string
  search: URLSearchParams
  person: Person
  /** The id in the cookie, for streams that check it again. */
  sessionId: string
  environment: Environment
  /** For what only some questions of a route need. Throws FORBIDDEN, or INVALID_INPUT when `reason` is missing in the address. */
  require(action: Action): void
  /** For what an answer may hold or leave out, here or in another environment. Nothing more than a yes is asked for then. */
  may(action: Action, place?: Environment): boolean
}

/** Signed-in data is nobody's to keep, and nothing of ours is to be guessed at. */
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/**
 * Host, session, path, environment, permission; then `handler`. It returns what becomes the JSON, or a Response of its
 * own (a stream). Every failure becomes `{ error: { code, message, requestId } }` with a status that fits.
 */
export async function answerRoute(
  deps: AccessDeps,
  request: Request,
  params: Record<string, string>,
  action: Action,
  handler: (call: RouteCall) => Promise<unknown>,
): Promise<Response> {
  const requestId = randomUUID()
  let asking: { person: Person; environment: Environment } | undefined
  try {
    const { headers } = request
    const sessionId = cookieValue(headers, sessionCookieName(originOf(headers, deps.origins)))
    const person = await findPerson(deps.db, sessionId, deps.now())
    if (!person || !sessionId) {
      throw new AppError('NOT_SIGNED_IN', 'You are not signed in, or your session has ended. Sign in again.')
    }
    const search = new URL(request.url).searchParams
    requireStorableText(params, 'the address')
    for (const [name, value] of search) requireStorableText({ [name]: value }, 'the address')
    const environment = await requireEnvironment(
      deps.environments,
      params.environment ?? search.get('environment') ?? DEFAULT_ENVIRONMENT,
    )
    const on = await deps.switches.on()
    const grounds = readGrounds({ reason: search.get('reason'), confirmation: search.get('confirmation') })
    asking = { person, environment }
    const require = (needed: Action) => {
      const { refusal, ask } = judge(person.role, needed, environment, on)
      if (refusal !== null) throw new AppError('FORBIDDEN', refusal)
      const missing = missingGrounds(ask, grounds, environment.name)
      if (missing !== null) throw new AppError('INVALID_INPUT', missing)
    }
    const may = (needed: Action, place = environment) => judge(person.role, needed, place, on).ask === 'nothing'
    require(action)
    const param = (name: string) => {
      const value = params[name]
      if (value === undefined) throw new Error(`This route has no [${name}] in its path.`)
      return value
    }
    const answer = await handler({ request, param, search, person, sessionId, environment, require, may })
    return answer instanceof Response ? answer : Response.json(answer, { headers: HEADERS })
  } catch (error) {
    const { pathname } = new URL(request.url)
    const failure = toFailure(error, requestId, `${request.method} ${pathname}`)
    if (asking && failure.code === 'FORBIDDEN') {
      const denial = {
        ...asking,
        kind: 'route',
        action,
        target: pathname,
        message: failure.message,
        requestId,
      } as const
      await recordDenial(deps.db, denial, deps.now()).catch((problem: unknown) =>
        toFailure(problem, requestId, 'audit'),
      )
    } else if (failure.code === 'NOT_SIGNED_IN' || failure.code === 'CROSS_SITE') countRefusal('route', failure.code)
    return Response.json({ error: failure }, { status: statusOf(failure.code), headers: HEADERS })
  }
}

/** For views that are null when the thing is not there. */
export function found<T>(view: T | null, what: string): T {
  if (view === null) throw new AppError('NOT_FOUND', `There is no ${what}.`)
  return view
}
