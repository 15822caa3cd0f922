import type { TicketKind } from './status.ts'
import type { Ticket } from './ticket.ts'

/** A ticket of which nothing is known yet, except perhaps its kind. */
export function blankTicket(ticketId: string, kind: TicketKind): Ticket {
  return {
    ticketId,
    configuration: '',
    kind,
    status: 'QUEUED',
    presumed: false,
    cause: 'started',
    statusReason: null,
    statusMessage: null,
    matchId: null,
    acceptanceDeadline: null,
    players: [],
    gameSessionArn: null,
    ipAddress: null,
    dnsName: null,
    port: null,
    estimatedWaitSeconds: null,
    startedAt: 0,
    endedAt: null,
    updatedAt: 0,
    described: false,
    lastEventAt: null,
    proposal: null,
  }
}

/** Sources may round the start; two lives of one id are further apart. */
const SAME_START_MS = 1_000

/**
 * The life a fact belongs to, told by its start, which never changes: once GameLift has forgotten a finished ticket its
 * id may be used again. Gives the ticket itself, a blank one for a new life, or null for a life that is over.
 */
export function inLife(ticket: Ticket, startedAt: number): Ticket | null {
  const known = ticket.lastEventAt !== null || ticket.described
  if (!known || Math.abs(startedAt - ticket.startedAt) < SAME_START_MS) return ticket
  return startedAt > ticket.startedAt ? blankTicket(ticket.ticketId, ticket.kind) : null
}
