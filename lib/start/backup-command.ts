/** `npm run backup -- FOLDER` and `npm run restore -- FOLDER`: the data folder with the embedded PostgreSQL, whole. */
import path from 'node:path'
import { openPool } from '#lib/db/pool.ts'
import { readSettings, type Settings } from '#lib/settings.ts'
import { backUp, restore } from './backup.ts'
import { type HolderFacts, holdDataFolder, readDataFolderHolder } from './data-folder.ts'
import { StartProblem, say } from './progress.ts'

const [command, folder] = process.argv.slice(2)
try {
  if (!folder) throw new StartProblem(`Name a folder: npm run ${command} -- /where/it/is`)
  const settings = readSettings()
  if (settings.databaseUrl) {
    throw new StartProblem(
      'DATABASE_URL is set, so the data is in a PostgreSQL of your own. Use its tools: docs/operations.md has the commands.',
    )
  }
  await (command === 'restore' ? runRestore(path.resolve(folder), settings) : runBackup(path.resolve(folder), settings))
} catch (error) {
  const expected = error instanceof Error && (error.name === 'StartProblem' || error.name === 'SettingsError')
  console.error(expected ? `\n${error.message}` : error)
  process.exitCode = 1
}

async function runBackup(target: string, { dataDir }: Settings): Promise<void> {
  const holder = readDataFolderHolder(dataDir)
  if (holder && !holder.embeddedDatabase) {
    throw new StartProblem(`The Matchdesk on ${dataDir} was started with DATABASE_URL: its data is not in this folder.`)
  }
  say(`Copying ${dataDir} ${holder ? 'while it is in use' : 'at rest'}`)
  if (holder?.embeddedDatabase) {
    const db = openPool(holder.embeddedDatabase, { name: 'backup', max: 1 })
    try {
      report(target, await backUp(dataDir, db, target))
    } finally {
      await db.end()
    }
    return
  }
  await holding(dataDir, 'backup', async () => report(target, await backUp(dataDir, null, target)))
}

async function runRestore(backup: string, { dataDir }: Settings): Promise<void> {
  await holding(dataDir, 'restore', async () => {
    const { startedAt } = await restore(backup, dataDir)
    say(`${dataDir} is as it was at ${startedAt}. Start it with: npm start`)
  })
}

/** Nobody starts a Matchdesk on the folder meanwhile. */
async function holding(dataDir: string, mode: string, work: () => Promise<void>): Promise<void> {
  const facts: HolderFacts = { mode, address: 'nowhere', embeddedDatabase: null, ready: false, children: [] }
  const hold = holdDataFolder(dataDir, facts)
  try {
    await work()
  } finally {
    hold.release()
  }
}

function report(target: string, { startedAt, bytes }: { startedAt: string; bytes: number }): void {
  say(`${target} holds everything up to ${startedAt} (${(bytes / 1024 / 1024).toFixed(0)} MB)`)
}
