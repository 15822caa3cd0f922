import { isOpen } from '#lib/flexmatch/status.ts'
import type { TicketRow } from '#lib/tickets/views.ts'
import { STATUS_WORDS } from './status-words.ts'

type Cancellable = Pick<TicketRow, 'status' | 'requested' | 'ticketId'>

/** Why this ticket, in this state, cannot be cancelled; null when it can. */
export function whyNotCancel({ status, requested, ticketId }: Cancellable): string | null {
  if (status === 'PLACING')
    return `Too late to cancel: ${ticketId} is being placed in a game session. Once the session is up, your game server can remove its players, or the session can be ended (aws gamelift terminate-game-session).`
  if (status === 'GONE') return 'GameLift no longer knows this ticket.'
  if (!isOpen(status)) return `The ticket has ended: it is ${STATUS_WORDS[status].toLowerCase()}.`
  return requested?.action === 'cancel' ? 'Its cancelling is requested already.' : null
}

/** What a cancel does to the players of a ticket for a new match. */
export function whoStopsSearching(playerCount: number): string {
  if (playerCount === 1) return 'Its player stops searching.'
  return playerCount === 2 ? 'Both players stop searching.' : `All ${playerCount} players of it stop searching.`
}
