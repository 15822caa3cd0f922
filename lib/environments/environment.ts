/** What an environment is: one GameLift endpoint and region, and where its events come from. Types only, and no I/O. */
import type { EnvironmentView } from '#lib/tickets/views.ts'

export const DEFAULT_ENVIRONMENT = 'local'

/** The ways an event can come. */
export type Channel = 'webhook' | 'eventbridge' | 'sns' | 'sqs'
export const CHANNELS: readonly Channel[] = ['webhook', 'eventbridge', 'sns', 'sqs']

/** Who Matchdesk is there, beyond the SDK's own chain. Names of what holds credentials, never credentials. */
export interface EnvironmentCredentials {
  /** In the shared configuration files of the machine. */
  profile?: string
  readRoleArn?: string
  writeRoleArn?: string
  externalId?: string
}

export interface EnvironmentChannels {
  sns: { topicArns: string[] }
  sqs: { queueUrl: string }[]
  /** Whether an API destination delivers. */
  eventbridge: boolean
}

/** Server side only: `viewOf` is what browsers get. */
export interface Environment extends EnvironmentView {
  credentials: EnvironmentCredentials
  /** Names of the configurations whose tickets are followed; null for all. */
  configurations: readonly string[] | null
  /** Fleets and aliases whose game sessions are looked at. */
  fleets: readonly string[]
  retentionDays: number
  /** To GameLift, over all replicas. */
  callsPerSecond: number
  channels: EnvironmentChannels
  /** Who may edit it: `start` is the built-in one, `file` the YAML file read at start. */
  managedBy: 'start' | 'file' | 'screen'
  /** Grows with every edit: whatever was opened for an older one is stale. */
  revision: number
  /** Whether it reaches an account of MATCHDESK_PRODUCTION_ACCOUNTS. Then its own `protection` does not count. */
  onProductionList: boolean
}

/** As it is kept: what the settings say of it is not. */
export type StoredEnvironment = Omit<Environment, 'onProductionList'>

export interface Environments {
  list(): Promise<Environment[]>
  /** null when no environment has this name. */
  find(name: string): Promise<Environment | null>
  /** Forgets what was read: somebody has changed an environment. */
  changed(): void
}

/** What leaves the server. */
export function viewOf(environment: Environment): EnvironmentView {
  const { name, label, colour, region, accountId, kind, endpoint } = environment
  return { name, label, colour, region, accountId, protection: effectiveProtection(environment), kind, endpoint }
}

/** How an action on it is judged: the one place where more than its own setting can decide. */
export function effectiveProtection({
  protection,
  onProductionList,
}: Pick<Environment, 'protection' | 'onProductionList'>): Environment['protection'] {
  return onProductionList ? 'protected' : protection
}
