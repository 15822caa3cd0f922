/**
 * The shape of the engine core: a command and a time in, a reply and events out. No clock, no I/O, no randomness and no
 * ids of its own: time and position come with the entry, ids and random numbers derive from (options.seed, position).
 */
import type { MatchmakingDetail, PlacementDetail } from '#lib/flexmatch/events.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { Explanation } from './explain/explanation.ts'

/** Operations that change state: each is one journal entry. Inputs are validated by the wire before they get here. */
export const WRITE_OPERATIONS = [
  'StartMatchmaking',
  'StopMatchmaking',
  'AcceptMatch',
  'StartMatchBackfill',
  'CreateMatchmakingConfiguration',
  'UpdateMatchmakingConfiguration',
  'DeleteMatchmakingConfiguration',
  'CreateMatchmakingRuleSet',
  'DeleteMatchmakingRuleSet',
  'TagResource',
  'UntagResource',
  'UpdateGameSession',
  'TerminateGameSession',
  'CreateGameSessionQueue',
] as const
export type WriteOperation = (typeof WRITE_OPERATIONS)[number]

export const READ_OPERATIONS = [
  'DescribeMatchmaking',
  'DescribeMatchmakingConfigurations',
  'DescribeMatchmakingRuleSets',
  'ValidateMatchmakingRuleSet',
  'ListTagsForResource',
  'DescribeGameSessions',
  'DescribeGameSessionDetails',
  'SearchGameSessions',
  'DescribePlayerSessions',
  'DescribeGameSessionQueues',
] as const
export type ReadOperation = (typeof READ_OPERATIONS)[number]
export type Operation = WriteOperation | ReadOperation

/** Outcomes that the lab brings about at once, in the way in which they come about by themselves. */
export type ForceCommand =
  | { operation: 'ForceMatch'; input: ForceMatchInput }
  | { operation: 'ForceAcceptanceTimeout' | 'ForcePlacementFailure' | 'ForcePlacementTimeout'; input: MatchReference }
  | { operation: 'ForceTicketTimeout'; input: { ticketId: string } }

export interface ForceMatchInput {
  ticketIds: string[]
  /** Team by ticket id, for some or all of the new tickets; the others are put where there is room. */
  teams?: Record<string, string>
  /** When given, it has to be the tickets' own. */
  configurationName?: string
}
/** A match by its own id or by that of a ticket in it. */
export type MatchReference = { matchId: string } | { ticketId: string }

/**
 * `Tick` lets time do its work (matching pass, timeouts, placement). `SetOptions` is how settings and the lab API reach
 * the core, so that a replay sees the options of the time.
 */
export type Command =
  | { operation: WriteOperation; input: Record<string, unknown> }
  | { operation: 'Tick' }
  | { operation: 'SetOptions'; input: EngineOptionsPatch }
  | ForceCommand

export interface JournalEntry {
  /** 1, 2, 3, … without gaps. */
  position: number
  /** Epoch ms, never smaller than the entry's before. */
  timeMs: number
  command: Command
}

/** An event the core decided on. `eventId` derives from position and index: the same replay gives the same id. */
export interface EngineEvent {
  position: number
  index: number
  eventId: string
  timeMs: number
  /** The configuration's ARN, or the queue's for a placement event. */
  resourceArn: string
  detail: MatchmakingDetail | PlacementDetail
  /** A person forced it through the lab, or the match it follows from. No part of what GameLift would send. */
  forced?: true
}

/** A documented AWS error. The state is unchanged when one is thrown. */
export class Refusal extends Error {
  readonly type: RefusalType
  constructor(type: RefusalType, message: string) {
    super(message)
    this.name = 'Refusal'
    this.type = type
  }
}
export type RefusalType =
  | 'InvalidRequestException'
  | 'NotFoundException'
  | 'LimitExceededException'
  | 'ConflictException'
  | 'TaggingFailedException'
  | 'InvalidGameSessionStatusException'
  | 'NotReadyException'
  | 'UnauthorizedException'
  | 'UnsupportedRegionException'
  | 'TerminalRoutingStrategyException'

/** `output` uses the API's names; times inside it are `Date`, so each protocol can write them in its own way. */
export type Reply =
  | { ok: true; output: Record<string, unknown>; events: EngineEvent[] }
  | { ok: false; refusal: Refusal; events: EngineEvent[] }

export interface MatchingReport {
  configurationName: string
  queuedTickets: number
  searchingTickets: number
  lastPassAtMs: number | null
  nextPassAtMs: number | null
  /** Passes that were cut because a Tick had done its work, and went on at the next one. */
  cutPasses: number
  /** Searches around one ticket that were given up: with more work a match might have been found. */
  givenUpSearches: number
}

export interface Engine {
  /** Applies one entry, in position order. Never throws for a caller's mistake: that is a Reply with `ok: false`. */
  apply(entry: JournalEntry): Reply
  /** Answers a read against the present state. Throws `Refusal`. */
  read(operation: ReadOperation, input: Record<string, unknown>, timeMs: number): Record<string, unknown>
  /**
   * Why a ticket waits, or what its status means instead. Changes nothing. Throws `Refusal` for an unknown ticket.
   * `weighedTickets` other tickets are weighed at most; every 500 are a few milliseconds.
   */
  explain(ticketId: string, timeMs: number, weighedTickets?: number): Explanation
  /** How matching gets on, per configuration in the order they were made. */
  matching(): MatchingReport[]
  /** Earliest time at which a Tick could change anything; null while nothing is pending. Cheap: asked after every entry. */
  dueAtMs(): number | null
  /** The whole state as JSON text; `createEngine(snapshot)` continues from it byte for byte. */
  snapshot(): string
  readonly options: Readonly<EngineOptions>
}

/** Every point where the service's behaviour is inferred or its sources disagree, plus the emulated fleet's behaviour. */
export interface EngineOptions {
  seed: string
  region: string
  accountId: string
  /** A matching pass per configuration at most this often. */
  tickMs: number
  acceptance: {
    /** What becomes of tickets with undecided players when another ticket rejected. */
    pendingTickets: 'cancel' | 'requeue'
    /** Whether tickets cancelled by a dropped match get a MatchmakingCancelled event. */
    cancelledEvent: boolean
  }
  duplicatePlayer: { textIn: 'StatusMessage' | 'StatusReason' }
  /** A declared attribute without default is missing: accept and let it time out, or refuse the call. */
  missingAttribute: 'accept' | 'refuse'
  autoBackfill: { reissueAfterTimeout: boolean }
  placement: {
    delayMs: number
    outcome: 'fulfil' | 'fail' | 'time-out'
    /** Sessions that may be ACTIVE at once; null for no limit. At the limit a placement waits until its queue times out. */
    maxActiveSessions: number | null
    /** Whether tickets returned by a placement time-out get a MatchmakingSearching event. */
    searchingEventAfterTimeout: boolean
  }
  gameSession: {
    /** No game server runs here: `join` lets reserved players become ACTIVE after joinAfterMs; `wait` lets them expire after 60 s. */
    players: 'join' | 'wait'
    joinAfterMs: number
  }
  matchmakerData: {
    /** The two autoBackfill keys of a session without automatic backfill: present with null, or left out. */
    autoBackfillKeys: 'null' | 'absent'
    /** Whether a player's attributes show the rule set's default where the player sent none; as of the match. */
    defaults: 'leave-out' | 'show'
  }
  /** How events travel. The events themselves, their ids and times are the same either way. */
  events: {
    /** How long after it happened an event is sent, at the earliest. */
    delayMs: number
    /** How many of a hundred events are sent twice; which ones follows from their ids. */
    repeatPercent: number
    /** Events of one period of this length are sent together at its end, in an order that follows from their ids. 0: in order. */
    shuffleMs: number
  }
  /** Over the rate of its operation a request is refused with ThrottlingException. Nothing of it reaches the journal. */
  requestRates: {
    enforced: boolean
    /** Share of the documented rates that is granted here: they hold for an account, of which one engine may be a part. */
    percent: number
  }
  latency: { requireCommonRegion: boolean }
  partyValueWeight: 'player' | 'ticket'
  stringPartyAggregation: 'perPlayer' | 'failParties'
  limits: {
    configurations: number
    ruleSets: number
    queues: number
    tagsPerResource: number
    /**
     * Finished tickets kept for DescribeMatchmaking, with ten players each on average at most; the oldest go first, and
     * none stays longer than 30 days.
     */
    finishedTickets: number
    /** Terminated game sessions kept, in the same way. */
    endedGameSessions: number
    /** No game server runs here that would ever end its game: beyond this number a new session ends the oldest. */
    liveGameSessions: number
  }
}

/** Some of the options, at any depth: what is left out stays as it is. */
export type EngineOptionsPatch = {
  [K in keyof EngineOptions]?: EngineOptions[K] extends object ? Partial<EngineOptions[K]> : EngineOptions[K]
}

/** Matching: what the lifecycle asks of the rule language. */
export interface PoolPlayer {
  playerId: string
  /** Backfill tickets only: the team the player is on. */
  team: string | null
  attributes: Readonly<Record<string, AttributeValue>>
  /** null when the caller sent none. */
  latencyMs: Readonly<Record<string, number>> | null
}
export interface PoolTicket {
  ticketId: string
  backfill: null | { automatic: boolean; region: string | null }
  startTimeMs: number
  /** Order of arrival: breaks ties of startTimeMs. */
  arrival: number
  players: readonly PoolPlayer[]
}
/** A ticket as a matcher takes it in: a PoolTicket, or one whose players are the engine's own, read value by value. */
export interface WaitingTicket extends Omit<PoolTicket, 'players'> {
  players: readonly WaitingPlayer[]
}
export type WaitingPlayer = Omit<PoolPlayer, 'attributes'> & { readonly attributes: PoolPlayer['attributes'] | null }
export interface FoundMatch {
  /** Tickets in the order they joined; `teams[i]` is the expanded team name of that ticket's i-th player. */
  tickets: { ticketId: string; teams: readonly string[] }[]
  /** Per rule of the rule set, in its order. */
  metrics: { ruleName: string; passedCount: number; failedCount: number }[]
}
export interface PassResult {
  matches: FoundMatch[]
  /** Counts of this pass for tickets that stay in the pool: ticketId → one entry per rule. */
  metricsByTicket: Map<string, { ruleName: string; passedCount: number; failedCount: number }[]>
  /** Earliest epoch ms at which the same pool could give another answer (an expansion step falls due); null if never. */
  nextChangeMs: number | null
}
