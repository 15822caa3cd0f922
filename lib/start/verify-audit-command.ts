/**
 * `npm run audit:verify`: walks the audit chain of the PostgreSQL of DATABASE_URL or of the data folder. Exit 0 when
 * everything is as it was sealed, 1 when not, with the first bad row.
 */
import { parseArgs } from 'node:util'
import { auditKey, type SignedHead } from '#lib/audit/chain.ts'
import { noteCheck } from '#lib/audit/check.ts'
import { parseHead, readHeadFile } from '#lib/audit/head.ts'
import { type Check, verifyAudit } from '#lib/audit/verify.ts'
import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'
import { readSettings, type Settings } from '#lib/settings.ts'
import { findAuditKey } from './audit-key.ts'
import { type HolderFacts, holdDataFolder, readDataFolderHolder } from './data-folder.ts'
import { startOwnPostgres } from './database.ts'
import { StartProblem, say } from './progress.ts'

const TELL_EVERY = 200_000

try {
  const settings = readSettings()
  const heads = headsGiven()
  const kept = readHeadFile(settings.dataDir)
  const check = await onDatabase(settings, (databaseUrl) =>
    verify(databaseUrl, secretOf(settings), kept ? [...heads, kept] : heads),
  )
  report(check)
  if (check.bad) process.exitCode = 1
} catch (error) {
  const expected = error instanceof Error && /^(StartProblem|SettingsError|AuditProblem)$/.test(error.name)
  console.error(expected ? `\n${error.message}` : error)
  process.exitCode = 1
}

/** `--head LINE`, as often as there are lines: heads that the log of Matchdesk has. */
function headsGiven(): SignedHead[] {
  const { values } = parseArgs({ options: { head: { type: 'string', multiple: true } } })
  return (values.head ?? []).map((text) => {
    const head = parseHead(text)
    if (!head) throw new StartProblem(`--head: ${JSON.stringify(text)} is not a head as the log of Matchdesk has it.`)
    return head
  })
}

function secretOf({ auditKey: fromEnvironment, dataDir }: Settings): string {
  const secret = fromEnvironment ?? findAuditKey(dataDir)
  if (secret === null) {
    throw new StartProblem(
      `There is no audit key: ${dataDir} has no file audit-key. Set MATCHDESK_AUDIT_KEY to the one the web processes have, or MATCHDESK_DATA_DIR to their folder.`,
    )
  }
  return secret
}

async function onDatabase<T>(settings: Settings, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const holder = readDataFolderHolder(settings.dataDir)
  const running = holder?.embeddedDatabase ?? settings.databaseUrl
  if (running) return work(running)
  if (holder) throw new StartProblem('The Matchdesk on this folder uses a DATABASE_URL; set the same one here.')
  const facts: HolderFacts = {
    mode: 'audit:verify',
    address: 'nowhere',
    embeddedDatabase: null,
    ready: false,
    children: [],
  }
  const hold = holdDataFolder(settings.dataDir, facts)
  try {
    const postgres = await startOwnPostgres(settings.dataDir)
    try {
      return await work(postgres.connectionString)
    } finally {
      await postgres.stop()
    }
  } finally {
    hold.release()
  }
}

async function verify(databaseUrl: string, secret: string, known: readonly SignedHead[]): Promise<Check> {
  const db = openPool(databaseUrl, { name: 'audit:verify', max: 2 })
  try {
    await migrate(db)
    let told = 0
    const check = await verifyAudit(db, auditKey(secret), {
      known,
      onProgress(entries) {
        if (entries - told < TELL_EVERY) return
        told = entries
        say(`${entries.toLocaleString('en')} entries are as they were sealed`)
      },
    })
    await noteCheck(db, check, new Date())
    return check
  } finally {
    await db.end()
  }
}

function report({ entries, sealedUpTo, waiting, erased, removed, bad }: Check): void {
  const upTo = sealedUpTo === null ? '' : `, the last sealed at ${new Date(sealedUpTo).toISOString()}`
  if (bad) {
    console.error(`\n${bad.what}\n${entries.toLocaleString('en')} entries before are as they were sealed${upTo}.`)
    return
  }
  say(`The audit trail is as it was sealed: ${entries.toLocaleString('en')} entries${upTo}`)
  if (erased > 0) say(`${erased.toLocaleString('en')} times personal text was erased on request`)
  if (removed > 0) say(`${removed.toLocaleString('en')} rows ended with their retention`)
  if (waiting > 0)
    say(`${waiting.toLocaleString('en')} wait to be sealed; a running Matchdesk does that within a second`)
}
