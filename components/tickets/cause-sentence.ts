import type { DroppedMatch } from '#lib/flexmatch/dropped-match.ts'
import type { Cause, IndexedStatus, TicketKind } from '#lib/flexmatch/status.ts'
import type { SupersededView } from '#lib/tickets/views.ts'
import { endedWithMatch, returnedFromMatch } from './dropped-words.ts'
import type { LinkedText } from './linked-text.ts'
import { supersededSentence } from './superseded-words.ts'

/** What the sentence needs to know of a ticket. Times epoch ms. */
export interface SentenceTicket {
  ticketId: string
  status: IndexedStatus
  cause: Cause
  kind: TicketKind
  /** Players whose answer is still missing, in the order shown. */
  waitingFor: readonly string[]
  playerCount: number
  acceptanceDeadline: number | null
  statusMessage: string | null
  /** Whether nothing has stated the status yet. */
  presumed: boolean
  /** Where its match was placed, or the session that it fills; standalone matches are in none. */
  gameSessionArn: string | null
  /** The newer ticket that ended it, where known. */
  supersededBy: SupersededView | null
  /** How the last match it was in was dropped, where that is known. */
  dropped: DroppedMatch | null
  /** GameLift's estimate, seconds. */
  estimatedWaitSeconds: number | null
}

/**
 * One or two sentences: why the ticket is where it is, and what happens next. Total: every status with every cause, also
 * those that should not occur together, gives text that is true of both.
 */
export function causeSentence(ticket: SentenceTicket, now: number): LinkedText {
  if (ticket.status === 'CANCELLED' && ticket.supersededBy !== null) {
    return supersededSentence(ticket, ticket.supersededBy)
  }
  return [withoutLinks(ticket, now)]
}

function withoutLinks(ticket: SentenceTicket, now: number): string {
  switch (ticket.status) {
    case 'QUEUED':
      return `${openReason(ticket, 'Waiting to be picked up by the matchmaker.')} It moves to searching within seconds.`
    case 'SEARCHING':
      return `${openReason(ticket, searching(ticket.kind))} ${nextOfSearch(ticket)}`
    case 'REQUIRES_ACCEPTANCE':
      return requiresAcceptance(ticket, now)
    case 'PLACING':
      return `${placing(ticket.cause)} It can no longer be cancelled.`
    case 'COMPLETED':
      if (ticket.kind !== 'new') return 'Filled: new players were added to the game session.'
      return ticket.gameSessionArn !== null
        ? 'Matched and placed. Its players can connect to the game session below.'
        : 'Matched. GameLift has named no game session: under a standalone configuration your own service places it.'
    case 'CANCELLED':
      return `${cancelled(ticket)} Nothing more happens to it${ticket.kind === 'new' ? `; ${players(ticket)} free to start again` : ''}.`
    case 'TIMED_OUT':
      if (ticket.presumed) return PRESUMED_OVER
      return `No match was found before the request timeout of its configuration.${afterPlacement(ticket.cause)} Nothing more happens to it; ${needANewTicket(ticket)}`
    case 'FAILED':
      return `${failed(ticket)} Nothing more happens to it; ${needANewTicket(ticket)}`
    case 'GONE':
      return 'GameLift no longer knows this ticket, and no event has told how it ended. What was recorded is below; a late event can still complete it.'
  }
}

const PRESUMED_OVER =
  'Presumed to have timed out: its request timeout is long over, and neither an event nor GameLift has said how it ended. GameLift is asked until it has; what is heard of it then stands.'

function players({ playerCount }: SentenceTicket): string {
  return playerCount === 1 ? 'its player is' : 'its players are'
}

function oneOf({ playerCount }: SentenceTicket): string {
  return playerCount === 1 ? 'its player' : 'one of its players'
}

function needANewTicket({ kind, playerCount }: SentenceTicket): string {
  if (kind !== 'new') return 'to fill the game session takes a new backfill request.'
  return playerCount === 1 ? 'its player needs a new ticket.' : 'its players need a new ticket.'
}

function searching(kind: TicketKind): string {
  return kind === 'new' ? 'Looking for a match.' : 'Looking for players to fill the open slots of its game session.'
}

function nextOfSearch(ticket: SentenceTicket): string {
  const estimate =
    ticket.estimatedWaitSeconds === null ? '' : ` GameLift expects a wait of about ${ticket.estimatedWaitSeconds} s.`
  return `It stays in search until the rules match it, it is cancelled, or the request timeout is reached.${estimate}`
}

/** Why a ticket that is open is open; the fallback for causes that say nothing about that. */
function openReason({ cause, kind, dropped }: SentenceTicket, fallback: string): string {
  if (cause === 'returned-not-accepted') {
    if (dropped === null)
      return 'Back in search: another ticket of the proposed match did not accept it or was cancelled.'
    const all = kind === 'new' && dropped.unanswered.length === 0 ? ' All players here had accepted.' : ''
    return `Back in search: ${returnedFromMatch(dropped)}.${all}`
  }
  if (cause === 'returned-placement') return 'Back in search: the match it was in could not be placed in time.'
  return fallback
}

function requiresAcceptance(ticket: SentenceTicket, now: number): string {
  if (ticket.kind !== 'new')
    return 'A match for the open slots is proposed. Players of this backfill ticket need not answer; if the new players do not accept, it searches again.'
  const silent = ticket.waitingFor.length
  if (silent === 0)
    return 'All players of this ticket have accepted. It waits for the other tickets of the match; if one of them does not accept, this one searches again.'
  if (ticket.acceptanceDeadline !== null && ticket.acceptanceDeadline <= now)
    return `The time to answer is up and ${names(ticket.waitingFor)} ${silent === 1 ? 'has' : 'have'} not answered. GameLift cancels this ticket.`
  const who =
    ticket.playerCount === 1
      ? `Waiting on its player (${names(ticket.waitingFor)}). If the player rejects`
      : `Waiting on ${silent} of ${ticket.playerCount} players (${names(ticket.waitingFor)}). If one of them rejects`
  return `${who} or does not answer in time, this ticket is cancelled, and so is every ticket of the match whose players have not all accepted by then. The others search again.`
}

function names(playerIds: readonly string[]): string {
  const shown = playerIds.slice(0, 4).map((id) => (id.length > 24 ? `${id.slice(0, 11)}…${id.slice(-10)}` : id))
  return playerIds.length > 4 ? `${shown.join(', ')} and ${playerIds.length - 4} more` : shown.join(', ')
}

function placing(cause: Cause): string {
  const why =
    cause === 'accepted' ? 'Every player accepted' : cause === 'matched' ? 'A match was found' : 'The match is complete'
  return `${why}: the match is being placed in a game session.`
}

function cancelled(ticket: SentenceTicket): string {
  switch (ticket.cause) {
    case 'stopped':
      return ticket.kind === 'auto-backfill'
        ? 'Stopped on request, which also turned automatic backfill off for its game session.'
        : 'Cancelled on request.'
    case 'rejected':
      return ticket.dropped?.rejectedBy.length
        ? endedWithMatch(ticket.ticketId, ticket.playerCount, ticket.dropped)
        : `Cancelled because ${oneOf(ticket)} rejected the proposed match.`
    case 'not-answered':
      return ticket.dropped
        ? endedWithMatch(ticket.ticketId, ticket.playerCount, ticket.dropped)
        : `Cancelled because ${oneOf(ticket)} had not accepted when the proposed match was dropped.`
    case 'superseded':
      return `Cancelled because ${oneOf(ticket)} started a newer ticket; a player can be in one open ticket only.`
    case 'backfill-replaced':
      return 'Cancelled because a newer backfill request for the same game session replaced it.'
    case 'session-ended':
      return 'Cancelled because its game session ended.'
    default:
      return ticket.statusMessage
        ? `Cancelled. GameLift says: ${sentence(ticket.statusMessage)}`
        : 'Cancelled; GameLift gave no reason.'
  }
}

function afterPlacement(cause: Cause): string {
  return cause === 'returned-placement' ? ' It had been matched once, but that match could not be placed.' : ''
}

function failed(ticket: SentenceTicket): string {
  switch (ticket.cause) {
    case 'placement-failed':
      return 'Matched, but the queue could not place the match in a game session. Look at the queue and its fleets.'
    case 'session-unavailable':
      return 'The game session to fill was not found or accepts no new players.'
    default:
      return ticket.statusMessage
        ? `Failed. GameLift says: ${sentence(ticket.statusMessage)}`
        : 'Failed inside GameLift; it gave no reason.'
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
}
