import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { type Db, openPool } from '#lib/db/pool.ts'
import { withDatabase } from './global-setup.ts'

/** A migrated database of its own for one test file: `const database = testDatabase()`, then `database.db`. */
export function testDatabase(): { readonly db: Db; readonly url: string } {
  const name = `t_${randomBytes(6).toString('hex')}`
  let db: Db | undefined
  let url = ''
  beforeAll(async () => {
    const server = inject('databaseUrl')
    const admin = openPool(server, { name: 'tests', max: 1 })
    await admin.query(`create database ${name} template matchdesk_template`)
    await admin.end()
    url = withDatabase(server, name)
    db = openPool(url, { name: 'tests' })
  })
  afterAll(async () => {
    await db?.end()
  })
  return {
    get db() {
      if (!db) throw new Error('The test database is ready in hooks and tests only.')
      return db
    },
    get url() {
      return url
    },
  }
}
