import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '#lib/db/embedded.ts'
import { migrate } from '#lib/db/migrate.ts'
import { openPool } from '#lib/db/pool.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
  }
}

/** One PostgreSQL for the whole run, with a migrated template each test file copies. */
export default async function setup(project: TestProject) {
  const folder = path.resolve('.test-data', `vitest-${randomBytes(4).toString('hex')}`)
  fs.mkdirSync(folder, { recursive: true })
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'))
  const admin = openPool(postgres.connectionString, { name: 'tests', max: 1 })
  await admin.query('create database matchdesk_template')
  const template = openPool(withDatabase(postgres.connectionString, 'matchdesk_template'), { name: 'tests', max: 1 })
  await migrate(template)
  await template.end()
  await admin.end()
  project.provide('databaseUrl', postgres.connectionString)
  return async () => {
    await postgres.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

export function withDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${database}`
  return url.href
}
