/** The environments Matchdesk looks after, by name. */
import { AppError } from '#lib/flexmatch/result.ts'
import { localAddress, type Settings } from '#lib/settings.ts'
import { DEFAULT_ENVIRONMENT, type Environment, type Environments } from './environment.ts'

/** Our own engine: it needs no row and takes as many calls as the dashboard has reason to make. */
export function builtInEnvironment(
  settings: Pick<Settings, 'host' | 'enginePort' | 'region' | 'accountId'>,
): Environment {
  return {
    name: DEFAULT_ENVIRONMENT,
    label: 'Local engine',
    colour: 'grey',
    region: settings.region,
    accountId: settings.accountId,
    protection: 'open',
    kind: 'local',
    endpoint: localAddress(settings.host, settings.enginePort),
    credentials: {},
    configurations: null,
    fleets: [],
    retentionDays: 30,
    callsPerSecond: 20,
    channels: { sns: { topicArns: [] }, sqs: [], eventbridge: false },
    managedBy: 'start',
    revision: 0,
  }
}

/** These and no others. */
export function fixedEnvironments(all: readonly Environment[]): Environments {
  const byName = new Map(all.map((each) => [each.name, each]))
  return {
    list: async () => [...all],
    find: async (name) => byName.get(name) ?? null,
    changed() {},
  }
}

/** For callers that cannot go on without it. */
export async function requireEnvironment(environments: Environments, name: string): Promise<Environment> {
  const found = await environments.find(name)
  if (!found) throw new AppError('NOT_FOUND', `There is no environment called ${JSON.stringify(name)}.`)
  return found
}
