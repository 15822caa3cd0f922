import type { TicketPlayer } from '#lib/flexmatch/ticket.ts'
import { requestedOfPlayer } from './requests.ts'
import type { TicketRecord } from './ticket-row-view.ts'
import type { PlayerView } from './views.ts'

/** A player with what the ticket's row knows of requests and of who may answer. */
export function playerView(record: TicketRecord, player: TicketPlayer): PlayerView {
  return {
    playerId: player.playerId,
    ticketId: record.ticket_id,
    team: player.team,
    answer: player.answer,
    answeredAt: player.answeredAt === null ? null : new Date(player.answeredAt).toISOString(),
    playerSessionId: player.playerSessionId,
    attributes: player.attributes,
    latencyMs: player.latencyMs,
    mayAnswer: record.kind === 'new' && record.status === 'REQUIRES_ACCEPTANCE',
    requested: requestedOfPlayer(record, player.playerId),
  }
}
