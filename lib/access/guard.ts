import 'server-only'
import { headers } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { type Denial, recordDenial } from '#lib/audit/refusals.ts'
import { DEFAULT_ENVIRONMENT, type Environment, viewOf } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import { getRuntime, type Runtime } from '#lib/runtime.ts'
import type { EnvironmentView } from '#lib/tickets/views.ts'
import { answerRoute, type RouteCall } from './answer-route.ts'
import { statusOf, toFailure } from './failure.ts'
import { judge } from './judge.ts'
import { cookieValue, originOf, sessionCookieName } from './origin.ts'
import { ACTIONS, type Action, type Ask } from './roles.ts'
import { findPerson, type Person } from './sessions.ts'
import { requireStorableText } from './storable-text.ts'
import { type SwitchView, viewOfSwitch } from './switches.ts'

/** Next gives a route without names in its path no params at all. */
type RouteContext = { params: Promise<Record<string, string> | undefined> }

/** Builds the GET handler of a route file: nothing is read before `answerRoute` has let the request in. */
export function guardedRoute(
  { action }: { action: Action },
  handler: (call: RouteCall & { runtime: Runtime }) => Promise<unknown>,
): (request: Request, context: RouteContext) => Promise<Response> {
  return async (request, context) => {
    let runtime: Runtime
    try {
      runtime = await getRuntime()
    } catch (error) {
      const failure = toFailure(error, crypto.randomUUID(), 'start')
      return Response.json(
        { error: failure },
        { status: statusOf(failure.code), headers: { 'cache-control': 'no-store' } },
      )
    }
    return answerRoute(runtime.access, request, (await context.params) ?? {}, action, (call) =>
      handler({ ...call, runtime }),
    )
  }
}

export interface PageAccess {
  runtime: Runtime
  person: Person
  environment: Environment
  /** All there are, as browsers may know them. */
  environments: EnvironmentView[]
  /** For controls: null where the action is allowed here, otherwise the sentence that says why not and who can. */
  whyNot: Record<Action, string | null>
  /** What has to be given along with the click; what is not named here takes the click alone. */
  asks: Partial<Record<Action, Exclude<Ask, 'nothing'>>>
  /** The brakes that are on. */
  switches: SwitchView[]
}

/** Once per request, though its layout and its page both ask. */
const currentPerson = cache(async (): Promise<Person | null> => {
  const [{ access }, requestHeaders] = await Promise.all([getRuntime(), headers()])
  let origin: URL
  try {
    origin = originOf(requestHeaders, access.origins)
  } catch (error) {
    if (error instanceof AppError) return null // the sign-in address says in words where Matchdesk is served
    throw error
  }
  return findPerson(access.db, cookieValue(requestHeaders, sessionCookieName(origin)), access.now())
})

/** Once per request, though its layout and its page may both be refused. */
const refusedPage = cache(() => ({ noted: false }))

async function noteRefusedPage({ access }: Runtime, denial: Denial): Promise<void> {
  const page = refusedPage()
  if (page.noted) return
  page.noted = true
  await recordDenial(access.db, denial, access.now()).catch((error: unknown) =>
    toFailure(error, crypto.randomUUID(), 'audit'),
  )
}

/** The id that an address names, for server pages; text that no id can be (NUL, broken encoding) names nothing. */
export function idInAddress(part: string): string {
  try {
    const id = decodeURIComponent(part)
    requireStorableText(id)
    return id
  } catch {
    notFound()
  }
}

/**
 * For server pages. Sends whoever is not signed in to the sign-in page; an environment that does not exist and one
 * that may not be seen both end in "not found".
 */
export async function guardedPage(action: Action, environmentName: string = DEFAULT_ENVIRONMENT): Promise<PageAccess> {
  const runtime = await getRuntime()
  const { access } = runtime
  const person = await currentPerson()
  if (!person) redirect('/sign-in')
  const environment = await access.environments.find(environmentName)
  if (!environment) notFound()
  const on = await access.switches.on()
  const judged = ACTIONS.map((each) => [each, judge(person.role, each, environment, on)] as const)
  // A brake stops what is done on a page, not that it is looked at.
  const { refusal } = judge(person.role, action, environment, [])
  if (refusal !== null) {
    await noteRefusedPage(runtime, { person, kind: 'page', action, environment, target: null, message: refusal })
    notFound()
  }
  return {
    runtime,
    person,
    environment,
    environments: (await access.environments.list()).map(viewOf),
    whyNot: Object.fromEntries(judged.map(([each, { refusal }]) => [each, refusal])) as PageAccess['whyNot'],
    asks: Object.fromEntries(
      judged.filter(([, { ask }]) => ask !== undefined && ask !== 'nothing').map(([each, { ask }]) => [each, ask]),
    ),
    switches: on.map(viewOfSwitch),
  }
}
