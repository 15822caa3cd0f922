/**
 * FlexMatch and queue placement events: the shapes that travel (EventBridge envelope) and the facts we keep.
 * Source: FlexMatch developer guide, "FlexMatch matchmaking events"; queue events: "Game session placement events".
 */

import type { TicketKind, TicketStatus } from './status.ts'
import type { AttributeValue } from './ticket.ts'

export const MATCHMAKING_EVENT_TYPES = [
  'MatchmakingSearching',
  'PotentialMatchCreated',
  'AcceptMatch',
  'AcceptMatchCompleted',
  'MatchmakingSucceeded',
  'MatchmakingTimedOut',
  'MatchmakingCancelled',
  'MatchmakingFailed',
] as const
export type MatchmakingEventType = (typeof MATCHMAKING_EVENT_TYPES)[number]
export const PLACEMENT_EVENT_TYPES = [
  'PlacementFulfilled',
  'PlacementCancelled',
  'PlacementTimedOut',
  'PlacementFailed',
] as const
export type PlacementEventType = (typeof PLACEMENT_EVENT_TYPES)[number]

export interface EventPlayer {
  playerId: string
  team?: string
  accepted?: boolean
  playerSessionId?: string
}
export interface EventTicket {
  ticketId: string
  /** ISO 8601 with milliseconds. */
  startTime: string
  players: EventPlayer[]
}
export interface RuleEvaluationMetric {
  ruleName: string
  passedCount: number
  failedCount: number
}
export interface GameSessionInfo {
  players: EventPlayer[]
  gameSessionArn?: string
  ipAddress?: string
  dnsName?: string
  port?: number
  playerGatewayStatus?: string
}

interface DetailBase {
  tickets: EventTicket[]
  gameSessionInfo: GameSessionInfo
  customEventData?: string
}
/** `detail` of a FlexMatch event. */
export type MatchmakingDetail = DetailBase &
  (
    | { type: 'MatchmakingSearching'; estimatedWaitMillis: number | 'NOT_AVAILABLE' } // the value is in seconds
    | {
        type: 'PotentialMatchCreated'
        acceptanceRequired: boolean
        acceptanceTimeout?: number
        ruleEvaluationMetrics: RuleEvaluationMetric[]
        matchId: string
      }
    | { type: 'AcceptMatch'; matchId: string }
    | { type: 'AcceptMatchCompleted'; acceptance: 'Accepted' | 'Rejected' | 'TimedOut'; matchId: string }
    | { type: 'MatchmakingSucceeded'; matchId: string }
    | {
        type: 'MatchmakingTimedOut' | 'MatchmakingCancelled' | 'MatchmakingFailed'
        reason: string
        message: string
        ruleEvaluationMetrics?: RuleEvaluationMetric[]
        matchId?: string
      }
  )

/** `detail` of a queue placement event. `port` is a string there, a number in FlexMatch events. */
export interface PlacementDetail {
  type: PlacementEventType
  placementId: string
  startTime: string
  endTime: string
  port?: string
  gameSessionArn?: string
  ipAddress?: string
  dnsName?: string
  gameSessionRegion?: string
  gameSessionLocation?: string
  playerGatewayStatus?: string
  computeName?: string
  placedPlayerSessions?: { playerId: string; playerSessionId: string }[]
  customEventData?: string
}

/** What EventBridge delivers. */
export interface EventEnvelope {
  version: string
  id: string
  'detail-type': 'GameLift Matchmaking Event' | 'GameLift Queue Placement Event'
  source: 'aws.gamelift'
  account: string
  time: string
  region: string
  resources: string[]
  detail: MatchmakingDetail | PlacementDetail
  /** Beside EventBridge's own members, and only from the local engine: somebody forced this outcome in its lab. */
  matchdesk?: { forced: true }
}

/**
 * One fact about tickets, the only thing the index is built from. `id` makes it a fact once: the event's own id, or for
 * an observation a hash of what was seen and of the newest fact known when it was seen.
 */
interface FactBase {
  id: string
  /** Epoch ms; for an observation the moment the describe call was sent. */
  time: number
  /** Plain configuration name; empty where the observation could not know. */
  configuration: string
}
export type EventFact = FactBase & { source: 'event'; detail: MatchmakingDetail; forced?: true }
/** DescribeMatchmaking's answer for one ticket. Times epoch ms. */
export interface TicketObservation {
  ticketId: string
  status: TicketStatus
  statusReason: string | null
  statusMessage: string | null
  kind: TicketKind
  startTime: number
  endTime: number | null
  estimatedWaitSeconds: number | null
  players: {
    playerId: string
    team: string | null
    attributes: Record<string, AttributeValue>
    latencyMs: Record<string, number>
    playerSessionId: string | null
  }[]
  gameSessionArn: string | null
  ipAddress: string | null
  dnsName: string | null
  port: number | null
}
export type DescribedFact = FactBase & { source: 'describe'; observation: TicketObservation }
export type GoneFact = FactBase & { source: 'gone'; ticketId: string }
/** Its request timeout is long over and nothing has said how it ended. `time` is when that was so. */
export type OverdueFact = FactBase & { source: 'overdue'; ticketId: string; startTime: number }
export type TicketFact = EventFact | DescribedFact | GoneFact | OverdueFact
