import { matchesOneHash } from '#lib/access/secret.ts'
import { givenSecret } from '#lib/access/sender.ts'
import type { Db } from '#lib/db/pool.ts'
import type { Channel } from '#lib/environments/environment.ts'
import { secretsOf } from './secrets.ts'

/** A secret that has ended opens the door for at most this long after. */
const KEPT_FOR_MS = 2_000

export type KnownSenders = (headers: Pick<Headers, 'get'>, environment: string, channel: Channel) => Promise<boolean>

/**
 * Tells who knows a secret of a channel. Hashes are kept for a moment, because events come hundreds a second; a secret
 * that is not among them is looked for in the database before it is called wrong, so that a new one is good at once.
 */
export function createKnownSenders(db: Db, now: () => number): KnownSenders {
  const kept = new Map<string, { hashes: Buffer[]; until: number }>()
  return async (headers, environment, channel) => {
    const given = givenSecret(headers)
    if (given === null) return false
    const key = `${channel} ${environment}`
    const known = kept.get(key)
    if (known && known.until > now() && matchesOneHash(given, known.hashes)) return true
    const hashes = await secretsOf(db, environment, channel)
    // Names that were made up are not kept.
    if (hashes.length > 0) kept.set(key, { hashes, until: now() + KEPT_FOR_MS })
    return matchesOneHash(given, hashes)
  }
}
