/**
 * The environments Matchdesk looks after, by name. A registry and not a constant, so that stored environments can join
 * the built-in one without any caller noticing.
 */
import { AppError } from '#lib/flexmatch/result.ts'
import { localAddress, type Settings } from '#lib/settings.ts'
import type { EnvironmentView } from '#lib/tickets/views.ts'

export const DEFAULT_ENVIRONMENT = 'local'

export interface Environments {
  list(): Promise<EnvironmentView[]>
  /** null when no environment has this name. */
  find(name: string): Promise<EnvironmentView | null>
}

export function builtInEnvironments(settings: Pick<Settings, 'host' | 'enginePort' | 'region'>): Environments {
  const local: EnvironmentView = {
    name: DEFAULT_ENVIRONMENT,
    label: 'Local engine',
    region: settings.region,
    protection: 'open',
    kind: 'local',
    endpoint: localAddress(settings.host, settings.enginePort),
  }
  const byName = new Map([[local.name, local]])
  return {
    list: async () => [...byName.values()],
    find: async (name) => byName.get(name) ?? null,
  }
}

/** For callers that cannot go on without it. */
export async function requireEnvironment(environments: Environments, name: string): Promise<EnvironmentView> {
  const found = await environments.find(name)
  if (!found) throw new AppError('NOT_FOUND', `There is no environment called ${JSON.stringify(name)}.`)
  return found
}
