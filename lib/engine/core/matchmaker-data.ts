/** GameSession.MatchmakerData: the JSON text a game server reads to know who plays in which team. */
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { GameSessionState, PlayerState } from './state.ts'

export function matchmakerData(session: GameSessionState): string {
  const declared = new Set(session.declaredAttributes)
  return JSON.stringify({
    matchId: session.matchId,
    matchmakingConfigurationArn: session.configurationArn,
    teams: session.teamNames.map((name) => ({
      name,
      players: session.roster
        .filter(({ team }) => team === name)
        .map((player) => ({ playerId: player.playerId, attributes: attributesOf(player, declared) })),
    })),
    autoBackfillMode: session.autoBackfill ? 'AUTOMATIC' : null,
    autoBackfillTicketId: session.autoBackfillTicketId,
  })
}

function attributesOf(player: PlayerState, declared: Set<string>): Record<string, unknown> {
  const known = Object.entries(player.attributes ?? {}).filter(([name]) => declared.has(name))
  return Object.fromEntries(known.map(([name, value]) => [name, typed(value)]))
}

function typed({ S, N, SL, SDM }: AttributeValue): { attributeType: string; valueAttribute: unknown } {
  if (S !== undefined) return { attributeType: 'STRING', valueAttribute: S }
  if (N !== undefined) return { attributeType: 'DOUBLE', valueAttribute: N }
  if (SL !== undefined) return { attributeType: 'STRING_LIST', valueAttribute: SL }
  return { attributeType: 'STRING_DOUBLE_MAP', valueAttribute: SDM ?? {} }
}
