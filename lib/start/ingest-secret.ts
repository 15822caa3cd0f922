import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { writeSecretFile } from './data-folder.ts'

/** What events must carry to be believed when the environment names nothing: made once and kept with the data. */
export function keptIngestSecret(dataDir: string): string {
  const file = path.join(dataDir, 'ingest-secret')
  if (!fs.existsSync(file)) writeSecretFile(file, `${randomBytes(32).toString('base64url')}\n`)
  return fs.readFileSync(file, 'utf8').trim()
}
