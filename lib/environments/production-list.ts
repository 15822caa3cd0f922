/** The AWS accounts that are production whatever anybody says of them: MATCHDESK_PRODUCTION_ACCOUNTS. */
import type { Environment } from './environment.ts'

type Named = Pick<Environment, 'kind' | 'accountId' | 'credentials'>

/**
 * Whether the environment reaches into one of these accounts, by anything that is said of it. With a list, GameLift in an
 * account that nothing names is taken for production: leaving the account out must not open it.
 */
export function isOnProductionList(environment: Named, productionAccounts: readonly string[]): boolean {
  if (productionAccounts.length === 0) return false
  const named = accountsNamed(environment)
  if (environment.kind === 'aws' && named.length === 0) return true
  return named.some((account) => productionAccounts.includes(account))
}

/** Its own and those of its roles. Queues and topics do not count: events may come by way of another account. */
function accountsNamed({ accountId, credentials }: Named): string[] {
  const { readRoleArn, writeRoleArn } = credentials
  const ofRoles = [readRoleArn, writeRoleArn].map((arn) => arn?.split(':')[4])
  return [accountId, ...ofRoles].filter((account): account is string => typeof account === 'string')
}
