import type { BackfillOffOutcome } from '#lib/tickets/inputs.ts'
import type { SessionView } from '#lib/tickets/views.ts'

/** Whether automatic backfill runs for a session, in words; null while the session cannot be read. */
export function backfillSentence({
  live,
  backfillTickets,
}: Pick<SessionView, 'live' | 'backfillTickets'>): string | null {
  if (live === null) return null
  const ticketId = live.autoBackfillTicketId
  if (ticketId !== null) {
    const ticket = backfillTickets.find((each) => each.ticketId === ticketId)
    const open = Math.max(0, live.maximumPlayers - live.currentPlayers)
    const slots = open === 1 ? '1 player' : `${open} players`
    const doing =
      ticket === undefined || ticket.status === 'SEARCHING' || ticket.status === 'QUEUED'
        ? `is searching for ${slots}`
        : ticket.status === 'PLACING'
          ? 'has found players who are being placed'
          : ticket.status === 'REQUIRES_ACCEPTANCE'
            ? 'has found players who are being asked'
            : 'has just ended'
    return `Automatic backfill is on: ticket ${ticketId} ${doing}.`
  }
  if (live.autoBackfillMode === 'AUTOMATIC') return 'Automatic backfill is on, with no ticket in search right now.'
  return 'Automatic backfill is off for this session.'
}

/** Whether the session, as last read, will not fill itself any more. */
export function isOffAfter({ autoBackfillMode }: Pick<BackfillOffOutcome, 'autoBackfillMode'>): boolean {
  return autoBackfillMode !== 'AUTOMATIC'
}

/** What turning it off did, as the operator reads it afterwards. */
export function backfillOffSentence(outcome: BackfillOffOutcome): string {
  const { stoppedTicketIds, checks } = outcome
  const off = isOffAfter(outcome)
  const checked = off
    ? `None live after ${checks} ${checks === 1 ? 'check' : 'checks'}.`
    : 'None is live now, but the session is still set to AUTOMATIC: only stopping a live ticket turns it off. Try again when there is one.'
  const verdict = off ? 'Off.' : 'Not off.'
  if (stoppedTicketIds.length === 0) return `${verdict} No automatic backfill ticket was live. ${checked}`
  const [first, ...renewed] = stoppedTicketIds
  const list = [first, ...renewed.map((ticketId) => `then ${ticketId} (it had been renewed)`)].join(', ')
  return `${verdict} Stopped ${list}. ${checked}`
}
