/** Seeded ticket indexes of several sizes in one PostgreSQL that exists for one run of the bench. */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { type Db, openPool } from '#lib/db/pool.ts'
import { withDatabase } from '#lib/db/testing/global-setup.ts'
import { seedIndex } from './seed-index.ts'

const MIB = 1024 * 1024

export interface SeededIndexes {
  /** Makes one, open until `stop`. `endsAt` is epoch ms. */
  create(rows: number, endsAt: number): Promise<Db>
  stop(): Promise<void>
}

export async function startSeededIndexes(): Promise<SeededIndexes> {
  const home = path.resolve('.test-data', `bench-${randomBytes(4).toString('hex')}`)
  fs.mkdirSync(home, { recursive: true })
  // Tens of gigabytes: they go also when the bench is interrupted.
  const remove = () => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', remove)
  const data = path.join(home, 'postgres')
  let postgres = await startEmbeddedPostgres(data)
  await set(postgres.connectionString, {
    // As docs/scaling.md says: a quarter of the memory, here at most 2 GB.
    shared_buffers: `${Math.min(2048, Math.floor(os.totalmem() / MIB / 4))}MB`,
    effective_cache_size: `${Math.floor(os.totalmem() / MIB / 2)}MB`,
    random_page_cost: '1.1',
    // Nobody will want back what is made here, and what is timed only reads.
    ...{ fsync: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0', autovacuum: 'off' },
  })
  await postgres.stop()
  postgres = await startEmbeddedPostgres(data)
  const open: Db[] = []
  return {
    async create(rows, endsAt) {
      const name = `index_${rows}`
      const admin = openPool(postgres.connectionString, { name: 'bench', max: 1 })
      await admin.query(`create database ${name}`).finally(() => admin.end())
      const db = openPool(withDatabase(postgres.connectionString, name), { name: 'bench' })
      open.push(db)
      await migrate(db)
      await seedIndex(db, rows, endsAt)
      return db
    },
    async stop() {
      for (const db of open) await db.end()
      await postgres.stop()
      remove()
      process.off('exit', remove)
    },
  }
}

async function set(url: string, settings: Record<string, string>): Promise<void> {
  const admin = openPool(url, { name: 'bench', max: 1 })
  for (const [name, value] of Object.entries(settings)) await admin.query(`alter system set ${name} = '${value}'`)
  await admin.end()
}
