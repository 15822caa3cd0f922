/** `npm run sign-in`: another one-time link for the Matchdesk that runs on this data. */
import { readSettings } from '#lib/settings.ts'
import { readDataFolderHolder } from './data-folder.ts'
import { StartProblem } from './progress.ts'
import { writeSignInUrl } from './sign-in-url.ts'

try {
  const settings = readSettings()
  const holder = readDataFolderHolder(settings.dataDir)
  if (!holder?.ready) throw new StartProblem(`No Matchdesk runs on ${settings.dataDir}. Start it with: npm start`)
  if (holder.mode === 'engine')
    throw new StartProblem('The engine runs without the dashboard. Start both with: npm start')
  const databaseUrl = holder.embeddedDatabase ?? settings.databaseUrl
  if (!databaseUrl) throw new StartProblem('That Matchdesk was started with DATABASE_URL; set the same one here.')
  // The running one decides where browsers reach it, whatever PORT says here.
  console.log(await writeSignInUrl({ ...settings, origins: [holder.address] }, databaseUrl))
} catch (error) {
  const expected = error instanceof Error && (error.name === 'StartProblem' || error.name === 'SettingsError')
  console.error(expected ? error.message : error)
  process.exitCode = 1
}
