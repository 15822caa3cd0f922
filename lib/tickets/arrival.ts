import type { EventFact, TicketFact } from '#lib/flexmatch/events.ts'
import type { PlacementEvent } from '#lib/flexmatch/parse-event.ts'

/** One thing that came through the door, already parsed. */
export type Arrival =
  | { kind: 'matchmaking'; fact: EventFact; envelope: Record<string, unknown> }
  | { kind: 'placement'; event: PlacementEvent; envelope: Record<string, unknown> }
  | { kind: 'observation'; fact: Exclude<TicketFact, EventFact> }

/** The tickets a fact speaks about, each once. */
export function ticketIdsOf(fact: TicketFact): string[] {
  switch (fact.source) {
    case 'event':
      return [...new Set(fact.detail.tickets.map((ticket) => ticket.ticketId))]
    case 'describe':
      return [fact.observation.ticketId]
    default:
      return [fact.ticketId]
  }
}

export function matchIdOf(fact: TicketFact): string | null {
  return fact.source === 'event' && 'matchId' in fact.detail ? (fact.detail.matchId ?? null) : null
}

/** The session a success was placed in; other events do not say one. */
export function sessionArnOf(fact: TicketFact): string | null {
  if (fact.source !== 'event' || fact.detail.type !== 'MatchmakingSucceeded') return null
  return fact.detail.gameSessionInfo.gameSessionArn ?? null
}
