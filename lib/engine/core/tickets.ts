/** A ticket's beginning, its end, and how the API shows it. What lies between is in the files named after it. */
import { isFinal, type TicketKind, type TicketStatus } from '#lib/flexmatch/status.ts'
import { IP_ADDRESS, PLAYER_GATEWAY_STATUS } from './fleets.ts'
import { indexActiveTicket, unindexActiveTicket } from './indexes.ts'
import { NOTHING_COUNTED } from './metrics.ts'
import type { PlayerState } from './player-state.ts'
import { playerView } from './players.ts'
import { enterQueue, leavePool, schedulePass } from './pool.ts'
import type { ConfigurationState, GameSessionState, State, TicketState } from './state.ts'
import { configurationOf, type Turn } from './turn.ts'
import { estimatedWaitSeconds, recordWait } from './wait-estimate.ts'

/** Reason and message of a status, as the ticket and the event of it carry them. */
export interface StatusText {
  reason: string | null
  message: string | null
}

export const STOPPED: StatusText = { reason: 'Cancelled', message: 'Cancelled by request.' }
export const TIMED_OUT: StatusText = { reason: 'TimedOut', message: 'Removed from matchmaking due to timing out.' }
export const REJECTED: StatusText = { reason: 'Rejected', message: 'Match was rejected.' }
export const NOT_ANSWERED: StatusText = { reason: 'AcceptanceTimedOut', message: 'Match was not accepted in time.' }
export const RETURNED: StatusText = {
  reason: 'AcceptanceFailed',
  message: 'Returned to matchmaking because another ticket did not accept the match.',
}
export const PLACEMENT_TIMED_OUT: StatusText = {
  reason: 'PlacementTimedOut',
  message: 'Returned to matchmaking because no game session could be placed in time.',
}
export const PLACEMENT_FAILED: StatusText = {
  reason: 'UNEXPECTED_ERROR',
  message: 'An unexpected error was encountered during match placing.',
}
export const SESSION_UNAVAILABLE: StatusText = {
  reason: 'UNEXPECTED_ERROR',
  // "null" is what the service prints.
  message: "The game session null was not found, or was in a state which wouldn't accept new player sessions.",
}
export const BACKFILL_REPLACED: StatusText = { reason: 'Cancelled', message: 'Cancelled due to newer backfill request' }
export const SESSION_ENDED: StatusText = { reason: 'Cancelled', message: 'Cancelled because the game session ended.' }
const NO_TEXT: StatusText = { reason: null, message: null }

export function supersededText(state: State): StatusText {
  const text = 'Cancelled due to duplicate player'
  return state.options.duplicatePlayer.textIn === 'StatusReason'
    ? { reason: text, message: null }
    : { reason: 'Cancelled', message: text }
}

export interface NewTicket {
  ticketId: string
  kind: TicketKind
  configuration: ConfigurationState
  players: PlayerState[]
  session: GameSessionState | null
  /** None of the players is in another active ticket. */
  alone: boolean
}

export function createTicket(turn: Turn, made: NewTicket): TicketState {
  const { ticketId, kind, configuration, players, session } = made
  const { state } = turn
  const ticket: TicketState = {
    ticketId,
    configurationName: configuration.name,
    configurationArn: configuration.arn,
    kind,
    status: 'QUEUED',
    statusReason: null,
    statusMessage: null,
    startTimeMs: turn.nowMs,
    endTimeMs: null,
    arrival: state.counters.arrival++,
    players,
    gameSessionArn: session?.arn ?? null,
    matchId: null,
    teams: null,
    metrics: NOTHING_COUNTED,
    connection:
      session &&
      connectionOf(
        session,
        players.map(() => null),
      ),
    place: -1,
    listPlace: -1,
  }
  state.tickets.set(ticketId, ticket)
  indexActiveTicket(state, configuration, ticket, made.alone)
  session?.backfillTicketIds.push(ticketId)
  enterQueue(turn, configuration, ticket)
  return ticket
}

export function connectionOf(session: GameSessionState, playerSessionIds: (string | null)[]) {
  return {
    gameSessionArn: session.arn,
    ipAddress: IP_ADDRESS,
    dnsName: session.dnsName,
    port: session.port,
    playerSessionIds,
  }
}

export function setStatus(ticket: TicketState, status: TicketStatus, { reason, message }: StatusText = NO_TEXT): void {
  ticket.status = status
  ticket.statusReason = reason
  ticket.statusMessage = message
}

/** Moves a ticket to a final status and lets go of its players. The caller emits what is to be heard of it. */
export function finishTicket(turn: Turn, ticket: TicketState, status: TicketStatus, text: StatusText = NO_TEXT): void {
  const { state, nowMs } = turn
  const configuration = configurationOf(state, ticket.configurationName)
  const wasInPool = ticket.status === 'QUEUED' || ticket.status === 'SEARCHING'
  if (wasInPool) leavePool(state, configuration, ticket)
  setStatus(ticket, status, text)
  ticket.endTimeMs = nowMs
  unindexActiveTicket(state, configuration, ticket)
  state.finishedTickets.add(ticket)
  state.finishedPlayers += ticket.players.length
  forgetBackfill(state, ticket)
  if (status === 'COMPLETED' && ticket.kind === 'new')
    recordWait(configuration.waits, nowMs, nowMs - ticket.startTimeMs)
  if (status !== 'COMPLETED' && wasInPool) schedulePass(turn, configuration)
}

function forgetBackfill(state: State, ticket: TicketState): void {
  const session = ticket.gameSessionArn === null ? null : state.gameSessions.get(ticket.gameSessionArn)
  if (!session) return
  session.backfillTicketIds = session.backfillTicketIds.filter((ticketId) => ticketId !== ticket.ticketId)
  if (session.autoBackfillTicketId === ticket.ticketId) session.autoBackfillTicketId = null
}

/** MatchmakingTicket as the API shows it. */
export function ticketView(state: State, ticket: TicketState, nowMs: number): Record<string, unknown> {
  const view: Record<string, unknown> = {
    TicketId: ticket.ticketId,
    ConfigurationName: ticket.configurationName,
    ConfigurationArn: ticket.configurationArn,
    Status: ticket.status,
  }
  if (ticket.statusReason !== null) view.StatusReason = ticket.statusReason
  if (ticket.statusMessage !== null) view.StatusMessage = ticket.statusMessage
  view.StartTime = new Date(ticket.startTimeMs)
  if (ticket.endTimeMs !== null) view.EndTime = new Date(ticket.endTimeMs)
  view.Players = ticket.players.map(playerView)
  if (ticket.connection) view.GameSessionConnectionInfo = connectionView(ticket)
  const configuration = isFinal(ticket.status) ? undefined : state.configurations.get(ticket.configurationName)
  const wait = configuration ? estimatedWaitSeconds(configuration.waits, nowMs) : null
  if (wait !== null) view.EstimatedWaitTime = wait
  return view
}

function connectionView(ticket: TicketState): Record<string, unknown> | null {
  const { connection } = ticket
  return (
    connection && {
      GameSessionArn: connection.gameSessionArn,
      IpAddress: connection.ipAddress,
      DnsName: connection.dnsName,
      Port: connection.port,
      ...(ticket.status === 'COMPLETED' && {
        MatchedPlayerSessions: ticket.players.map(({ playerId }, index) => {
          const playerSessionId = connection.playerSessionIds[index] ?? null
          return { PlayerId: playerId, ...(playerSessionId !== null && { PlayerSessionId: playerSessionId }) }
        }),
      }),
      PlayerGatewayStatus: PLAYER_GATEWAY_STATUS,
    }
  )
}
