import fs from 'node:fs'
import path from 'node:path'
import { chromium, type FullConfig } from '@playwright/test'
import { somewhere, startMatchdesk } from './matchdesk.ts'

/** One Matchdesk for the whole run; every test starts signed in. Workers learn where it is by their environment. */
export default async function globalSetup(config: FullConfig) {
  const matchdesk = await startMatchdesk(await somewhere('e2e'))
  Object.assign(process.env, {
    E2E_BASE_URL: matchdesk.baseUrl,
    E2E_ENGINE_URL: matchdesk.engineUrl,
    E2E_DATABASE_URL: matchdesk.databaseUrl,
    E2E_DATA_DIR: matchdesk.dataDir,
  })
  const { launchOptions, storageState } = config.projects[0]?.use ?? {}
  const browser = await chromium.launch(launchOptions)
  const page = await browser.newPage()
  await page.goto(matchdesk.signInUrl)
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await page.context().storageState({ path: String(storageState) })
  await browser.close()
  return async () => {
    await matchdesk.stop()
    fs.writeFileSync(path.resolve('.test-data/results/matchdesk.log'), matchdesk.log())
    fs.rmSync(matchdesk.dataDir, { recursive: true, force: true })
  }
}
