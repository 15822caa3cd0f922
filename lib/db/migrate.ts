import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Db, inTransaction } from './pool.ts'

/** Chosen once, for this purpose only: two processes that start together must not migrate together. */
const MIGRATION_LOCK = 7_310_001

/**
 * Applies the SQL files of `directory` that this database has not seen, in the order of their names, all in one
 * transaction: a crash in the middle leaves the database as it was.
 */
export async function migrate(db: Db, directory = path.resolve('lib/db/migrations')): Promise<string[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  return inTransaction(db, async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await tx.query('set local statement_timeout = 0')
    await tx.query(
      'create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())',
    )
    const { rows } = await tx.query<{ name: string }>('select name from schema_migrations')
    const seen = new Set(rows.map((row) => row.name))
    const applied: string[] = []
    for (const name of files) {
      if (seen.has(name)) continue
      const sql = await readFile(path.join(directory, name), 'utf8')
      await tx.query(sql).catch((cause: Error) => {
        throw new Error(`The migration ${name} failed and changed nothing: ${cause.message}`, { cause })
      })
      await tx.query('insert into schema_migrations (name) values ($1)', [name])
      applied.push(name)
    }
    return applied
  })
}
