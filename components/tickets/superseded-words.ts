/** Which newer ticket ended this one, and what that means for its players. */
import { middle } from '#components/ui/split-id.ts'
import type { TicketKind } from '#lib/flexmatch/status.ts'
import type { SupersededView } from '#lib/tickets/views.ts'
import type { LinkedText } from './linked-text.ts'

/** "ana queued again in ticket t-2"; the first words of a line. */
export function queuedAgain({ playerId, ticketId, kind }: SupersededView): LinkedText {
  const player = middle(playerId, 24)
  // To be listed for a game session is nothing that a player does.
  return kind === 'new'
    ? [`${player} queued again in ticket `, { ticketId }]
    : [`${player} is listed in the newer backfill ticket `, { ticketId }]
}

/** The whole sentence under the title. */
export function supersededSentence(
  ticket: { kind: TicketKind; playerCount: number; gameSessionArn: string | null },
  newer: SupersededView,
): LinkedText {
  const because: LinkedText = ['Cancelled because ', ...queuedAgain(newer)]
  if (ticket.kind === 'new') {
    const others = ticket.playerCount === 1 ? '' : ' Players of this one who are not in it are free to start again.'
    return [
      ...because,
      `; a player can be in one open ticket only. Nothing more happens to this one; what becomes of the player is shown there.${others}`,
    ]
  }
  const session: LinkedText = ticket.gameSessionArn
    ? [' while this backfill listed the player in game session ', { gameSessionArn: ticket.gameSessionArn }]
    : [' while this backfill still listed the player in its game session']
  const without = `to fill the game session takes a new backfill request without ${middle(newer.playerId, 24)}.`
  return [...because, ...session, `. Nothing more happens to it; ${without}`]
}
