/**
 * The clients of one environment. What they send stays within its budget of calls and goes only where its requests may go.
 * When AWS no longer takes the credentials, they are read anew and the request is sent once more.
 */
import type { LookupFunction } from 'node:net'
import { GameLiftClient, type GameLiftClientConfig } from '@aws-sdk/client-gamelift'
import { guardedLookup, requireAllowedForm } from '#lib/environments/address-guard.ts'
import type { Environment } from '#lib/environments/environment.ts'
import type { CallBudget } from './call-budget.ts'
import { openSigner } from './credentials.ts'
import { isExpired, isThrottling } from './errors.ts'

const CONNECT_TIMEOUT_MS = 2_000
const ANSWER_TIMEOUT_MS = 5_000
/** A request waits no longer than this until it is within the budget. */
const PATIENCE_MS = 5_000
/** A write that GameLift throttled was not carried out, so it may be sent again. */
const TRIES_OF_THROTTLED_WRITE = 3
/** Requests that were under way together meet the same expired credentials: those are dropped once. */
const RENEW_EVERY_MS = 2_000
/** Longer than any request takes: what was begun with old credentials is not cut off. */
const CLOSE_AFTER_MS = 20_000

type Client = Pick<GameLiftClient, 'send'>
export interface GameLiftClients {
  reads: Client
  writes: Client
}
type Connected = Pick<Environment, 'region' | 'kind' | 'endpoint' | 'credentials'>

interface Options {
  /** Without one, requests are sent as they come. */
  budget?: Pick<CallBudget, 'wait' | 'throttled'>
  /** How names become addresses. */
  lookup?: LookupFunction
}

export function connect(environment: Connected, options: Options = {}): GameLiftClients & { close(): void } {
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

  async function sendBy(which: keyof GameLiftClients, ...args: Parameters<Client['send']>): Promise<unknown> {
    let mayRenew = true
    for (let tries = 1; ; tries++) {
      const used = open
      try {
        return await used[which].send(...args)
      } catch (error) {
        if (which === 'writes' && isThrottling(error) && tries < TRIES_OF_THROTTLED_WRITE) continue
        if (!mayRenew || !isExpired(error) || !renew(used)) throw error
        mayRenew = false
      }
    }
  }
  const clientOf = (which: keyof GameLiftClients): Client => ({
    send: ((...args: Parameters<Client['send']>) => sendBy(which, ...args)) as Client['send'],
  })
  return { reads: clientOf('reads'), writes: clientOf('writes'), close: () => open.close() }
}

/** Reads may be sent twice; a write is sent once, because a repeat could meet its own effect. */
function openClients(environment: Connected, { budget, lookup }: Options) {
  const { region, kind, endpoint } = environment
  const requestHandler = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: ANSWER_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  }
  const signer = openSigner(environment, 'matchdesk', { region, requestHandler })
  const agent = { lookup: guardedLookup(kind, lookup) }
  const config: GameLiftClientConfig = {
    region,
    ...(endpoint === null
      ? { requestHandler }
      : { endpoint, requestHandler: { ...requestHandler, httpAgent: agent, httpsAgent: agent } }),
  }
  const reads = new GameLiftClient({ ...config, ...signer.as('read'), maxAttempts: 2 })
  const writes = new GameLiftClient({ ...config, ...signer.as('write'), maxAttempts: 1 })
  for (const client of [reads, writes]) {
    guardEndpoint(client, environment)
    if (budget) keepWithin(client, budget)
  }
  return {
    reads,
    writes,
    close() {
      for (const client of [reads, writes]) client.destroy()
      signer.close()
    },
  }
}

/** Nothing is signed for where requests of the environment must not go, whoever wrote its endpoint. */
function guardEndpoint(client: GameLiftClient, environment: Connected): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      requireAllowedForm(environment)
      return next(args)
    },
    { step: 'initialize', name: 'allowedEndpoint' },
  )
}

/** Below the SDK's own retries, so that each try is counted, and after signing, so that only what is sent is. */
function keepWithin(client: GameLiftClient, budget: NonNullable<Options['budget']>): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      await budget.wait(PATIENCE_MS)
      try {
        return await next(args)
      } catch (error) {
        // What GameLift said counts, also when it cannot be noted.
        if (isThrottling(error)) await budget.throttled().catch(() => {})
        throw error
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'callBudget' },
  )
}
