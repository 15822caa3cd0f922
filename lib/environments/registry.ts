/** The environments Matchdesk looks after, by name. */
import { AppError } from '#lib/flexmatch/result.ts'
import { localAddress, type Settings } from '#lib/settings.ts'
import { DEFAULT_ENVIRONMENT, type Environment, type Environments, type StoredEnvironment } from './environment.ts'
import { isOnProductionList } from './production-list.ts'

/** How long an edit by another process may go unnoticed when the hint of it is lost. */
const KEEP_MS = 2_000

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
    onProductionList: false,
  }
}

/**
 * The built-in environment and the stored ones, `local` first. What was read is kept for 2 s, or until `changed`. While
 * they cannot be read, asking throws: an older list could open what was closed since. `now` tells ms.
 */
export function createEnvironments(
  builtIn: Environment,
  readStored: () => Promise<StoredEnvironment[]>,
  now: () => number = () => performance.now(),
  productionAccounts: readonly string[] = [],
): Environments {
  let kept: { until: number; byName: Promise<Map<string, Environment>> } | null = null

  function all(): Promise<Map<string, Environment>> {
    if (kept && now() < kept.until) return kept.byName
    const reading = {
      until: now() + KEEP_MS,
      byName: readStored().then((stored) => merge(builtIn, stored, productionAccounts)),
    }
    reading.byName.catch(() => {
      if (kept === reading) kept = null
    })
    kept = reading
    return reading.byName
  }
  return {
    list: async () => [...(await all()).values()],
    find: async (name) => (await all()).get(name) ?? null,
    changed() {
      kept = null
    },
  }
}

/** A row of the name of the built-in one changes how it looks and is judged, not what it is. */
function merge(
  builtIn: Environment,
  stored: readonly StoredEnvironment[],
  productionAccounts: readonly string[],
): Map<string, Environment> {
  const merged = new Map<string, StoredEnvironment>([[builtIn.name, builtIn]])
  for (const each of stored) {
    const { label, colour, protection, retentionDays, managedBy, revision } = each
    const isBuiltIn = each.name === builtIn.name
    merged.set(
      each.name,
      isBuiltIn ? { ...builtIn, label, colour, protection, retentionDays, managedBy, revision } : each,
    )
  }
  return new Map(
    [...merged].map(([name, each]) => [
      name,
      { ...each, onProductionList: isOnProductionList(each, productionAccounts) },
    ]),
  )
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
