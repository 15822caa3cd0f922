import type { Environment } from '#lib/environments/environment.ts'

/**
 * Why an event cannot be of this environment, by the account and region it names; null when it can be. An environment
 * whose account nobody has said takes events of any.
 */
export function whyForeign(
  { name, accountId, region, kind }: Pick<Environment, 'name' | 'accountId' | 'region' | 'kind'>,
  envelope: unknown,
): string | null {
  // What our own engine writes there is made up.
  if (kind === 'local' || typeof envelope !== 'object' || envelope === null) return null
  const { account, region: from } = envelope as Record<string, unknown>
  if (accountId !== null && account !== accountId) {
    return `the event is of account ${shown(account)}; ${name} is account ${accountId}`
  }
  if (from !== region) return `the event is of region ${shown(from)}; ${name} is in ${region}`
  return null
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : 'nothing readable'
}
