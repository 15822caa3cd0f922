/** What a describe, or the absence of its answer, means for one ticket. */
import { isSettled } from './apply-event.ts'
import { causeOfCancel, causeOfFailure, causeOfReturn } from './ending-cause.ts'
import type { DescribedFact, GoneFact, OverdueFact, TicketObservation } from './events.ts'
import { type Cause, isFinal, isOpen } from './status.ts'
import type { Ticket, TicketPlayer } from './ticket.ts'
import { inLife } from './ticket-life.ts'

/** A describe reads a copy that may lag the newest event by this much. */
const TRAILING_MS = 2_000

/** Supplies what events do not carry; moves the status only where the describe must be newer than what is known. */
export function applyDescribed(before: Ticket, fact: DescribedFact): Ticket {
  const seen = fact.observation
  const ticket = seen.ticketId === before.ticketId ? inLife(before, seen.startTime) : null
  if (!ticket) return before
  const supplied = supply(ticket, fact)
  const next = isSettled(ticket) ? supplied : moved(supplied, fact)
  // A describe that says what is known already changes nothing, so it is not news either.
  return saySame(next, before) ? before : { ...next, updatedAt: fact.time }
}

/** GameLift no longer knows the id. Not the end: a late event may still tell how the ticket ended. */
export function applyGone(ticket: Ticket, fact: GoneFact): Ticket {
  if (fact.ticketId !== ticket.ticketId || isSettled(ticket) || ticket.status === 'GONE') return ticket
  return {
    ...ticket,
    configuration: ticket.configuration || fact.configuration,
    status: 'GONE',
    presumed: false,
    cause: 'gone',
    acceptanceDeadline: null,
    endedAt: null,
    startedAt: ticket.startedAt || fact.time,
    updatedAt: fact.time,
  }
}

/** Timed out, one must suppose. A ticket that is being placed may outlive its timeout. */
export function applyOverdue(ticket: Ticket, fact: OverdueFact): Ticket {
  if (fact.ticketId !== ticket.ticketId || inLife(ticket, fact.startTime) !== ticket) return ticket
  const waiting = ticket.status !== 'PLACING' && (isOpen(ticket.status) || ticket.presumed)
  if (!waiting || ticket.status === 'TIMED_OUT') return ticket
  return {
    ...ticket,
    configuration: ticket.configuration || fact.configuration,
    status: 'TIMED_OUT',
    presumed: true,
    cause: 'request-timed-out',
    statusReason: null,
    statusMessage: null,
    acceptanceDeadline: null,
    endedAt: fact.time,
    startedAt: ticket.startedAt || fact.startTime,
    updatedAt: fact.time,
  }
}

function supply(ticket: Ticket, fact: DescribedFact): Ticket {
  const seen = fact.observation
  const teamsCount = isFinal(seen.status) || seen.kind !== 'new'
  return {
    ...ticket,
    configuration: ticket.configuration || fact.configuration,
    startedAt: seen.startTime,
    described: true,
    statusReason: ticket.statusReason ?? (seen.status === ticket.status ? seen.statusReason : null),
    statusMessage: ticket.statusMessage ?? (seen.status === ticket.status ? seen.statusMessage : null),
    players: supplyPlayers(ticket.players, seen, teamsCount),
    gameSessionArn: ticket.gameSessionArn ?? seen.gameSessionArn,
    ipAddress: ticket.ipAddress ?? seen.ipAddress,
    dnsName: ticket.dnsName ?? seen.dnsName,
    port: ticket.port ?? seen.port,
    estimatedWaitSeconds: ticket.estimatedWaitSeconds ?? seen.estimatedWaitSeconds,
  }
}

/** Whatever the order of their members: a ticket that comes from the database has them in another one. */
function saySame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b)
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => saySame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  )
}

function supplyPlayers(known: TicketPlayer[], seen: TicketObservation, teamsCount: boolean): TicketPlayer[] {
  const byId = new Map(known.map((player) => [player.playerId, player]))
  for (const player of seen.players) {
    const before = byId.get(player.playerId)
    byId.set(player.playerId, {
      playerId: player.playerId,
      team: before?.team ?? (teamsCount ? player.team : null),
      answer: before?.answer ?? null,
      answeredAt: before?.answeredAt ?? null,
      playerSessionId: before?.playerSessionId ?? player.playerSessionId,
      attributes: player.attributes,
      latencyMs: player.latencyMs,
    })
  }
  return [...byId.values()]
}

function moved(ticket: Ticket, fact: DescribedFact): Ticket {
  const seen = fact.observation
  const newer = ticket.lastEventAt === null || fact.time - ticket.lastEventAt >= TRAILING_MS
  if (!newer && !isFinal(seen.status)) return ticket
  const next: Ticket = {
    ...ticket,
    status: seen.status,
    presumed: false,
    statusReason: seen.statusReason,
    statusMessage: seen.statusMessage,
  }
  if (isFinal(seen.status)) {
    return { ...next, cause: causeOfEnd(ticket, seen), acceptanceDeadline: null, endedAt: seen.endTime ?? fact.time }
  }
  if (seen.status === ticket.status) return next
  switch (seen.status) {
    case 'QUEUED':
      // The way back to QUEUED does not exist: only a ticket we knew nothing better of is QUEUED.
      return ticket.status === 'GONE' || isOverdue(ticket) ? { ...next, cause: 'started', endedAt: null } : ticket
    case 'SEARCHING':
      return {
        ...next,
        cause: ticket.proposal ? causeOfReturn(ticket.status, seen.statusReason, seen.statusMessage) : 'started',
        matchId: null,
        acceptanceDeadline: null,
        endedAt: null,
        proposal: ticket.proposal && { ...ticket.proposal, dropped: true },
        players: ticket.players.map((player) => ({
          ...player,
          answer: null,
          answeredAt: null,
          team: seen.kind === 'new' ? null : player.team,
        })),
      }
    case 'REQUIRES_ACCEPTANCE':
      return { ...next, cause: 'proposed', endedAt: null }
    case 'PLACING':
      return {
        ...next,
        cause: ticket.status === 'REQUIRES_ACCEPTANCE' ? 'accepted' : 'matched',
        acceptanceDeadline: null,
        endedAt: null,
      }
    default:
      return next
  }
}

function isOverdue(ticket: Ticket): boolean {
  return ticket.status === 'TIMED_OUT' && ticket.presumed
}

function causeOfEnd(before: Ticket, seen: TicketObservation): Cause {
  switch (seen.status) {
    case 'COMPLETED':
      return 'matched'
    case 'TIMED_OUT':
      return 'request-timed-out'
    case 'FAILED':
      return causeOfFailure(seen.statusReason, seen.statusMessage)
    default:
      return causeOfCancel(before, seen.statusReason, seen.statusMessage)
  }
}
