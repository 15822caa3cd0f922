/** Random secrets handed out once and kept as hashes only, and comparison that does not tell how far it got. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits, in characters that need no escaping in a URL or a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Compares hashes, so that neither the length nor a common beginning of a guess shows in the time taken. */
export function matchesOneOf(given: string, secrets: readonly string[]): boolean {
  return matchesOneHash(given, secrets.map(hashOf))
}

/** The same, where only what `hashOf` made of the secrets was kept. */
export function matchesOneHash(given: string, hashes: readonly Buffer[]): boolean {
  const hash = hashOf(given)
  let found = false
  for (const known of hashes) found = timingSafeEqual(hash, known) || found
  return found
}
