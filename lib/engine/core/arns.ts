/** The ARN forms of GameLift's resources, and how a name or an ARN in a request finds its resource. */
import type { EngineOptions } from './contract.ts'

type Kind = 'matchmakingconfiguration' | 'matchmakingruleset' | 'gamesessionqueue'

export function resourceArn(options: EngineOptions, kind: Kind, name: string): string {
  return `arn:aws:gamelift:${options.region}:${options.accountId}:${kind}/${name}`
}

/**
 * The resource that a plain name or an ARN names. The ARN may lack the account, as the API model prints it; an ARN of
 * another region or account names nothing here.
 */
export function findByNameOrArn<T extends { arn: string }>(resources: Map<string, T>, nameOrArn: string): T | null {
  if (!nameOrArn.startsWith('arn:')) return resources.get(nameOrArn) ?? null
  const found = resources.get(nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1))
  if (!found) return null
  return nameOrArn === found.arn || nameOrArn === withoutAccount(found.arn) ? found : null
}

function withoutAccount(arn: string): string {
  return arn.replace(/^(arn:[^:]*:[^:]*:[^:]*):[^:]*:/, '$1::')
}
