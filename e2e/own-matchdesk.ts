/** A Matchdesk of a spec's own, where it changes what is shared: engine options, sign-ins, the index's lock. */
import fs from 'node:fs'
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import { type Browser, type BrowserContext, expect } from '@playwright/test'
import { openPool } from '#lib/db/pool.ts'
import type { EngineOptionsPatch } from '#lib/engine/core/contract.ts'
import { lockEnvironment } from '#lib/tickets/environment-lock.ts'
import { somewhere, startMatchdesk, type TestMatchdesk } from './server/matchdesk.ts'

export interface OwnMatchdesk extends TestMatchdesk {
  gamelift: GameLiftClient
  /** A browser signed in here; closes with the Matchdesk. */
  context: BrowserContext
  /** Events and answers of GameLift wait at the door of the index, as when it is slow, until they are let through. */
  holdNews(): Promise<{ letThrough(): Promise<void> }>
  setOptions(options: EngineOptionsPatch): Promise<void>
  end(): Promise<void>
}

export async function ownMatchdesk(
  browser: Browser,
  name: string,
  env: Record<string, string> = {},
): Promise<OwnMatchdesk> {
  const matchdesk = await startMatchdesk(await somewhere(name), env)
  const gamelift = new GameLiftClient({
    endpoint: matchdesk.engineUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  const context = await browser.newContext({
    baseURL: matchdesk.baseUrl,
    storageState: { cookies: [], origins: [] },
  })
  const db = openPool(matchdesk.databaseUrl, { name: 'e2e', max: 1 })
  const page = await context.newPage()
  await page.goto(matchdesk.signInUrl)
  await expect(page).toHaveURL(/\/local$/)
  await page.close()
  return {
    ...matchdesk,
    gamelift,
    context,
    async holdNews() {
      const tx = await db.connect()
      await tx.query('begin')
      await lockEnvironment(tx, 'local')
      return {
        async letThrough() {
          await tx.query('rollback')
          tx.release()
        },
      }
    },
    setOptions: (options) => setEngineOptions(matchdesk.engineUrl, options),
    async end() {
      await context.close()
      gamelift.destroy()
      await db.end()
      await matchdesk.stop()
      fs.rmSync(matchdesk.dataDir, { recursive: true, force: true })
    },
  }
}

async function setEngineOptions(engineUrl: string, options: EngineOptionsPatch): Promise<void> {
  const response = await fetch(`${engineUrl}/lab/options`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(options),
  })
  expect(response.status, await response.text()).toBe(200)
}
