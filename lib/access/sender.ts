import { matchesOneOf } from './secret.ts'

/**
 * Whether a delivery comes from somebody who knows one of the secrets: in `x-matchdesk-secret`, or in `authorization`
 * as a bearer token for senders that can set no other header. Never in the address, which ends in logs.
 */
export function isKnownSender(headers: Pick<Headers, 'get'>, secrets: readonly string[]): boolean {
  const given = givenSecret(headers)
  return given !== null && matchesOneOf(given, secrets)
}

/** What the sender says it knows; null when it says nothing that could be a secret. */
export function givenSecret(headers: Pick<Headers, 'get'>): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const given = headers.get('x-matchdesk-secret') ?? bearer
  return given !== undefined && given.length <= 1_000 ? given : null
}
