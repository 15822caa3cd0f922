/**
 * A copy of a data folder from which Matchdesk can be started again. PostgreSQL may be running and written to meanwhile:
 * the copy holds everything that was committed when the backup began, and usually what came while it ran.
 */
import fs from 'node:fs'
import { copyFile, mkdir, open, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Db } from '#lib/db/pool.ts'
import { StartProblem } from './progress.ts'

export interface BackupFacts {
  /** ISO 8601. Everything committed before is in it. */
  startedAt: string
  finishedAt: string
  bytes: number
}

/** Of a running server only, or made anew at its start. Their folders are kept, empty. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label', 'tablespace_map'])
const EMPTIED = new Set('pg_dynshmem pg_notify pg_replslot pg_serial pg_snapshots pg_stat_tmp pg_subtrans'.split(' '))
/** What the start command keeps beside the database and cannot make again. */
const KEPT_FILES = ['ingest-secret', 'audit-key']
const SLOT = 'matchdesk_backup'
const LONGEST_STATEMENT_MS = 600_000

/**
 * Copies `dataDir` to `target`, which must not exist. `db` is the running PostgreSQL of that folder, or null when none
 * runs; then the caller sees to it that none is started.
 */
export async function backUp(dataDir: string, db: Db | null, target: string): Promise<BackupFacts> {
  if (fs.existsSync(target)) throw new StartProblem(`${target} is there already. Name a folder that is not there yet.`)
  const source = path.join(dataDir, 'postgres')
  if (!fs.existsSync(path.join(source, 'PG_VERSION'))) {
    throw new StartProblem(`There is no database in ${dataDir}, so there is nothing to back up.`)
  }
  const startedAt = new Date().toISOString()
  // Renamed at the end: what has the name of a backup is a whole one.
  const unfinished = `${target}.unfinished`
  fs.rmSync(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  const copy = path.join(unfinished, 'postgres')
  let bytes = db ? await copyRunning(db, source, copy) : await copyTree(source, copy, () => true)
  for (const name of KEPT_FILES) {
    if (fs.existsSync(path.join(dataDir, name)))
      bytes += await copyOne(path.join(dataDir, name), path.join(unfinished, name))
  }
  const facts: BackupFacts = { startedAt, finishedAt: new Date().toISOString(), bytes }
  await writeDurably(path.join(unfinished, 'backup.json'), `${JSON.stringify(facts, null, 2)}\n`)
  fs.renameSync(unfinished, target)
  await syncFolder(path.dirname(target))
  return facts
}

/** PostgreSQL's own way: files in any state, and the log of what happened to them from the first file to the last. */
async function copyRunning(db: Db, source: string, copy: string): Promise<number> {
  const session = await db.connect()
  try {
    await session.query(`set statement_timeout = ${LONGEST_STATEMENT_MS}`)
    // The slot keeps the log from being tidied away under us; it goes with this connection.
    await session.query('select pg_create_physical_replication_slot($1, true, true)', [SLOT])
    await session.query(`select pg_backup_start('matchdesk', fast => true)`)
    const files = await copyTree(source, copy, (name) => !LEFT_OUT.has(name) && name !== 'pg_wal')
    const { rows } = await session.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    )
    const label = rows[0]?.labelfile
    if (!label) throw new Error('PostgreSQL gave no backup label.')
    await writeDurably(path.join(copy, 'backup_label'), label)
    const log = await copyTree(path.join(source, 'pg_wal'), path.join(copy, 'pg_wal'), () => true)
    return files + log
  } finally {
    session.release(true) // never handed out again: a backup that failed half-way ends with its connection
  }
}

/** Every file is on disk when it resolves. Files that vanish meanwhile were of no use any more. Returns bytes. */
async function copyTree(source: string, copy: string, wanted: (name: string) => boolean): Promise<number> {
  const { mode } = fs.statSync(source)
  await mkdir(copy, { recursive: true, mode: mode & 0o777 })
  let bytes = 0
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (!wanted(entry.name)) continue
    const [from, to] = [path.join(source, entry.name), path.join(copy, entry.name)]
    if (entry.isDirectory()) bytes += await copyTree(from, to, EMPTIED.has(entry.name) ? () => false : isKept)
    else if (entry.isFile()) bytes += await copyOne(from, to)
  }
  await syncFolder(copy)
  return bytes
}

function isKept(name: string): boolean {
  return !name.startsWith('pgsql_tmp')
}

async function copyOne(from: string, to: string): Promise<number> {
  try {
    await copyFile(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
  const file = await open(to, 'r+')
  try {
    await file.sync()
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  await handle.writeFile(text)
  await handle.sync()
  await handle.close()
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync().catch(() => {}) // not every system can
  await handle.close()
}

/** Puts a backup in the place of a data folder that has no database. Start Matchdesk on it afterwards. */
export async function restore(backup: string, dataDir: string): Promise<BackupFacts> {
  const factsFile = path.join(backup, 'backup.json')
  if (!fs.existsSync(factsFile)) {
    throw new StartProblem(
      `${backup} is no whole backup: it has no backup.json. Name a folder that npm run backup made.`,
    )
  }
  if (fs.existsSync(path.join(dataDir, 'postgres'))) {
    throw new StartProblem(
      `${dataDir} has a database. Move that folder away first, or set MATCHDESK_DATA_DIR to a new one: nothing is overwritten.`,
    )
  }
  const facts = JSON.parse(fs.readFileSync(factsFile, 'utf8')) as BackupFacts
  await mkdir(dataDir, { recursive: true })
  const unfinished = path.join(dataDir, 'postgres.unfinished')
  fs.rmSync(unfinished, { recursive: true, force: true })
  await copyTree(path.join(backup, 'postgres'), unfinished, () => true)
  for (const name of KEPT_FILES) {
    if (fs.existsSync(path.join(backup, name))) await copyOne(path.join(backup, name), path.join(dataDir, name))
  }
  fs.renameSync(unfinished, path.join(dataDir, 'postgres'))
  // The audit chain of the backup ends earlier than the head that was signed here: that is what a cut would look like.
  const head = path.join(dataDir, 'audit-head')
  if (fs.existsSync(head)) fs.renameSync(head, `${head}.before-restore`)
  return facts
}
