/**
 * Going on from a ticket as it was stored, without its history. Exactly what the whole history gives, or not at all: the
 * reducer is the same, and every case in which an older fact could still matter is left to the whole history.
 */
import type { TicketFact } from './events.ts'
import { walkHistory } from './order-history.ts'
import { applyFact, kindIn, startOf } from './project-ticket.ts'
import type { Ticket } from './ticket.ts'
import { inLife } from './ticket-life.ts'
import { ticketIn } from './tickets-in-event.ts'

/** A projected ticket with what must be known to go on from it. */
export interface StoredTicket {
  ticket: Ticket
  /** Time of the newest fact in its history, also of one that changed nothing. Epoch ms. */
  newestFactAt: number
  /** Whether only the whole history can tell how it goes on: see `projectWhole`. */
  tied: boolean
}

/** The ticket at the end of its whole history, with what must be kept to go on from there. */
export function projectWhole(ticketId: string, facts: readonly TicketFact[]): StoredTicket {
  const { ticket, tied } = walkHistory(startOf(ticketId, facts), facts, applyFact)
  return {
    ticket,
    newestFactAt: newestOf(facts),
    // An id that was used twice: its other life is not in the ticket.
    tied: tied || facts.some((fact) => startsAnother(ticket, fact)),
  }
}

/**
 * The stored ticket after `fresh`, facts that its history does not hold; null where the whole history must be read:
 * facts that are not newer than all of it, or that tell a kind, a life or an order which it was not read with.
 */
export function projectFurther(stored: StoredTicket, fresh: readonly TicketFact[]): StoredTicket | null {
  const { ticket, newestFactAt, tied } = stored
  if (tied || fresh.some((fact) => fact.time <= newestFactAt || startsAnother(ticket, fact))) return null
  const kind = kindIn(ticket.ticketId, fresh)
  if (kind !== 'new' && kind !== ticket.kind && ticket.kind !== 'auto-backfill') return null
  const walk = walkHistory(ticket, fresh, applyFact)
  // What told the order may be in the older facts as well.
  if (walk.tied) return null
  return { ticket: walk.ticket, newestFactAt: newestOf(fresh), tied: false }
}

/** Whether the fact belongs to another life of this id than the ticket. */
function startsAnother(ticket: Ticket, fact: TicketFact): boolean {
  const startedAt = startIn(fact, ticket.ticketId)
  return startedAt !== null && inLife(ticket, startedAt) !== ticket
}

function startIn(fact: TicketFact, ticketId: string): number | null {
  switch (fact.source) {
    case 'event': {
      const own = ticketIn(fact.detail, ticketId)
      return own ? Date.parse(own.startTime) : null
    }
    case 'describe':
      return fact.observation.startTime
    case 'overdue':
      return fact.startTime
    default:
      return null
  }
}

function newestOf(facts: readonly TicketFact[]): number {
  let newest = Number.NEGATIVE_INFINITY
  for (const { time } of facts) if (time > newest) newest = time
  return newest
}
