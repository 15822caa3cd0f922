/** A PostgreSQL that exists for one run of the bench, with a fresh migrated database for every engine. */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'
import { withDatabase } from '#lib/db/testing/global-setup.ts'

export interface Databases {
  create(): Promise<string>
  stop(): Promise<void>
}

export async function startDatabases(): Promise<Databases> {
  const folder = path.resolve('.test-data', `bench-${randomBytes(4).toString('hex')}`)
  fs.mkdirSync(folder, { recursive: true })
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'))
  let made = 0
  return {
    async create() {
      const name = `bench_${++made}`
      const admin = openPool(postgres.connectionString, { name: 'bench', max: 1 })
      await admin.query(`create database ${name}`).finally(() => admin.end())
      const url = withDatabase(postgres.connectionString, name)
      const pool = openPool(url, { name: 'bench', max: 1 })
      await migrate(pool).finally(() => pool.end())
      return url
    },
    async stop() {
      await postgres.stop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
