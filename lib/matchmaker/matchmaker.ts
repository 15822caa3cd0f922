/** What the dashboard asks of a matchmaker, in FlexMatch's words. Failures are `AppError`s naming the ticket and its state. */
import type { TicketObservation } from '#lib/flexmatch/events.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { ConfigurationView, RuleSetView } from '#lib/tickets/views.ts'

/** One ticket as DescribeMatchmaking answers it. */
export interface DescribedTicket {
  /** Plain name. */
  configuration: string
  observation: TicketObservation
}

export interface DescribedGameSession {
  gameSessionArn: string
  status: string
  currentPlayers: number
  maximumPlayers: number
  ipAddress: string | null
  dnsName: string | null
  port: number | null
  location: string | null
  creationPolicy: string | null
  /** JSON text; null on sessions that FlexMatch did not make. */
  matchmakerData: string | null
}

/** One page of the game sessions of a fleet. */
export interface FleetPage {
  /** `createdAt` is epoch ms. */
  sessions: (DescribedGameSession & { createdAt: number | null })[]
  /** Where the next page begins; null after the last. */
  next: string | null
}

export interface BackfillRequest {
  ticketId: string
  configuration: string
  gameSessionArn: string
  players: { playerId: string; team: string; attributes: Record<string, AttributeValue> }[]
}

export interface StartRequest {
  ticketId: string
  configuration: string
  players: { playerId: string; attributes: Record<string, AttributeValue>; latencyMs: Record<string, number> }[]
}

export interface Matchmaker {
  /** At most 10 ids in a call. Ids it no longer knows are left out of the answer. */
  describeTickets(ticketIds: readonly string[]): Promise<DescribedTicket[]>
  /** Resolves when the request to stop was accepted; an event or a describe says when the ticket is CANCELLED. */
  stop(ticketId: string): Promise<void>
  accept(ticketId: string, playerIds: readonly string[], answer: 'ACCEPT' | 'REJECT'): Promise<void>
  start(request: StartRequest): Promise<void>
  startBackfill(request: BackfillRequest): Promise<void>
  /** null when the service does not know the session. */
  describeGameSession(gameSessionArn: string): Promise<DescribedGameSession | null>
  /** The ACTIVE sessions of a fleet or alias (id or ARN), page by page. Throws NOT_FOUND for one that is not there. */
  listFleetSessions(fleet: string, next: string | null): Promise<FleetPage>
  listConfigurations(): Promise<ConfigurationView[]>
  listRuleSets(): Promise<RuleSetView[]>
  /** One small question, asked once and not waited for long: whether there is an answer. */
  probe(): Promise<void>
  listQueues(): Promise<{ name: string; arn: string; timeoutSeconds: number | null }[]>
}
