/** Automatic backfill: one ticket at a time for a session with open slots, until it is full, ended or turned off. */

import { PlayerState } from './player-state.ts'
import type { ConfigurationState, GameSessionState, TicketState } from './state.ts'
import { createTicket } from './tickets.ts'
import { ruleSetOf, type Turn } from './turn.ts'

/** Issues the session's next automatic backfill ticket, unless it is full, turned off or has a backfill ticket already. */
export function issueAutomaticBackfill(turn: Turn, session: GameSessionState): void {
  const { state } = turn
  const configuration = state.configurations.get(session.configurationName)
  if (!session.autoBackfill || session.status !== 'ACTIVE') return
  if (configuration?.settings.flexMatchMode !== 'WITH_QUEUE') return
  if (session.backfillTicketIds.length > 0 || openSlots(turn, configuration, session) <= 0) return
  const ticket = createTicket(turn, {
    ticketId: turn.newId(),
    kind: 'auto-backfill',
    configuration,
    // Someone who is in another active ticket has left the session; listing them would put them in two.
    players: session.roster
      .filter(({ playerId }) => !state.activeTicketsByPlayer.has(playerId))
      .map((player) => inSession(player, session)),
    session,
    alone: true,
  })
  session.autoBackfillTicketId = ticket.ticketId
}

/**
 * From the match, not from who is still there: players who leave do not open a slot. None under a rule set that has been
 * exchanged for one without these teams.
 */
function openSlots(turn: Turn, configuration: ConfigurationState, session: GameSessionState): number {
  const { teams } = ruleSetOf(turn.state, configuration)
  if (!session.roster.every((player) => teams.some(({ name }) => name === player.team))) return 0
  const open = teams.reduce((sum, team) => {
    const taken = session.roster.filter((player) => player.team === team.name).length
    return sum + Math.max(0, team.maxPlayers - taken)
  }, 0)
  return open - configuration.settings.additionalPlayerCount
}

/** Players who are in a session have a latency to its location only. */
function inSession(player: PlayerState, session: GameSessionState): PlayerState {
  const latencyMs = player.latencyMs?.[session.location]
  return PlayerState.of({
    ...player.toJSON(),
    latencyMs: latencyMs === undefined ? null : { [session.location]: latencyMs },
  })
}

/** StopMatchmaking of an automatic backfill ticket also ends automatic backfill for its session. */
export function turnOffAutomaticBackfill(turn: Turn, ticket: TicketState): void {
  if (ticket.kind !== 'auto-backfill' || ticket.gameSessionArn === null) return
  const session = turn.state.gameSessions.get(ticket.gameSessionArn)
  if (session) session.autoBackfill = false
}
