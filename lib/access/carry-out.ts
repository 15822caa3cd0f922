/** How every server action is carried out, apart from where Next keeps the request: see `run-action.ts`. */
import { randomUUID } from 'node:crypto'
import { en } from 'zod/locales'
import * as z from 'zod/mini'
import { countRefusal } from '#lib/audit/refusals.ts'
import type { Db } from '#lib/db/pool.ts'
import {
  DEFAULT_ENVIRONMENT,
  type Environment,
  type Environments,
  effectiveProtection,
} from '#lib/environments/environment.ts'
import { requireEnvironment } from '#lib/environments/registry.ts'
import { type ActionResult, AppError } from '#lib/flexmatch/result.ts'
import {
  ABANDONED_AFTER_SECONDS,
  findRecorded,
  type Intent,
  type Outcome,
  recordIntent,
  recordOutcome,
} from './audit.ts'
import { toFailure } from './failure.ts'
import { type Grounds, missingGrounds, splitGrounds } from './grounds.ts'
import { judge } from './judge.ts'
import { logLine } from './log.ts'
import { cookieValue, originOf, requireSameOrigin, sessionCookieName } from './origin.ts'
import type { Action } from './roles.ts'
import { findPerson, type Person } from './sessions.ts'
import { requireStorableText } from './storable-text.ts'
import type { Switches } from './switches.ts'

// The small zod says "Invalid input" only; here, on the server, its words cost nothing.
z.config(en())

/** What access decisions are made from. */
export interface AccessDeps {
  db: Db
  origins: readonly string[]
  environments: Environments
  switches: Switches
  now: () => Date
}
export type RequestHeaders = Pick<Headers, 'get'>

export interface ActionCall {
  person: Person
  environment: Environment
  requestId: string
  /** The click's row in the audit trail. */
  auditId: number
  sessionId: string
  /** Where the dashboard was reached: decides the cookie's name and whether it is secure. */
  origin: URL
  /** Why it is done, as the person says; null where nobody had to say. */
  reason: string | null
  /**
   * For what only the input shows to be asked for: another action, judged in the same place, with what was given along
   * with the click. Throws FORBIDDEN, or INVALID_INPUT when a reason or a confirmation is missing.
   */
  require(action: Action): Promise<void>
  /** Wraps one call to a matchmaker that has a fate of its own: audited before, its outcome after. */
  step: Step
  /** Adds to the answer what no trail may keep, such as a secret. A repeat of the click is answered without it. */
  showOnce(members: Record<string, string>): void
  /** What this changed of ours, for the trail: before and after, nothing secret. Said when it is done. */
  changed(before: unknown, after: unknown): void
}
export type Step = <T>(target: string, input: unknown, effect: (auditId: number) => Promise<T>) => Promise<T>
/** Every action's input names its click; all but the installation-wide ones name an environment. */
interface AnyInput {
  requestId: string
  environment?: string
}
export interface CarryOutOptions<Input> {
  /** What must be typed where a confirmation is asked for; left out, the name of the environment. */
  confirmWith?: (input: Input) => string
  /** Set for what only prepares something: whoever may do it is asked for a reason when it is done. */
  onlyPrepares?: true
}

/**
 * Same origin, session, input, environment, permission, brakes, reason; then the intent is committed; then `work` has its effect; then
 * the outcome is added. A repeat of the same click gets the recorded outcome and no second effect. Never throws.
 */
export async function carryOut<Input extends AnyInput, T>(
  deps: AccessDeps,
  headers: RequestHeaders,
  schema: z.ZodMiniType<Input>,
  action: Action,
  given: unknown,
  work: (input: Input, call: ActionCall) => Promise<T>,
  { confirmWith, onlyPrepares }: CarryOutOptions<Input> = {},
): Promise<ActionResult<T>> {
  let requestId: string = randomUUID()
  try {
    const origin = originOf(headers, deps.origins)
    requireSameOrigin(headers, deps.origins)
    const sessionId = cookieValue(headers, sessionCookieName(origin))
    const person = await findPerson(deps.db, sessionId, deps.now())
    if (!person || !sessionId)
      throw new AppError('NOT_SIGNED_IN', 'You are not signed in, or your session has ended. Sign in again.')
    const { input, grounds } = parse(schema, given)
    requestId = input.requestId
    const environment = await requireEnvironment(deps.environments, input.environment ?? DEFAULT_ENVIRONMENT)
    const intent = intentOf(person, environment, action, input, grounds)

    const requireHere = async (needed: Action) => {
      const { refusal, ask } = judge(person.role, needed, environment, await deps.switches.on())
      if (refusal !== null) throw new AppError('FORBIDDEN', refusal)
      const missing = onlyPrepares ? null : missingGrounds(ask, grounds, confirmWith?.(input) ?? environment.name)
      if (missing !== null) throw new AppError('INVALID_INPUT', missing)
    }
    const auditId = await recordIntent(deps.db, intent, deps.now())
    if (auditId === null) return await earlierOutcome<T>(deps, intent)
    const shownOnce: Record<string, string> = {}
    let changes: Outcome['changed']
    const showOnce = (members: Record<string, string>) => void Object.assign(shownOnce, members)
    const result = await attempt(action, requestId, async () => {
      await requireHere(action)
      return work(input, {
        person,
        environment,
        requestId,
        auditId,
        sessionId,
        origin,
        reason: grounds.reason,
        require: requireHere,
        step: steps(deps, intent, environment),
        showOnce,
        changed: (before, after) => {
          changes = { before, after }
        },
      })
    })
    await recordOutcome(deps.db, auditId, { ...outcomeOf(result), changed: changes }, deps.now()).catch(
      (error: unknown) => {
        // The effect stands whatever the trail says: tell the operator the truth, and the trail closes as unknown.
        logLine({ level: 'error', message: 'An outcome could not be recorded', requestId, in: action, error })
      },
    )
    if (!result.success || Object.keys(shownOnce).length === 0) return result
    return { success: true, data: { ...result.data, ...shownOnce } }
  } catch (error) {
    const failure = toFailure(error, requestId, action)
    if (failure.code === 'NOT_SIGNED_IN' || failure.code === 'CROSS_SITE') countRefusal('action', failure.code)
    // No person stands behind it, so it has no place in the trail; somebody should still be able to see it happen.
    if (failure.code === 'CROSS_SITE') {
      logLine({
        level: 'warning',
        message: 'An action from elsewhere was refused',
        requestId,
        in: action,
        from: headers.get('origin'),
      })
    }
    return { success: false, error: failure }
  }
}

/** A reason and a confirmation may come with every input; an action that has members of these names gets them too. */
function parse<Input>(schema: z.ZodMiniType<Input>, given: unknown): { input: Input; grounds: Grounds } {
  const { grounds, rest } = splitGrounds(given)
  const without = z.safeParse(schema, rest)
  const whole = without.success ? without : z.safeParse(schema, given)
  const parsed = whole.success ? whole : without
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue?.path.join('.')
    throw new AppError('INVALID_INPUT', `${place ? `${place}: ` : ''}${issue?.message ?? 'The input is not valid.'}`)
  }
  requireStorableText(parsed.data)
  return { input: parsed.data, grounds }
}

function intentOf(
  person: Person,
  environment: Environment,
  action: Action,
  input: AnyInput,
  { reason }: Grounds,
): Intent {
  const { requestId, environment: _, ...rest } = input
  const { ticketId, gameSessionArn, bulkId, name } = rest as Partial<
    Record<'ticketId' | 'gameSessionArn' | 'bulkId' | 'name', string>
  >
  return {
    person,
    environment: environment.name,
    protection: effectiveProtection(environment),
    action,
    target: ticketId ?? gameSessionArn ?? bulkId ?? name ?? null,
    input: reason === null ? rest : { ...rest, reason },
    requestId,
    step: 0,
  }
}

async function attempt<T>(action: Action, requestId: string, work: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    return { success: true, data: await work() }
  } catch (error) {
    return { success: false, error: toFailure(error, requestId, action) }
  }
}

function steps(deps: AccessDeps, click: Intent, environment: Environment): Step {
  let taken = 0
  return async (target, input, effect) => {
    const intent: Intent = { ...click, target, input, step: ++taken }
    const auditId = await recordIntent(deps.db, intent, deps.now())
    if (auditId === null) throw new AppError('IN_PROGRESS', 'This click is being carried out already.')
    let result: ActionResult<unknown> | undefined
    try {
      // A brake stops also what was begun before it.
      const { refusal } = judge(click.person.role, click.action, environment, await deps.switches.on())
      if (refusal !== null) throw new AppError('FORBIDDEN', refusal)
      const data = await effect(auditId)
      result = { success: true, data: null }
      return data
    } catch (error) {
      result = { success: false, error: toFailure(error, click.requestId, click.action) }
      throw error
    } finally {
      if (result) {
        await recordOutcome(deps.db, auditId, outcomeOf(result), deps.now()).catch((error: unknown) => {
          logLine({ level: 'error', message: 'An outcome could not be recorded', requestId: click.requestId, error })
        })
      }
    }
  }
}

function outcomeOf(result: ActionResult<unknown>): Outcome {
  if (result.success) return { outcome: 'done', code: null, message: null, data: result.data }
  const { code, message } = result.error
  const outcome = OUTCOME_OF_CODE[code] ?? 'refused'
  return { outcome, code, message, data: undefined }
}
const OUTCOME_OF_CODE: Partial<Record<string, Outcome['outcome']>> = {
  FORBIDDEN: 'denied',
  UNCONFIRMED: 'unknown',
  INTERNAL: 'failed',
  MATCHMAKER_UNAVAILABLE: 'failed',
  DATABASE_UNAVAILABLE: 'failed',
}

/** The answer to a repeated click: what became of the first one. */
async function earlierOutcome<T>(deps: AccessDeps, intent: Intent): Promise<ActionResult<T>> {
  const recorded = await findRecorded(deps.db, intent, deps.now())
  if (!recorded?.sameInput) {
    throw new AppError('INVALID_INPUT', 'requestId: it was already used for another action. Each click needs its own.')
  }
  if (recorded.outcome === 'done') return { success: true, data: recorded.data as T }
  if (recorded.outcome !== null) {
    throw new AppError(recorded.code ?? 'INTERNAL', recorded.message ?? 'The first attempt failed.')
  }
  if (recorded.secondsAgo > ABANDONED_AFTER_SECONDS) {
    throw new AppError(
      'UNCONFIRMED',
      'This was begun, but Matchdesk stopped before the outcome was known. Check the state shown, then decide again.',
    )
  }
  throw new AppError('IN_PROGRESS', 'This is being carried out already. The state shown will update when it is done.')
}
