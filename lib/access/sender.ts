import { matchesOneOf } from './secret.ts'

/**
 * Whether a delivery comes from somebody who knows one of the secrets: in `x-matchdesk-secret`, or in `authorization`
 * as a bearer token for senders that can set no other header. Never in the address, which ends in logs.
 */
export function isKnownSender(headers: Pick<Headers, 'get'>, secrets: readonly string[]): boolean {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  const given = headers.get('x-matchdesk-secret') ?? bearer
  return given !== undefined && given.length <= 1_000 && matchesOneOf(given, secrets)
}
