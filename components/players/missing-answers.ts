import type { AnswerMatchInput } from '#lib/tickets/inputs.ts'
import type { PlayerView } from '#lib/tickets/views.ts'

/** Players whose answer is missing, grouped by ticket as GameLift takes them. */
export function missingAnswers(players: readonly PlayerView[]): AnswerMatchInput['answers'] {
  const byTicket = new Map<string, string[]>()
  for (const player of players) {
    if (!player.mayAnswer || player.answer !== null || player.requested !== null) continue
    byTicket.set(player.ticketId, [...(byTicket.get(player.ticketId) ?? []), player.playerId])
  }
  return [...byTicket].map(([ticketId, playerIds]) => ({ ticketId, playerIds }))
}
