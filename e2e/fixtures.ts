/** What every spec starts from: `page` signed in at the running Matchdesk, `gamelift` at its engine, `db` on its database. */
import { GameLiftClient } from '@aws-sdk/client-gamelift'
import { test as base } from '@playwright/test'
import { type Db, openPool } from '#lib/db/pool.ts'

export { expect } from '@playwright/test'

interface WorkerFixtures {
  /** The game's side: what players and game servers do. */
  gamelift: GameLiftClient
  /** For arranging and for looking behind the screen. */
  db: Db
}

export const test = base.extend<object, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: a fixture names what it needs by destructuring, and this needs nothing
  baseURL: async ({}, use) => {
    await use(fromSetup('E2E_BASE_URL'))
  },
  gamelift: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const client = new GameLiftClient({
        endpoint: fromSetup('E2E_ENGINE_URL'),
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        maxAttempts: 1,
      })
      await use(client)
      client.destroy()
    },
    { scope: 'worker' },
  ],
  db: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const db = openPool(fromSetup('E2E_DATABASE_URL'), { name: 'e2e', max: 2 })
      await use(db)
      await db.end()
    },
    { scope: 'worker' },
  ],
})

function fromSetup(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: the global set-up has not run.`)
  return value
}
