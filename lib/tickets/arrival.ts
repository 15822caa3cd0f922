import type { Channel } from '#lib/environments/environment.ts'
import { eventKey } from '#lib/flexmatch/event-key.ts'
import type { EventEnvelope, EventFact, TicketFact } from '#lib/flexmatch/events.ts'
import type { PlacementEvent } from '#lib/flexmatch/parse-event.ts'

/** By which way an event came and when, epoch ms. Where nothing is said: by the webhook, now. */
interface Came {
  channel?: Channel
  receivedAt?: number
  /** Worked out beforehand, while others are stored. */
  prepared?: Prepared
}
interface Prepared {
  /** What makes the event the event it is. */
  key: string
  /** The envelope as JSON. */
  body: string
}

/** An event that came through the door, already parsed. The id in it is that of its envelope. */
export type EventArrival =
  | ({ kind: 'matchmaking'; fact: EventFact; envelope: Record<string, unknown> } & Came)
  | ({ kind: 'placement'; event: PlacementEvent; envelope: Record<string, unknown> } & Came)
/** One thing that came through the door. */
export type Arrival = EventArrival | { kind: 'observation'; fact: Exclude<TicketFact, EventFact> }

export function prepare(envelope: Record<string, unknown>): Prepared {
  return { key: eventKey(envelope as unknown as EventEnvelope), body: JSON.stringify(envelope) }
}

/** The tickets a fact speaks about, each once. */
export function ticketIdsOf(fact: TicketFact): string[] {
  switch (fact.source) {
    case 'event':
      if (fact.detail.tickets.length === 1) return fact.detail.tickets.map(({ ticketId }) => ticketId)
      return [...new Set(fact.detail.tickets.map(({ ticketId }) => ticketId))]
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
