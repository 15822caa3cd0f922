/** Tickets and configurations as anyone can read them. */
import type { Engine } from '#lib/engine/core/contract.ts'
import type { TicketStatus } from '#lib/flexmatch/status.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'

export interface TicketView {
  TicketId: string
  ConfigurationName: string
  Status: TicketStatus
  StatusReason?: string
  StartTime: Date
  EndTime?: Date
  Players: {
    PlayerId: string
    Team?: string
    PlayerAttributes?: Record<string, AttributeValue>
    LatencyInMs?: Record<string, number>
  }[]
  GameSessionConnectionInfo?: { GameSessionArn: string; MatchedPlayerSessions?: { PlayerId: string }[] }
}

export function readViews(engine: Engine, ticketIds: readonly string[]): Map<string, TicketView> {
  const views = new Map<string, TicketView>()
  for (let from = 0; from < ticketIds.length; from += 10) {
    const TicketIds = ticketIds.slice(from, from + 10)
    const { TicketList } = engine.read('DescribeMatchmaking', { TicketIds }, 0) as { TicketList: TicketView[] }
    for (const ticket of TicketList) views.set(ticket.TicketId, ticket)
  }
  return views
}

/** The request time-out by configuration, in ms. */
export function timeoutsOf(engine: Engine): Map<string, number> {
  const { Configurations } = engine.read('DescribeMatchmakingConfigurations', {}, 0) as {
    Configurations: { Name: string; RequestTimeoutSeconds: number }[]
  }
  return new Map(Configurations.map(({ Name, RequestTimeoutSeconds }) => [Name, RequestTimeoutSeconds * 1000]))
}
