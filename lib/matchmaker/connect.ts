/**
 * The clients of one environment. What they send stays within its budget of calls, goes only where its requests may go, and
 * is over within 10 s. When AWS no longer takes the credentials, they are read anew and the request is sent once more.
 */
import type { LookupFunction } from 'node:net'
import { GameLiftClient, type GameLiftClientConfig } from '@aws-sdk/client-gamelift'
import { guardedLookup, requireAllowedForm } from '#lib/environments/address-guard.ts'
import type { Environment } from '#lib/environments/environment.ts'
import { AppError } from '#lib/flexmatch/result.ts'
import type { CallBudget } from './call-budget.ts'
import { type Access, openSigner } from './credentials.ts'
import { isExpired, isThrottling, isUnanswered, maySendAgain } from './errors.ts'
import { wasAsked } from './not-asked.ts'

const CONNECT_TIMEOUT_MS = 2_000
const ANSWER_TIMEOUT_MS = 5_000
/** Who hands out roles answers at once or not at all. */
const ROLE_TIMEOUT_MS = 4_000
/** A question is over by then, second tries included. It waits for the budget as long as there is time for an answer after that. */
const QUESTION_MS = 9_500
/** Requests that were under way together meet the same expired credentials: those are dropped once. */
const RENEW_EVERY_MS = 2_000
/** Longer than any request takes: what was begun with old credentials is not cut off. */
const CLOSE_AFTER_MS = 20_000

type Client = Pick<GameLiftClient, 'send'>
export interface GameLiftClients {
  reads: Client
  writes: Client
  /** Reads that are sent once, whatever comes of it. */
  once: Client
}
type Connected = Pick<Environment, 'region' | 'kind' | 'endpoint' | 'credentials'>

interface Options {
  /** Without one, requests are sent as they come. */
  budget?: Pick<CallBudget, 'wait' | 'throttled' | 'answered' | 'unanswered'>
  /** How names become addresses. */
  lookup?: LookupFunction
}

export function connect(environment: Connected, options: Options = {}): GameLiftClients & { close(): void } {
  const { budget } = options
  let open = openClients(environment, options)
  let openedAt = Number.NEGATIVE_INFINITY

  function renew(used: typeof open): boolean {
    if (open !== used) return true // somebody else has
    if (performance.now() - openedAt < RENEW_EVERY_MS) return false
    openedAt = performance.now()
    open = openClients(environment, options)
    setTimeout(used.close, CLOSE_AFTER_MS).unref()
    return true
  }

  async function sendBy(access: Access, most: number, [command, given]: SendArguments): Promise<unknown> {
    const until = performance.now() + QUESTION_MS
    let used = open
    let client = used.clientFor(access)
    let failure: unknown = null
    let mayRenew = true
    for (let tries = 1; ; tries++) {
      try {
        return await sendOnce(client, access, until, command, given)
      } catch (error) {
        // What it failed with tells more than that there was no time to try again.
        if (failure !== null && !wasAsked(error)) throw failure
        failure = error
        const isTime = until - performance.now() >= ANSWER_TIMEOUT_MS
        if (isTime && tries < most && maySendAgain(error, access)) continue
        if (!isTime || !mayRenew || !isExpired(error) || !renew(used)) throw error
        mayRenew = false
        used = open
        client = used.clientFor(access)
      }
    }
  }

  /** `until` is on the clock of `performance`. */
  async function sendOnce(
    client: GameLiftClient,
    access: Access,
    until: number,
    command: SendArguments[0],
    given: SendArguments[1],
  ): Promise<unknown> {
    // Nothing is signed for where requests of the environment must not go, whoever wrote its endpoint.
    requireAllowedForm(environment)
    // Before it is counted: who cannot say who they are sends nothing.
    await client.config.credentials()
    await budget?.wait(until - performance.now() - ANSWER_TIMEOUT_MS, access)
    const abortSignal = AbortSignal.timeout(Math.max(0, Math.ceil(until - performance.now())))
    try {
      const answer = await client.send(command, { ...given, abortSignal })
      await budget?.answered().catch(() => {})
      return answer
    } catch (error) {
      // What GameLift said counts, also when it cannot be noted.
      await noteFailure(error).catch(() => {})
      throw error
    }
  }

  async function noteFailure(error: unknown): Promise<void> {
    if (error instanceof AppError) return // our own refusal to send it
    if (isUnanswered(error)) return budget?.unanswered()
    await budget?.answered()
    if (isThrottling(error)) await budget?.throttled()
  }

  const clientOf = (access: Access, most: number): Client => ({
    send: ((...args: SendArguments) => sendBy(access, most, args)) as Client['send'],
  })
  return {
    reads: clientOf('read', 2),
    once: clientOf('read', 1),
    writes: clientOf('write', 3),
    close: () => open.close(),
  }
}
type SendArguments = [command: Parameters<Client['send']>[0], options?: { requestTimeout?: number }]

/** What is sent again, and when, is decided above, where it is known what a repeat could do: here each is sent once. */
function openClients(environment: Connected, { lookup }: Options) {
  const { region, endpoint } = environment
  const requestHandler = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: ANSWER_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  }
  const signer = openSigner(environment, 'matchdesk', {
    region,
    maxAttempts: 1,
    requestHandler: { ...requestHandler, requestTimeout: ROLE_TIMEOUT_MS },
  })
  const agent = { lookup: guardedLookup(environment, lookup) }
  const config: GameLiftClientConfig = {
    region,
    maxAttempts: 1,
    ...(endpoint === null
      ? { requestHandler }
      : { endpoint, requestHandler: { ...requestHandler, httpAgent: agent, httpsAgent: agent } }),
  }
  const reads = new GameLiftClient({ ...config, ...signer.as('read') })
  // They share the connections, which know nobody.
  const open = () =>
    new GameLiftClient({ ...config, ...signer.as('write'), requestHandler: reads.config.requestHandler })
  const writes = signer.isRole('write') ? null : open()
  return {
    /** A role that writes is taken for one question, and forgotten with its client. */
    clientFor: (access: Access): GameLiftClient => (access === 'read' ? reads : (writes ?? open())),
    close() {
      reads.destroy()
      signer.close()
    },
  }
}
