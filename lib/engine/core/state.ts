/**
 * Everything the engine knows. Plain values, so that it can be written as JSON text and read back byte for byte: what is
 * absent is null (a member left out would come back in another place), times are epoch ms, sets keep their order.
 * Below `serialised`, indexes that follow from the rest and are rebuilt instead of saved.
 */

import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { TicketKind, TicketStatus } from '#lib/flexmatch/status.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { EngineOptions } from './contract.ts'
import { DueTimes } from './due-times.ts'
import { Fifo } from './fifo.ts'
import type { Matcher } from './matching/matcher.ts'
import { PartedMap } from './parted-map.ts'
import type { PlayerState } from './player-state.ts'
import { RequestTimeouts } from './request-timeouts.ts'
import type { TicketList } from './ticket-list.ts'
import type { ToldMatch } from './told-match.ts'
import type { WaitHistory } from './wait-estimate.ts'

export interface RuleSetState {
  name: string
  arn: string
  body: string
  createdMs: number
}

export interface GameProperty {
  Key: string
  Value: string
}

export interface ConfigurationSettings {
  ruleSetName: string
  requestTimeoutSeconds: number
  acceptanceRequired: boolean
  acceptanceTimeoutSeconds: number | null
  queueArns: string[] | null
  flexMatchMode: 'STANDALONE' | 'WITH_QUEUE'
  backfillMode: 'AUTOMATIC' | 'MANUAL'
  additionalPlayerCount: number
  notificationTarget: string | null
  customEventData: string | null
  gameProperties: GameProperty[] | null
  gameSessionData: string | null
  description: string | null
}

/** How often matching stopped before it was done, since the configuration was made: the work is bounded. */
export interface MatchingCuts {
  /** Passes that went on at the next Tick. */
  passes: number
  /** Searches around one ticket that were given up: another way to put its candidates together might have been legal. */
  anchors: number
}

export interface ConfigurationState {
  name: string
  arn: string
  createdMs: number
  settings: ConfigurationSettings
  /** Tickets waiting to be picked up, and tickets in the pool. */
  queued: TicketList
  searching: TicketList
  lastPassMs: number | null
  waits: WaitHistory
  cuts: MatchingCuts
  /** Derived: how many of its tickets are active. */
  active: number
}

export interface QueueState {
  name: string
  arn: string
  timeoutSeconds: number
  destinationArns: string[]
  latencyPolicies: { maximumLatencyMs: number | null; durationSeconds: number | null }[] | null
  allowedLocations: string[] | null
  priorityOrder: string[] | null
  locationOrder: string[] | null
  customEventData: string | null
  notificationTarget: string | null
}

export type RuleCount = [ruleName: string, passedCount: number, failedCount: number]

export interface TicketState {
  ticketId: string
  configurationName: string
  configurationArn: string
  kind: TicketKind
  status: TicketStatus
  statusReason: string | null
  statusMessage: string | null
  startTimeMs: number
  endTimeMs: number | null
  /** Counts tickets in order of arrival. */
  arrival: number
  players: PlayerState[]
  /** Backfill: the session to fill. */
  gameSessionArn: string | null
  /** The match it is in or was in last, and each player's team there. */
  matchId: string | null
  teams: readonly string[] | null
  /** Evaluations since the ticket entered the pool. Shared, as `teams` may be: replaced, never changed. */
  metrics: readonly RuleCount[]
  connection: Connection | null
  /** Derived: while it searches, where its configuration's matcher has it. */
  place: number
  /** Derived: while it waits, where its configuration's list has it. */
  listPlace: number
}

export interface Connection {
  gameSessionArn: string
  ipAddress: string
  dnsName: string
  port: number
  /** Per player of the ticket; null for a player who was in the session before. */
  playerSessionIds: (string | null)[]
}

/** What a session takes from the rule set of its match, which may be exchanged before the session starts. */
export interface GameLayout {
  maximumPlayers: number
  teamNames: string[]
  declaredAttributes: string[]
  /** What matchmaker data shows for a player who sent none; empty unless the option says so. */
  attributeDefaults: Record<string, AttributeValue>
}

export interface MatchState {
  matchId: string
  configurationName: string
  layout: GameLayout
  ticketIds: string[]
  /** Per ticket and player: has accepted, has rejected, null undecided. */
  answers: (boolean | null)[][]
  withQueue: boolean
  placement: null | {
    startMs: number
    readyMs: number
    /** When the queue gives up; null when a session is filled instead of started. */
    deadlineMs: number | null
    queueName: string | null
  }
  /** Derived: what events tell of it, once they have. */
  told: ToldMatch | null
}

export interface GameSessionState {
  arn: string
  ordinal: number
  fleetId: string
  fleetArn: string
  location: string
  dnsName: string
  port: number
  computeName: string
  createdMs: number
  terminatedMs: number | null
  status: 'ACTIVE' | 'TERMINATING' | 'TERMINATED'
  statusReason: 'TRIGGERED_ON_PROCESS_TERMINATE' | 'FORCE_TERMINATED' | null
  terminateAtMs: number | null
  name: string | null
  maximumPlayers: number
  policy: 'ACCEPT_ALL' | 'DENY_ALL'
  protection: 'NoProtection' | 'FullProtection'
  properties: GameProperty[] | null
  data: string | null
  /** RESERVED and ACTIVE player sessions. */
  currentPlayers: number
  playerSessionIds: string[]
  matchId: string
  configurationName: string
  configurationArn: string
  teamNames: string[]
  declaredAttributes: string[]
  attributeDefaults: Record<string, AttributeValue>
  /** Everyone matched so far, as matchmaker data tells it; each has a team. */
  roster: PlayerState[]
  autoBackfill: boolean
  autoBackfillTicketId: string | null
  /** Active backfill tickets for this session. */
  backfillTicketIds: string[]
}

export interface PlayerSessionState {
  playerSessionId: string
  ordinal: number
  playerId: string
  gameSessionArn: string
  createdMs: number
  terminatedMs: number | null
  status: 'RESERVED' | 'ACTIVE' | 'COMPLETED' | 'TIMEDOUT'
  /** While RESERVED: when the player joins, or the reservation ends. */
  dueMs: number
  joins: boolean
}

export interface State {
  options: EngineOptions
  counters: { arrival: number; gameSession: number; playerSession: number; port: number }
  ruleSets: Map<string, RuleSetState>
  configurations: Map<string, ConfigurationState>
  queues: Map<string, QueueState>
  /** By resource ARN, then by key. */
  tags: Map<string, Map<string, string>>
  tickets: PartedMap<TicketState>
  matches: Map<string, MatchState>
  gameSessions: Map<string, GameSessionState>
  playerSessions: PartedMap<PlayerSessionState>
  /** In the order they ended, for retention. */
  finishedTickets: Fifo<TicketState>
  endedGameSessions: Fifo<string>
  /** Matches whose placement found no room and waits for some. */
  waitingPlacements: Set<string>
  /** Matches that the lab forced, while they last: what follows from them is marked. */
  forcedMatches: Set<string>
  timers: DueTimes
  /** Next matching pass by configuration name. */
  passes: DueTimes

  /** Derived from here on. */
  requestTimeouts: RequestTimeouts
  /** Nearly always one: only then is there no list. */
  activeTicketsByPlayer: PartedMap<TicketState | TicketState[]>
  /** How many players have a list. */
  playersWithSeveral: number
  playerSessionsByPlayer: PartedMap<string[]>
  liveGameSessions: number
  /** Players of all finished tickets. */
  finishedPlayers: number
  /** By configuration name: who searches, ready to be matched. What it has found out already is saved. */
  matchers: Map<string, Matcher>
  /** By configuration name, backfill tickets that are queued or searching for a session. */
  waitingBackfills: Map<string, Set<string>>
  parsedRuleSets: Map<string, RuleSet>
}

export function emptyState(options: EngineOptions): State {
  return {
    options,
    counters: { arrival: 0, gameSession: 0, playerSession: 0, port: 0 },
    ruleSets: new Map(),
    configurations: new Map(),
    queues: new Map(),
    tags: new Map(),
    tickets: new PartedMap(),
    matches: new Map(),
    gameSessions: new Map(),
    playerSessions: new PartedMap(),
    finishedTickets: new Fifo(),
    endedGameSessions: new Fifo(),
    waitingPlacements: new Set(),
    forcedMatches: new Set(),
    timers: new DueTimes(),
    passes: new DueTimes(),
    ...noIndexes(),
  }
}

/** The derived part before anything is known. */
export function noIndexes() {
  return {
    requestTimeouts: new RequestTimeouts(),
    activeTicketsByPlayer: new PartedMap<TicketState | TicketState[]>(),
    playersWithSeveral: 0,
    playerSessionsByPlayer: new PartedMap<string[]>(),
    liveGameSessions: 0,
    finishedPlayers: 0,
    matchers: new Map<string, Matcher>(),
    waitingBackfills: new Map<string, Set<string>>(),
    parsedRuleSets: new Map<string, RuleSet>(),
  }
}
