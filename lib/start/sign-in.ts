/** `npm run sign-in`: another one-time link for the Matchdesk that runs on this data. */
import fs from 'node:fs'
import { openPool } from '#lib/db/pool.ts'
import { liveReplicas } from '#lib/replicas/heartbeat.ts'
import { readSettings, type Settings } from '#lib/settings.ts'
import { type HolderFacts, readDataFolderHolder } from './data-folder.ts'
import { StartProblem } from './progress.ts'
import { writeSignInUrl } from './sign-in-url.ts'

try {
  const settings = readSettings()
  const holder = readDataFolderHolder(settings.dataDir)
  console.log(holder?.ready ? await forHolder(settings, holder) : await forReplicas(settings))
} catch (error) {
  const expected = error instanceof Error && (error.name === 'StartProblem' || error.name === 'SettingsError')
  console.error(expected ? error.message : error)
  process.exitCode = 1
}

async function forHolder(settings: Settings, holder: HolderFacts): Promise<string> {
  if (holder.mode === 'engine')
    throw new StartProblem('The engine runs without the dashboard. Start both with: npm start')
  const databaseUrl = holder.embeddedDatabase ?? settings.databaseUrl
  if (!databaseUrl) throw new StartProblem('That Matchdesk was started with DATABASE_URL; set the same one here.')
  // The running one decides where browsers reach it, whatever PORT says here.
  return writeSignInUrl({ ...settings, origins: [holder.address] }, databaseUrl)
}

/** `npm run web` holds no folder: its database is what its replicas share, and they may run elsewhere. */
async function forReplicas(settings: Settings): Promise<string> {
  if (!settings.databaseUrl)
    throw new StartProblem(
      `No Matchdesk runs on ${settings.dataDir}. Start it with: npm start. For one that was started with npm run web, set its DATABASE_URL.`,
    )
  const db = openPool(settings.databaseUrl, { name: 'sign-in', max: 1 })
  try {
    if ((await liveReplicas(db)).length === 0) {
      throw new StartProblem('No web process runs on the PostgreSQL of DATABASE_URL. Start one with: npm run web')
    }
  } finally {
    await db.end()
  }
  fs.mkdirSync(settings.dataDir, { recursive: true })
  return writeSignInUrl(settings, settings.databaseUrl)
}
