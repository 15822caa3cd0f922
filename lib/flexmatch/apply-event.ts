/** What each FlexMatch event means for one ticket. Total: whatever the service reports has happened. */

import { causeOfCancel, causeOfFailure } from './ending-cause.ts'
import type { EventFact, EventTicket, MatchmakingDetail } from './events.ts'
import { isFinal } from './status.ts'
import type { Ticket } from './ticket.ts'
import { inLife } from './ticket-life.ts'
import { mergePlayers, noAnswer, takeTeams } from './ticket-players.ts'
import { holdsRejection, ticketIn } from './tickets-in-event.ts'

type DetailOf<T extends MatchmakingDetail['type']> = Extract<MatchmakingDetail, { type: T }>

/** Whether nothing later can change the status: final, and stated rather than presumed. */
export function isSettled(ticket: Ticket): boolean {
  return ticket.status !== 'GONE' && isFinal(ticket.status) && !ticket.presumed
}

/** Applies an event that names the ticket; one that does not leaves it as it is. */
export function applyEvent(before: Ticket, fact: EventFact): Ticket {
  const own = ticketIn(fact.detail, before.ticketId)
  const ticket = own && inLife(before, Date.parse(own.startTime))
  if (!own || !ticket) return before
  if (isSettled(ticket)) return supplyLate(ticket, fact, own)
  const heard: Ticket = {
    ...ticket,
    configuration: fact.configuration,
    startedAt: Date.parse(own.startTime),
    players: mergePlayers(ticket.players, own.players),
    updatedAt: fact.time,
    lastEventAt: fact.time,
  }
  const { detail, time } = fact
  switch (detail.type) {
    case 'MatchmakingSearching':
      return searching(heard, detail)
    case 'PotentialMatchCreated':
      return proposed(heard, detail, own, time)
    case 'AcceptMatch':
      return answered(heard, detail, own, time)
    case 'AcceptMatchCompleted':
      return acceptanceCompleted(heard, detail, time)
    case 'MatchmakingSucceeded':
      return succeeded(heard, detail, own, time)
    case 'MatchmakingTimedOut':
      return ended(heard, detail, time, 'TIMED_OUT', 'request-timed-out')
    case 'MatchmakingCancelled':
      return ended(heard, detail, time, 'CANCELLED', causeOfCancel(ticket, detail.reason, detail.message))
    case 'MatchmakingFailed':
      return ended(heard, detail, time, 'FAILED', causeOfFailure(detail.reason, detail.message))
    default:
      return detail satisfies never
  }
}

/** Also sent when a proposed match fell through. */
function searching(ticket: Ticket, detail: DetailOf<'MatchmakingSearching'>): Ticket {
  const estimate = detail.estimatedWaitMillis
  return {
    ...backInSearch(ticket),
    presumed: false,
    cause: causeOfSearching(ticket),
    estimatedWaitSeconds: typeof estimate === 'number' && Number.isFinite(estimate) ? estimate : null,
  }
}

function causeOfSearching(ticket: Ticket): Ticket['cause'] {
  switch (ticket.status) {
    case 'PLACING':
      return 'returned-placement'
    case 'REQUIRES_ACCEPTANCE':
    case 'CANCELLED': // presumed only: its players had not all accepted, yet it searches again
      return 'returned-not-accepted'
    case 'SEARCHING':
      return ticket.cause
    default:
      return ticket.proposal ? 'returned-not-accepted' : 'started'
  }
}

function backInSearch(ticket: Ticket): Ticket {
  return {
    ...ticket,
    status: 'SEARCHING',
    statusReason: null,
    statusMessage: null,
    matchId: null,
    acceptanceDeadline: null,
    endedAt: null,
    proposal: ticket.proposal && { ...ticket.proposal, dropped: true },
    // Players of a backfill ticket keep the team they play in.
    players: ticket.players.map((player) => ({
      ...player,
      ...noAnswer,
      team: ticket.kind === 'new' ? null : player.team,
    })),
  }
}

function proposed(ticket: Ticket, detail: DetailOf<'PotentialMatchCreated'>, own: EventTicket, time: number): Ticket {
  const deadline =
    detail.acceptanceRequired && Number.isFinite(detail.acceptanceTimeout)
      ? time + Number(detail.acceptanceTimeout) * 1000
      : null
  if (ticket.proposal?.matchId === detail.matchId) {
    // A later event of this match was stamped earlier: it has said more than this one can.
    return ticket.status === 'REQUIRES_ACCEPTANCE' ? { ...ticket, acceptanceDeadline: deadline } : ticket
  }
  const inMatch = enterMatch(ticket, detail.matchId)
  const players = takeTeams(inMatch.players, own.players)
  return detail.acceptanceRequired
    ? { ...inMatch, players, acceptanceDeadline: deadline }
    : { ...inMatch, players, status: 'PLACING', cause: 'matched' }
}

/** The ticket as part of a match that waits for answers. */
function enterMatch(ticket: Ticket, matchId: string): Ticket {
  return {
    ...ticket,
    status: 'REQUIRES_ACCEPTANCE',
    presumed: false,
    cause: 'proposed',
    statusReason: null,
    statusMessage: null,
    matchId,
    acceptanceDeadline: null,
    endedAt: null,
    proposal: { matchId, rejected: false, dropped: false },
    players: ticket.players.map((player) => ({ ...player, ...noAnswer })),
  }
}

/** The event of this match that created it may be lost: the first one heard of it stands in. */
function inMatchOf(ticket: Ticket, matchId: string): Ticket {
  return ticket.proposal?.matchId === matchId ? ticket : enterMatch(ticket, matchId)
}

function answered(ticket: Ticket, detail: DetailOf<'AcceptMatch'>, own: EventTicket, time: number): Ticket {
  if (ticket.proposal?.matchId === detail.matchId && ticket.proposal.dropped) return ticket
  const inMatch = inMatchOf(ticket, detail.matchId)
  const players = takeTeams(inMatch.players, own.players).map((player) => {
    const said = own.players.find((candidate) => candidate.playerId === player.playerId)?.accepted
    if (said === undefined) return player
    const answer = said ? ('accepted' as const) : ('rejected' as const)
    // Every later event repeats the standing answers: the first that carried one is when it was given.
    return player.answer === answer ? player : { ...player, answer, answeredAt: time }
  })
  return {
    ...inMatch,
    players,
    proposal: inMatch.proposal && {
      ...inMatch.proposal,
      rejected: inMatch.proposal.rejected || holdsRejection(detail),
    },
  }
}

function acceptanceCompleted(ticket: Ticket, detail: DetailOf<'AcceptMatchCompleted'>, time: number): Ticket {
  if (ticket.proposal?.matchId === detail.matchId && ticket.proposal.dropped) return ticket
  const inMatch = inMatchOf(ticket, detail.matchId)
  if (detail.acceptance === 'Accepted') {
    const players = inMatch.players.map((player) =>
      player.answer || inMatch.kind !== 'new' ? player : { ...player, answer: 'accepted' as const, answeredAt: time },
    )
    return { ...inMatch, players, status: 'PLACING', presumed: false, cause: 'accepted', acceptanceDeadline: null }
  }
  const fate = fateInDroppedMatch(inMatch, detail.acceptance)
  if (fate === null) return { ...backInSearch(inMatch), presumed: true, cause: 'returned-not-accepted' }
  return {
    ...inMatch,
    status: 'CANCELLED',
    presumed: true,
    cause: fate,
    acceptanceDeadline: null,
    endedAt: time,
    proposal: inMatch.proposal && { ...inMatch.proposal, dropped: true },
  }
}

/**
 * Why a ticket is cancelled with the match that was dropped; null when it searches again. (AWS documents this in five
 * ways that cannot all be true; this is the API reference's. The status stays presumed until something states it.)
 */
function fateInDroppedMatch(ticket: Ticket, acceptance: 'Rejected' | 'TimedOut'): 'rejected' | 'not-answered' | null {
  if (ticket.kind !== 'new') return null
  if (ticket.players.some((player) => player.answer === 'rejected')) return 'rejected'
  if (ticket.players.every((player) => player.answer === 'accepted')) return null
  // Rejected although nobody rejected: one of the tickets was stopped, the others go back whatever they had answered.
  return acceptance === 'TimedOut' || ticket.proposal?.rejected ? 'not-answered' : null
}

function succeeded(ticket: Ticket, detail: DetailOf<'MatchmakingSucceeded'>, own: EventTicket, time: number): Ticket {
  const session = detail.gameSessionInfo
  return {
    ...ticket,
    status: 'COMPLETED',
    presumed: false,
    cause: 'matched',
    statusReason: null,
    statusMessage: null,
    matchId: detail.matchId,
    acceptanceDeadline: null,
    endedAt: time,
    gameSessionArn: session.gameSessionArn ?? ticket.gameSessionArn,
    ipAddress: session.ipAddress ?? ticket.ipAddress,
    dnsName: session.dnsName ?? ticket.dnsName,
    port: session.port ?? ticket.port,
    players: takeTeams(ticket.players, own.players),
    proposal: { matchId: detail.matchId, rejected: false, dropped: false },
  }
}

function ended(
  ticket: Ticket,
  detail: DetailOf<'MatchmakingTimedOut' | 'MatchmakingCancelled' | 'MatchmakingFailed'>,
  time: number,
  status: 'TIMED_OUT' | 'CANCELLED' | 'FAILED',
  cause: Ticket['cause'],
): Ticket {
  return {
    ...ticket,
    status,
    presumed: false,
    cause,
    statusReason: detail.reason ?? null,
    statusMessage: detail.message ?? null,
    matchId: detail.matchId ?? ticket.matchId,
    acceptanceDeadline: null,
    endedAt: time,
  }
}

/** A finished ticket stays as it ended; the event of that very end may still supply what a describe could not. */
function supplyLate(ticket: Ticket, fact: EventFact, own: EventTicket): Ticket {
  if (ticket.status !== 'COMPLETED' || fact.detail.type !== 'MatchmakingSucceeded') return ticket
  if (ticket.matchId && ticket.matchId !== fact.detail.matchId) return ticket
  const session = fact.detail.gameSessionInfo
  return {
    ...ticket,
    configuration: ticket.configuration || fact.configuration,
    matchId: fact.detail.matchId,
    gameSessionArn: ticket.gameSessionArn ?? session.gameSessionArn ?? null,
    ipAddress: ticket.ipAddress ?? session.ipAddress ?? null,
    dnsName: ticket.dnsName ?? session.dnsName ?? null,
    port: ticket.port ?? session.port ?? null,
    players: takeTeams(ticket.players, own.players),
  }
}
