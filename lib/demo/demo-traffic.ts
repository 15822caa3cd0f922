/** Life for a newcomer: virtual players who use the local engine through its wire, like any client. */
import { setTimeout as sleep } from 'node:timers/promises'
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import { createTraffic } from './traffic.ts'

const STEP_MS = 500
const SWITCH_EVERY_MS = 500
const BACK_OFF_MS = { least: 1_000, most: 15_000 }

export interface DemoTraffic {
  /** Resolves when the last call has ended; nothing is sent after that. */
  stop(): Promise<void>
}

/**
 * Starts the traffic against `endpoint`, which must not be AWS. `isRunning` is asked twice a second; while it says no,
 * nothing is sent. `report` hears when the engine stops answering and when it answers again. `seed` decides who the
 * players are and what they do.
 */
export function startDemoTraffic(given: {
  endpoint: string
  region: string
  isRunning(): Promise<boolean>
  report(message: string, error?: unknown): void
  seed?: string
}): DemoTraffic {
  const { endpoint, region, isRunning, report, seed = 'matchdesk' } = given
  if (/(^|\.)amazonaws\.com(\.cn)?$/i.test(new URL(endpoint).hostname)) {
    throw new Error(`Demo traffic is for the local engine only, not for ${endpoint}.`)
  }
  const client = new GameLiftClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  })
  const traffic = createTraffic(client, { seed, region, run: Date.now().toString(36) })
  const stopping = new AbortController()
  let allowed = false
  let backOffMs = 0
  const ended = Promise.all([watchSwitch(), play()])

  // Apart from the playing, so that a pause counts at once, in the middle of a step too.
  async function watchSwitch(): Promise<void> {
    while (!stopping.signal.aborted) {
      allowed = await isRunning().catch((error: unknown) => {
        fail(error)
        return false
      })
      await pause(SWITCH_EVERY_MS)
    }
  }

  async function play(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (allowed) {
          await traffic.step(Date.now(), () => !allowed || stopping.signal.aborted)
          if (backOffMs > 0) report('Demo traffic goes on')
          backOffMs = 0
        }
      } catch (error) {
        fail(error)
      }
      await pause(backOffMs || STEP_MS)
    }
  }

  function fail(error: unknown): void {
    if (backOffMs === 0) report('Demo traffic is interrupted; trying again', error)
    backOffMs = Math.min(BACK_OFF_MS.most, Math.max(BACK_OFF_MS.least, backOffMs * 2))
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {}) // stop() wakes it
  }

  return {
    async stop() {
      stopping.abort()
      await ended
      client.destroy()
    },
  }
}
