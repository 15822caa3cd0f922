/** Matchmaking configurations: create, update, describe, delete. */
import { findByNameOrArn, resourceArn } from './arns.ts'
import { Refusal } from './contract.ts'
import { pageOf } from './pages.ts'
import { applySettingsToPool } from './pool.ts'
import { findRuleSet } from './rule-sets.ts'
import type { ConfigurationSettings, ConfigurationState, GameProperty, State } from './state.ts'
import { checkNewTags, setNewTags, type TagInput } from './tags.ts'
import { TicketList } from './ticket-list.ts'
import type { Turn } from './turn.ts'
import { emptyWaitHistory } from './wait-estimate.ts'

const MOST_PER_PAGE = 10

interface SettingsInput {
  RuleSetName?: string
  RequestTimeoutSeconds?: number
  AcceptanceRequired?: boolean
  AcceptanceTimeoutSeconds?: number
  GameSessionQueueArns?: string[]
  FlexMatchMode?: 'STANDALONE' | 'WITH_QUEUE'
  BackfillMode?: 'AUTOMATIC' | 'MANUAL'
  AdditionalPlayerCount?: number
  NotificationTarget?: string
  CustomEventData?: string
  GameProperties?: GameProperty[]
  GameSessionData?: string
  Description?: string
}

const UNSET: ConfigurationSettings = {
  ruleSetName: '',
  requestTimeoutSeconds: 0,
  acceptanceRequired: false,
  acceptanceTimeoutSeconds: null,
  queueArns: null,
  flexMatchMode: 'WITH_QUEUE',
  backfillMode: 'MANUAL',
  additionalPlayerCount: 0,
  notificationTarget: null,
  customEventData: null,
  gameProperties: null,
  gameSessionData: null,
  description: null,
}

export function createConfiguration(turn: Turn, input: { Name: string; Tags?: TagInput[] } & SettingsInput) {
  const { state } = turn
  const { Name: name } = input
  if (!name) throw new Refusal('InvalidRequestException', 'Name must not be empty.')
  if (state.configurations.has(name)) {
    throw new Refusal('InvalidRequestException', `Matchmaking configuration ${name} already exists.`)
  }
  const settings = readSettings(state, UNSET, input)
  if (state.configurations.size >= state.options.limits.configurations) {
    const { configurations } = state.options.limits
    throw new Refusal('LimitExceededException', `There can be at most ${configurations} matchmaking configurations.`)
  }
  checkNewTags(state, input.Tags)
  const configuration: ConfigurationState = {
    name,
    arn: resourceArn(state.options, 'matchmakingconfiguration', name),
    createdMs: turn.nowMs,
    settings,
    queued: new TicketList(),
    searching: new TicketList(),
    lastPassMs: null,
    waits: emptyWaitHistory(),
    cuts: { passes: 0, anchors: 0 },
    active: 0,
  }
  state.configurations.set(name, configuration)
  setNewTags(state, configuration.arn, input.Tags)
  return { Configuration: configurationView(state, configuration) }
}

/** What is left out keeps its value. Waiting tickets are under the new settings from the next pass on. */
export function updateConfiguration(turn: Turn, input: { Name: string } & SettingsInput) {
  const { state } = turn
  const configuration = findConfiguration(state, input.Name)
  configuration.settings = readSettings(state, configuration.settings, input)
  applySettingsToPool(turn, configuration)
  return { Configuration: configurationView(state, configuration) }
}

/** The present settings with the input's laid over them, checked as a whole. */
function readSettings(state: State, present: ConfigurationSettings, input: SettingsInput): ConfigurationSettings {
  const settings: ConfigurationSettings = {
    ruleSetName: input.RuleSetName == null ? present.ruleSetName : findRuleSet(state, input.RuleSetName).name,
    requestTimeoutSeconds: input.RequestTimeoutSeconds ?? present.requestTimeoutSeconds,
    acceptanceRequired: input.AcceptanceRequired ?? present.acceptanceRequired,
    acceptanceTimeoutSeconds: input.AcceptanceTimeoutSeconds ?? present.acceptanceTimeoutSeconds,
    queueArns: input.GameSessionQueueArns ? findQueueArns(state, input.GameSessionQueueArns) : present.queueArns,
    flexMatchMode: input.FlexMatchMode ?? present.flexMatchMode,
    backfillMode: input.BackfillMode ?? present.backfillMode,
    additionalPlayerCount: input.AdditionalPlayerCount ?? present.additionalPlayerCount,
    notificationTarget: input.NotificationTarget ?? present.notificationTarget,
    customEventData: input.CustomEventData ?? present.customEventData,
    gameProperties: input.GameProperties?.map(({ Key, Value }) => ({ Key, Value })) ?? present.gameProperties,
    gameSessionData: input.GameSessionData ?? present.gameSessionData,
    description: input.Description ?? present.description,
  }
  const hasQueue = (settings.queueArns?.length ?? 0) > 0
  if (settings.acceptanceRequired && settings.acceptanceTimeoutSeconds === null) {
    throw invalid('AcceptanceTimeoutSeconds is needed when AcceptanceRequired is true.')
  }
  if (settings.flexMatchMode === 'WITH_QUEUE' && !hasQueue) {
    throw invalid('GameSessionQueueArns is needed when FlexMatchMode is WITH_QUEUE.')
  }
  if (settings.flexMatchMode === 'STANDALONE' && hasQueue) {
    throw invalid('GameSessionQueueArns must not be set when FlexMatchMode is STANDALONE.')
  }
  if (settings.flexMatchMode === 'STANDALONE' && settings.backfillMode === 'AUTOMATIC') {
    throw invalid('BackfillMode AUTOMATIC is not available when FlexMatchMode is STANDALONE.')
  }
  return settings
}

function invalid(message: string): Refusal {
  return new Refusal('InvalidRequestException', message)
}

/** An empty list clears the queues, on the way to STANDALONE. Throws NotFoundException. */
function findQueueArns(state: State, arns: string[]): string[] {
  return arns.map((nameOrArn) => {
    const queue = findByNameOrArn(state.queues, nameOrArn)
    if (!queue) throw new Refusal('NotFoundException', `Game session queue ${nameOrArn} does not exist.`)
    return queue.arn
  })
}

/** Throws NotFoundException. */
export function findConfiguration(state: State, nameOrArn: string): ConfigurationState {
  const found = findByNameOrArn(state.configurations, nameOrArn)
  if (!found) throw new Refusal('NotFoundException', `Matchmaking configuration ${nameOrArn} does not exist.`)
  return found
}

export function deleteConfiguration({ state }: Turn, { Name }: { Name: string }) {
  const { name, arn, active } = findConfiguration(state, Name)
  if (active > 0) {
    throw invalid(`Matchmaking configuration ${name} has ${active} active tickets and cannot be deleted.`)
  }
  state.configurations.delete(name)
  state.passes.delete(name)
  state.tags.delete(arn)
  return {}
}

interface DescribeInput {
  Names?: string[]
  RuleSetName?: string
  Limit?: number
  NextToken?: string
}

/** Unknown names are left out; with Names and RuleSetName both apply. */
export function describeConfigurations(state: State, input: DescribeInput) {
  const named = input.Names?.length ? input.Names : null
  const ruleSet = input.RuleSetName ? findByNameOrArn(state.ruleSets, input.RuleSetName) : null
  const candidates = named
    ? [...new Set(named.flatMap((name) => findByNameOrArn(state.configurations, name) ?? []))]
    : [...state.configurations.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const all = candidates.filter(({ settings }) => !input.RuleSetName || settings.ruleSetName === ruleSet?.name)
  const { items, nextToken } = pageOf(all, (configuration, index) => (named ? index : configuration.name), {
    operation: 'DescribeMatchmakingConfigurations',
    limit: Math.min(input.Limit ?? MOST_PER_PAGE, MOST_PER_PAGE),
    nextToken: input.NextToken,
  })
  return {
    Configurations: items.map((configuration) => configurationView(state, configuration)),
    ...(nextToken && { NextToken: nextToken }),
  }
}

function configurationView(state: State, configuration: ConfigurationState): Record<string, unknown> {
  const { settings } = configuration
  return {
    Name: configuration.name,
    ConfigurationArn: configuration.arn,
    ...(settings.description !== null && { Description: settings.description }),
    ...(settings.queueArns?.length && { GameSessionQueueArns: [...settings.queueArns] }),
    RequestTimeoutSeconds: settings.requestTimeoutSeconds,
    ...(settings.acceptanceTimeoutSeconds !== null && { AcceptanceTimeoutSeconds: settings.acceptanceTimeoutSeconds }),
    AcceptanceRequired: settings.acceptanceRequired,
    RuleSetName: settings.ruleSetName,
    RuleSetArn: state.ruleSets.get(settings.ruleSetName)!.arn,
    ...(settings.notificationTarget !== null && { NotificationTarget: settings.notificationTarget }),
    AdditionalPlayerCount: settings.additionalPlayerCount,
    ...(settings.customEventData !== null && { CustomEventData: settings.customEventData }),
    CreationTime: new Date(configuration.createdMs),
    ...(settings.gameProperties && { GameProperties: settings.gameProperties.map((property) => ({ ...property })) }),
    ...(settings.gameSessionData !== null && { GameSessionData: settings.gameSessionData }),
    BackfillMode: settings.backfillMode,
    FlexMatchMode: settings.flexMatchMode,
  }
}
