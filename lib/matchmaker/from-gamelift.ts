/** The SDK's shapes in the dashboard's: every optional member gets its null, times become epoch ms or ISO text. */
import type {
  GameSession,
  MatchmakingConfiguration,
  MatchmakingRuleSet,
  MatchmakingTicket,
  AttributeValue as SdkAttributeValue,
} from '@aws-sdk/client-gamelift'
import { isFinal, TICKET_STATUSES, type TicketStatus } from '#lib/flexmatch/status.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { ConfigurationView, RuleSetView } from '#lib/tickets/views.ts'
import type { DescribedGameSession, DescribedTicket } from './matchmaker.ts'

export function describedTicket(ticket: MatchmakingTicket): DescribedTicket {
  const status = knownStatus(ticket.Status)
  const connection = ticket.GameSessionConnectionInfo
  const sessionIds = new Map(
    connection?.MatchedPlayerSessions?.map((session) => [session.PlayerId, session.PlayerSessionId]),
  )
  return {
    configuration: ticket.ConfigurationName ?? '',
    observation: {
      ticketId: ticket.TicketId ?? '',
      status,
      statusReason: ticket.StatusReason ?? null,
      statusMessage: ticket.StatusMessage ?? null,
      // Only a backfill ticket names its game session before it is finished; afterwards the answer does not tell.
      kind: !isFinal(status) && connection?.GameSessionArn ? 'backfill' : 'new',
      startTime: ticket.StartTime?.getTime() ?? 0,
      endTime: ticket.EndTime?.getTime() ?? null,
      estimatedWaitSeconds: ticket.EstimatedWaitTime ?? null,
      players: (ticket.Players ?? []).map((player) => ({
        playerId: player.PlayerId ?? '',
        team: player.Team ?? null,
        attributes: attributes(player.PlayerAttributes),
        latencyMs: player.LatencyInMs ?? {},
        playerSessionId: sessionIds.get(player.PlayerId) ?? null,
      })),
      gameSessionArn: connection?.GameSessionArn ?? null,
      ipAddress: connection?.IpAddress ?? null,
      dnsName: connection?.DnsName ?? null,
      port: connection?.Port ?? null,
    },
  }
}

export function describedGameSession(session: GameSession): DescribedGameSession {
  return {
    gameSessionArn: session.GameSessionId ?? '',
    status: session.Status ?? 'UNKNOWN',
    currentPlayers: session.CurrentPlayerSessionCount ?? 0,
    maximumPlayers: session.MaximumPlayerSessionCount ?? 0,
    ipAddress: session.IpAddress ?? null,
    dnsName: session.DnsName ?? null,
    port: session.Port ?? null,
    location: session.Location ?? null,
    creationPolicy: session.PlayerSessionCreationPolicy ?? null,
    matchmakerData: session.MatchmakerData || null,
  }
}

export function configurationView(configuration: MatchmakingConfiguration): ConfigurationView {
  return {
    name: configuration.Name ?? '',
    arn: configuration.ConfigurationArn ?? '',
    ruleSetName: configuration.RuleSetName ?? '',
    acceptanceRequired: configuration.AcceptanceRequired ?? false,
    acceptanceTimeoutSeconds: configuration.AcceptanceTimeoutSeconds ?? null,
    requestTimeoutSeconds: configuration.RequestTimeoutSeconds ?? 0,
    flexMatchMode: configuration.FlexMatchMode ?? 'WITH_QUEUE',
    backfillMode: configuration.BackfillMode ?? 'MANUAL',
    additionalPlayerCount: configuration.AdditionalPlayerCount ?? 0,
    gameSessionQueueArns: configuration.GameSessionQueueArns ?? [],
    customEventData: configuration.CustomEventData ?? null,
    description: configuration.Description ?? null,
    createdAt: configuration.CreationTime?.toISOString() ?? null,
  }
}

export function ruleSetView(ruleSet: MatchmakingRuleSet): RuleSetView {
  return {
    name: ruleSet.RuleSetName ?? '',
    arn: ruleSet.RuleSetArn ?? '',
    body: ruleSet.RuleSetBody ?? '',
    createdAt: ruleSet.CreationTime?.toISOString() ?? null,
  }
}

function knownStatus(status: string | undefined): TicketStatus {
  const known = TICKET_STATUSES.find((candidate) => candidate === status)
  // A status nobody has heard of must not be shown as one of the eight.
  if (!known) throw new Error(`GameLift answered with the unknown ticket status ${JSON.stringify(status)}.`)
  return known
}

function attributes(given: Record<string, SdkAttributeValue> | undefined): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, value]) => [
      name,
      {
        ...(value.S !== undefined ? { S: value.S } : {}),
        ...(value.N !== undefined ? { N: value.N } : {}),
        ...(value.SL !== undefined ? { SL: value.SL } : {}),
        ...(value.SDM !== undefined ? { SDM: value.SDM } : {}),
      },
    ]),
  )
}
