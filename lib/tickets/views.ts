/**
 * What the pages read: the JSON of the GET routes and, under the same query keys, of the server-rendered first view.
 * Times are ISO 8601 UTC text. Types only, so that browser code may import this file.
 */
import type { MatchmakingDetail } from '#lib/flexmatch/events.ts'
import type { MatchStatus } from '#lib/flexmatch/project-match.ts'
import type { Cause, IndexedStatus, TicketKind } from '#lib/flexmatch/status.ts'
import type { Answer, AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { StepKind } from '#lib/flexmatch/timeline.ts'

export type Protection = 'open' | 'guarded' | 'protected'
/** Told apart by name too: a colour alone says nothing to everybody. */
export type EnvironmentColour = 'grey' | 'blue' | 'teal' | 'green' | 'amber' | 'orange' | 'red' | 'purple'
export interface EnvironmentView {
  name: string
  label: string
  colour: EnvironmentColour
  region: string
  /** Twelve digits; null until somebody has said it. */
  accountId: string | null
  protection: Protection
  /** `local` is our own engine; `aws` is the real service. */
  kind: 'local' | 'aws'
  /** What `--endpoint-url` needs; null for AWS's own endpoint. */
  endpoint: string | null
}

/** An operator's action that was accepted and not confirmed yet. */
export interface RequestedView {
  action: 'cancel' | 'accept' | 'reject'
  at: string
  by: string
}

/** How far what is shown can be trusted. */
export interface FreshnessView {
  /** Last moment an event or a describe spoke about the ticket. */
  confirmedAt: string
  source: 'event' | 'describe'
  /** True while the status follows from what others did and nothing has stated it yet. */
  presumed: boolean
  /** True when an open ticket has not been confirmed for longer than 60 s. */
  stale: boolean
}

/** Why a ticket was cancelled without an event: one of its players is in a newer one. */
export interface SupersededView {
  playerId: string
  /** The newer ticket, and its kind. */
  ticketId: string
  kind: TicketKind
}

export interface TicketRow {
  ticketId: string
  status: IndexedStatus
  cause: Cause
  kind: TicketKind
  configuration: string
  /** First three player ids; `playerCount` says how many there are. */
  playerIds: string[]
  playerCount: number
  matchId: string | null
  acceptanceDeadline: string | null
  startedAt: string
  endedAt: string | null
  updatedAt: string
  requested: RequestedView | null
  /** Where the list or its page reads it, and the index knows the newer ticket. */
  supersededBy: SupersededView | null
  freshness: FreshnessView
}

export type TicketTab = IndexedStatus | 'open' | 'all'
/** The state of the list page, one to one in its URL. */
export interface TicketFilter {
  tab: TicketTab
  configuration: string | null
  kind: TicketKind | null
  playerId: string | null
  ticketId: string | null
  /** Only tickets started at least this long ago. */
  minAgeSeconds: number | null
  /** Only tickets whose status nothing has stated yet. */
  presumed: boolean
  order: 'newest' | 'oldest'
  cursor: string | null
}
export interface TicketPage {
  rows: TicketRow[]
  nextCursor: string | null
}
/**
 * For the tabs: maintained counters under the configuration and kind filters, and of presumed tickets what is there to count
 * (other filters do not narrow them).
 */
export type TicketCounts = Record<TicketTab, number>

/** A matchmaker that does not answer. */
export interface OutageView {
  /** When the first question was asked that it did not answer. */
  since: string
  /** What the last one failed with. */
  message: string
}

/** An environment in a list of all, with what is known of its GameLift without asking it. */
export interface EnvironmentStateView extends EnvironmentView {
  outage: OutageView | null
  lastEventAt: string | null
  managedBy: 'start' | 'file' | 'screen'
  revision: number
  /** Protected for its AWS account, whatever it is set to. */
  onProductionList: boolean
}

/** The ways an event can come. */
export type ChannelName = 'webhook' | 'eventbridge' | 'sns' | 'sqs'

/** How far the index can be trusted, and why: what one channel delivered since `since`. */
export interface ChannelIntegrityView {
  channel: ChannelName
  received: number
  /** First copy of an event. */
  added: number
  /** The same message again, and the same event by another channel. */
  repeated: number
  copies: number
  /** Came after a newer event of the same ticket. */
  late: number
  ignored: number
  refused: number
  lagP50Ms: number | null
  lagP99Ms: number | null
  lastEventAt: string | null
  /** Events that came by other channels and not by this one; null while there is no other. */
  missing: number | null
}
export interface IntegrityView {
  since: string
  channels: ChannelIntegrityView[]
  /** What must have happened, by FlexMatch's own grammar, and was not delivered. */
  gaps: { total: number; byType: { type: string; count: number }[] }
  budget: {
    perSecond: number
    allowedPerSecond: number
    usedLastMinute: number
    throttledAt: string | null
    /** Calls are held back after so many in a row without an answer; null while they are not. */
    heldAfter: number | null
  } | null
  /** Open tickets not confirmed for longer than 60 s, and those whose status is presumed. */
  unconfirmed: number
  presumed: number
  /** Messages that were put aside and wait for somebody. */
  setAside: number
  outage: OutageView | null
}

/** A message that could not be taken, kept with the reason. */
export interface SetAsideRow {
  id: string
  channel: 'webhook' | 'eventbridge' | 'sns' | 'sqs'
  messageId: string | null
  reason: string
  /** As text; what is no text is shown escaped. */
  body: string
  receiveCount: number
  firstAt: string
  lastAt: string
  state: 'waiting' | 'taken' | 'dropped'
}

/** A queue that events are taken from. Numbers are what SQS says, which is nearly right; null while it cannot be asked. */
export interface QueueStateView {
  queueUrl: string
  name: string
  waiting: number | null
  /** Received by somebody, and not deleted yet. */
  inHand: number | null
  /** Whether it puts away by itself what is received too often. */
  hasDeadLetters: boolean | null
  /** How many it has put away; null without any such queue, or where Matchdesk may not look. */
  deadLetters: number | null
  problem: string | null
}

/** What happened per minute (or quarter of an hour), oldest first. */
export interface RatesView {
  window: '1h' | '24h'
  bucketMs: number
  /** One value per bucket, by measure. */
  from: string
  measures: Record<string, number[]>
}

export interface AttentionView {
  text: string
  /** Follows the text, in the reader's time zone: "… since 13:02:11". */
  since?: string
  /** Follows both: "…: no answer came." */
  detail?: string
  href: string
  severity: 'warning' | 'bad'
}

export interface OverviewView {
  counts: TicketCounts
  configurations: {
    configuration: string
    open: number
    byStatus: Partial<Record<IndexedStatus, number>>
    /** Start of the ticket that has waited longest, null when none is open. */
    oldestStartedAt: string | null
    oldestTicketId: string | null
  }[]
  /** Things to look at now, worst first, each with a link. Empty means healthy. */
  attention: AttentionView[]
  lastEventAt: string | null
}

export interface PlayerView {
  playerId: string
  ticketId: string
  team: string | null
  answer: Answer | null
  answeredAt: string | null
  playerSessionId: string | null
  attributes: Record<string, AttributeValue> | null
  latencyMs: Record<string, number> | null
  /** Backfill players never have to accept. */
  mayAnswer: boolean
  requested: RequestedView | null
}

export interface TimelineEntry {
  at: string
  /** How long the ticket was in this phase; null while it lasts and for what happened within a phase. */
  durationMs: number | null
  kind: StepKind | 'request'
  /** One short line in plain words. */
  text: string
  detail: string | null
  matchId: string | null
  /** The operator, for `request`. */
  by: string | null
  /** The row of the audit trail, for `request`. */
  auditId?: number
  /** How GameLift took a `request`, null while nothing has said so and for everything else. */
  taken: 'done' | 'refused' | 'unknown' | null
  /** Somebody forced it in the local engine's lab. */
  forced: boolean
  /** The newer ticket that ended this one, for the line of that end. */
  supersededBy: SupersededView | null
  /** Which channels brought the event; empty for what is no event. */
  channels: ChannelName[]
}

export interface RawFactView {
  id: string
  at: string
  receivedAt: string
  source: 'event' | 'describe' | 'gone' | 'overdue'
  type: MatchmakingDetail['type'] | 'TicketDescribed' | 'TicketGone' | 'TicketOverdue'
  body: unknown
}

export interface ConnectionView {
  gameSessionArn: string | null
  ipAddress: string | null
  dnsName: string | null
  port: number | null
}

export interface TicketView extends TicketRow {
  statusReason: string | null
  statusMessage: string | null
  estimatedWaitSeconds: number | null
  described: boolean
  players: PlayerView[]
  connection: ConnectionView | null
  timeline: TimelineEntry[]
  /** Other tickets of the match it is in. */
  matchTickets: TicketRow[]
  facts: RawFactView[]
}

export type { MatchStatus }
export interface MatchRow {
  matchId: string
  configuration: string
  status: MatchStatus
  ticketCount: number
  playerCount: number
  createdAt: string
  updatedAt: string
  acceptanceDeadline: string | null
  gameSessionArn: string | null
}
export interface MatchView extends MatchRow {
  acceptanceRequired: boolean
  teams: { name: string; players: PlayerView[] }[]
  tickets: TicketRow[]
  ruleEvaluationMetrics: { ruleName: string; passedCount: number; failedCount: number }[]
  facts: RawFactView[]
}

export interface SessionRow {
  gameSessionArn: string
  /** These two are null where neither an event nor the session itself tells which match made it. */
  configuration: string | null
  matchId: string | null
  /** As the newest event lists them; of a session that only its fleet told of, as GameLift counts them. */
  playerCount: number
  createdAt: string
  updatedAt: string
  /** How it became known: `event` from MatchmakingSucceeded, `describe` from the list of its fleet. */
  source: 'event' | 'describe'
  /** What GameLift said of it last; null where only events spoke of it. */
  told: SessionToldView | null
}
export interface SessionToldView {
  /** GameLift's own word, or GONE once it does not know the session any more. */
  status: string
  currentPlayers: number | null
  maximumPlayers: number | null
  creationPolicy: string | null
  seenAt: string
  /** The fleet or alias, as the environment names it, whose list it was in; null where it was asked about by itself. */
  by: string | null
  /** Since when its fleet lists it no more, although it may still run. */
  unlistedAt: string | null
}
/** A fleet or alias whose game sessions are listed. */
export interface FleetReadView {
  fleet: string
  /** When the newest reading of all its pages began; null before the first. */
  listedAt: string | null
  sessions: number | null
  /** Why it cannot be read now; null while it can. */
  problem: string | null
  problemSince: string | null
}
export interface SessionPage extends PageOf<SessionRow> {
  fleets: FleetReadView[]
}
export interface SessionView extends SessionRow {
  /** Read from DescribeGameSessions when the page asks; null with `unreadable` when that failed. */
  live: null | {
    status: string
    currentPlayers: number
    maximumPlayers: number
    ipAddress: string | null
    dnsName: string | null
    port: number | null
    location: string | null
    creationPolicy: string | null
    teams: { name: string; players: { playerId: string; attributes: Record<string, unknown> }[] }[]
    autoBackfillMode: string | null
    autoBackfillTicketId: string | null
    matchmakerData: string | null
    readAt: string
  }
  unreadable: string | null
  /** The open backfill tickets of this session that the index knows. */
  backfillTickets: TicketRow[]
}

export interface ConfigurationView {
  name: string
  arn: string
  ruleSetName: string
  acceptanceRequired: boolean
  acceptanceTimeoutSeconds: number | null
  requestTimeoutSeconds: number
  flexMatchMode: string
  backfillMode: string
  additionalPlayerCount: number
  gameSessionQueueArns: string[]
  customEventData: string | null
  description: string | null
  createdAt: string | null
}
export interface RuleSetView {
  name: string
  arn: string
  body: string
  createdAt: string | null
}

export interface PageOf<Row> {
  rows: Row[]
  nextCursor: string | null
}

/** What an id pasted into the search box turned out to be. */
export type SearchResult =
  | { found: true; href: string; kind: 'ticket' | 'player' | 'match' | 'session' }
  | { found: false; message: string }

/** The same in each environment that knows the id and that the person may see. */
export interface FoundInEnvironment {
  environment: EnvironmentView
  kind: 'ticket' | 'player' | 'match' | 'session'
  href: string
}

export interface DemoView {
  available: boolean
  running: boolean
  /** Epoch-free text of when it was last switched, null if never. */
  changedAt: string | null
}
