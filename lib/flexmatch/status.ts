/** The eight statuses of a matchmaking ticket, exactly as GameLift spells them, in lifecycle order. */
export const TICKET_STATUSES = [
  'QUEUED',
  'SEARCHING',
  'REQUIRES_ACCEPTANCE',
  'PLACING',
  'COMPLETED',
  'CANCELLED',
  'TIMED_OUT',
  'FAILED',
] as const
export type TicketStatus = (typeof TICKET_STATUSES)[number]

/** Statuses that still occupy the ticket's players ("active" in GameLift's words). */
export const OPEN_STATUSES = ['QUEUED', 'SEARCHING', 'REQUIRES_ACCEPTANCE', 'PLACING'] as const satisfies TicketStatus[]

export function isOpen(status: IndexedStatus): boolean {
  return (OPEN_STATUSES as readonly IndexedStatus[]).includes(status)
}

/** No transition leaves these. */
export function isFinal(status: TicketStatus): boolean {
  return status === 'COMPLETED' || status === 'CANCELLED' || status === 'TIMED_OUT' || status === 'FAILED'
}

/**
 * What the index can say of a ticket: GameLift's statuses, or GONE when GameLift no longer knows an id that we last
 * saw open. GONE is not final: a late event may still tell how the ticket ended.
 */
export type IndexedStatus = TicketStatus | 'GONE'
export const INDEXED_STATUSES = [...TICKET_STATUSES, 'GONE'] as const

export const TICKET_KINDS = ['new', 'backfill', 'auto-backfill'] as const
export type TicketKind = (typeof TICKET_KINDS)[number]

/** Why a ticket is where it is. Closed: every screen has a sentence for each. */
export const CAUSES = [
  'started', // waiting since it was started
  'returned-not-accepted', // back in search: another ticket did not accept the match
  'returned-placement', // back in search: the queue could not place the match in time
  'proposed', // a match is proposed and waits for answers
  'accepted', // everyone accepted, the session is being prepared
  'matched', // no acceptance needed, the session is being prepared or the match is complete
  'stopped', // StopMatchmaking
  'rejected', // one of its own players rejected the match
  'not-answered', // its own players had not all accepted when the match was dropped
  'superseded', // one of its players started a newer ticket
  'backfill-replaced', // a newer backfill request for the same game session
  'session-ended', // backfill whose game session ended
  'request-timed-out', // reached RequestTimeoutSeconds
  'placement-failed', // the queue failed or refused the placement
  'session-unavailable', // backfill: the session was not found or closed to new players
  'gone', // GameLift no longer knows the id
  'unknown', // the service gave no reason we know
] as const
export type Cause = (typeof CAUSES)[number]
