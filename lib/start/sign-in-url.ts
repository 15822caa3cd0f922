/** The one-time link with which the person at the terminal signs in. */
import os from 'node:os'
import path from 'node:path'
import { createSignInLink } from '#lib/access/sign-in-links.ts'
import { openPool } from '#lib/db/pool.ts'
import type { Settings } from '#lib/settings.ts'
import { dashboardAddress } from './addresses.ts'
import { writeSecretFile } from './data-folder.ts'

const TTL_SECONDS = 12 * 60 * 60

/** Makes a link for an administrator named after the system user and keeps it in `sign-in-url` of the data folder. */
export async function writeSignInUrl(settings: Settings, databaseUrl: string): Promise<string> {
  const db = openPool(databaseUrl, { name: 'sign-in link', max: 1 })
  try {
    const token = await createSignInLink(db, { role: 'admin', name: userName(), ttlSeconds: TTL_SECONDS })
    const url = `${dashboardAddress(settings)}/sign-in?token=${token}`
    writeSecretFile(path.join(settings.dataDir, 'sign-in-url'), `${url}\n`)
    return url
  } finally {
    await db.end()
  }
}

function userName(): string {
  try {
    return os.userInfo().username
  } catch {
    return 'admin' // a user number without a name, as containers have them
  }
}
