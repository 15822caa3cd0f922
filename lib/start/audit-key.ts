import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { writeSecretFile } from './data-folder.ts'

const fileOf = (dataDir: string) => path.join(dataDir, 'audit-key')

/** What the audit chain is sealed with when the environment names nothing: made once and kept beside the database. */
export function keptAuditKey(dataDir: string): string {
  if (!fs.existsSync(fileOf(dataDir))) writeSecretFile(fileOf(dataDir), `${randomBytes(32).toString('base64url')}\n`)
  return fs.readFileSync(fileOf(dataDir), 'utf8').trim()
}

/** The same without making one. */
export function findAuditKey(dataDir: string): string | null {
  return fs.existsSync(fileOf(dataDir)) ? fs.readFileSync(fileOf(dataDir), 'utf8').trim() : null
}
