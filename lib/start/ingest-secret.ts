/** What events must carry to be believed: given in the environment, or made once and kept with the data. */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { writeSecretFile } from './data-folder.ts'

export function ingestSecret(dataDir: string, given: string | undefined): string {
  if (given) return given
  const file = path.join(dataDir, 'ingest-secret')
  if (!fs.existsSync(file)) writeSecretFile(file, `${randomBytes(32).toString('base64url')}\n`)
  return fs.readFileSync(file, 'utf8').trim()
}
