/** The data folder belongs to one running Matchdesk at a time; a file in it names the holder. */
import fs from 'node:fs'
import path from 'node:path'
import { type HeldLock, type Holder, type ProcessIdentity, readHolder, takeLock } from './pid-lock.mjs'
import { StartProblem } from './progress.ts'

export interface HolderFacts {
  mode: string
  /** Where the dashboard answers, or the engine when it runs alone. */
  address: string
  /** For `npm run sign-in`. null when DATABASE_URL names it: that may hold a password. */
  embeddedDatabase: string | null
  ready: boolean
  /** What was started, for whoever has to clear up after a kill -9. */
  children: (ProcessIdentity & { name: string })[]
}

function holderFile(dataDir: string): string {
  return path.join(dataDir, 'holder.json')
}

/** Throws a StartProblem naming the holder when another Matchdesk has the folder. A dead one's hold is taken over. */
export function holdDataFolder(dataDir: string, facts: HolderFacts): HeldLock {
  let attempt: ReturnType<typeof takeLock>
  try {
    fs.mkdirSync(dataDir, { recursive: true })
    attempt = takeLock(holderFile(dataDir), { ...facts })
  } catch (error) {
    throw new StartProblem(
      `The data folder ${dataDir} cannot be written (${(error as Error).message}). Set MATCHDESK_DATA_DIR to one that can.`,
    )
  }
  if (attempt.taken) return attempt
  throw new StartProblem(
    `${describeHolder(dataDir, attempt.holder)} Stop it (Ctrl-C there, or: kill ${attempt.holder.pid}), ` +
      'or set MATCHDESK_DATA_DIR to another folder to run a second one.',
  )
}

function describeHolder(dataDir: string, holder: Holder): string {
  const { mode, address } = holder as Holder & Partial<HolderFacts>
  const name = mode === 'start' || !mode ? 'Matchdesk' : `Matchdesk (npm run ${mode})`
  return `The data folder ${dataDir} is in use by ${name}: process ${holder.pid}, since ${holder.since}, at ${address}.`
}

/** The Matchdesk that runs on this data now, or null. */
export function readDataFolderHolder(dataDir: string): (Holder & HolderFacts) | null {
  return readHolder(holderFile(dataDir)) as (Holder & HolderFacts) | null
}

/** Writes a file only its owner may read, whole or not at all. */
export function writeSecretFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`
  fs.rmSync(draft, { force: true })
  fs.writeFileSync(draft, text, { mode: 0o600 })
  fs.renameSync(draft, file)
}
