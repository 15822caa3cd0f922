/** GameSession.MatchmakerData: the JSON text a game server reads to know who plays in which team. */
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { AttributeValue } from '#lib/flexmatch/ticket.ts'
import type { EngineOptions } from './contract.ts'
import type { PlayerState } from './player-state.ts'
import type { GameSessionState } from './state.ts'

export function matchmakerData(session: GameSessionState, options: Pick<EngineOptions, 'matchmakerData'>): string {
  const leaveOut = options.matchmakerData.autoBackfillKeys === 'absent'
  const declared = new Set(session.declaredAttributes)
  // A session of an older snapshot has no defaults.
  const defaults = session.attributeDefaults ?? {}
  return JSON.stringify({
    matchId: session.matchId,
    matchmakingConfigurationArn: session.configurationArn,
    teams: session.teamNames.map((name) => ({
      name,
      players: session.roster
        .filter(({ team }) => team === name)
        .map((player) => ({ playerId: player.playerId, attributes: attributesOf(player, declared, defaults) })),
    })),
    ...((session.autoBackfill || !leaveOut) && { autoBackfillMode: session.autoBackfill ? 'AUTOMATIC' : null }),
    ...((session.autoBackfillTicketId !== null || !leaveOut) && { autoBackfillTicketId: session.autoBackfillTicketId }),
  })
}

/** The rule set's default of each attribute that has one. */
export function attributeDefaults({ playerAttributes }: RuleSet): Record<string, AttributeValue> {
  return Object.fromEntries(
    playerAttributes.flatMap(({ name, default: standIn }) => (standIn === undefined ? [] : [[name, standIn]])),
  )
}

function attributesOf(
  player: PlayerState,
  declared: Set<string>,
  defaults: Record<string, AttributeValue>,
): Record<string, unknown> {
  const known = Object.entries({ ...defaults, ...player.attributes }).filter(([name]) => declared.has(name))
  return Object.fromEntries(known.map(([name, value]) => [name, typed(value)]))
}

function typed({ S, N, SL, SDM }: AttributeValue): { attributeType: string; valueAttribute: unknown } {
  if (S !== undefined) return { attributeType: 'STRING', valueAttribute: S }
  if (N !== undefined) return { attributeType: 'DOUBLE', valueAttribute: N }
  if (SL !== undefined) return { attributeType: 'STRING_LIST', valueAttribute: SL }
  return { attributeType: 'STRING_DOUBLE_MAP', valueAttribute: SDM ?? {} }
}
