/** The `detail` of every event the engine sends, in the shapes of the FlexMatch and queue event pages. */
import type {
  EventPlayer,
  EventTicket,
  GameSessionInfo,
  MatchmakingDetail,
  PlacementDetail,
  RuleEvaluationMetric,
} from '#lib/flexmatch/events.ts'
import { homeRegion, IP_ADDRESS, PLAYER_GATEWAY_STATUS } from './fleets.ts'
import type { ConfigurationState, GameSessionState, MatchState, QueueState, TicketState } from './state.ts'
import { configurationOf, ruleSetOf, type Turn } from './turn.ts'
import { estimatedWaitSeconds } from './wait-estimate.ts'

type PlayerFacts = (ticket: TicketState, index: number) => Omit<EventPlayer, 'playerId'>

/** Backfill players have a team from the start, others only in a match. */
const teamBeforeMatch: PlayerFacts = (ticket, index) => team(ticket.players[index]!.team)
const teamInMatch: PlayerFacts = (ticket, index) => team(ticket.teams?.[index] ?? ticket.players[index]!.team)

function team(name: string | null): { team?: string } {
  return name === null ? {} : { team: name }
}

function parties(
  tickets: TicketState[],
  facts: PlayerFacts,
): { tickets: EventTicket[]; gameSessionInfo: GameSessionInfo } {
  const listed = tickets.map((ticket) => ({
    ticketId: ticket.ticketId,
    startTime: isoTime(ticket.startTimeMs),
    players: ticket.players.map(({ playerId }, index) => ({ playerId, ...facts(ticket, index) })),
  }))
  const players = listed.flatMap((ticket) => ticket.players.map((player) => ({ ...player })))
  return { tickets: listed, gameSessionInfo: { players } }
}

function custom(customEventData: string | null): { customEventData?: string } {
  return customEventData ? { customEventData } : {}
}

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

function emit(turn: Turn, configuration: ConfigurationState, detail: MatchmakingDetail): void {
  turn.emit(configuration.arn, { ...detail, ...custom(configuration.settings.customEventData) })
}

export function matchTickets(turn: Turn, match: MatchState): TicketState[] {
  return match.ticketIds.map((ticketId) => turn.state.tickets.get(ticketId)!)
}

export function emitSearching(turn: Turn, ticket: TicketState): void {
  const configuration = configurationOf(turn.state, ticket.configurationName)
  emit(turn, configuration, {
    type: 'MatchmakingSearching',
    // The name says milliseconds; the value is in seconds.
    estimatedWaitMillis: estimatedWaitSeconds(configuration.waits, turn.nowMs) ?? 'NOT_AVAILABLE',
    ...parties([ticket], teamBeforeMatch),
  })
}

export function emitPotentialMatch(turn: Turn, match: MatchState, metrics: RuleEvaluationMetric[]): void {
  const configuration = configurationOf(turn.state, match.configurationName)
  const { acceptanceRequired, acceptanceTimeoutSeconds } = configuration.settings
  emit(turn, configuration, {
    type: 'PotentialMatchCreated',
    acceptanceRequired,
    ...(acceptanceRequired && { acceptanceTimeout: acceptanceTimeoutSeconds ?? 0 }),
    ruleEvaluationMetrics: metrics,
    matchId: match.matchId,
    ...parties(matchTickets(turn, match), teamInMatch),
  })
}

/** The standing answers of the whole match. */
export function emitAcceptMatch(turn: Turn, match: MatchState): void {
  const facts: PlayerFacts = (ticket, index) => {
    const answer = match.answers[match.ticketIds.indexOf(ticket.ticketId)]?.[index] ?? null
    return { ...teamInMatch(ticket, index), ...(answer !== null && { accepted: answer }) }
  }
  emit(turn, configurationOf(turn.state, match.configurationName), {
    type: 'AcceptMatch',
    matchId: match.matchId,
    ...parties(matchTickets(turn, match), facts),
  })
}

export function emitAcceptCompleted(
  turn: Turn,
  match: MatchState,
  acceptance: 'Accepted' | 'Rejected' | 'TimedOut',
): void {
  emit(turn, configurationOf(turn.state, match.configurationName), {
    type: 'AcceptMatchCompleted',
    acceptance,
    matchId: match.matchId,
    ...parties(matchTickets(turn, match), teamInMatch),
  })
}

/** `session` null: standalone, where the event has teams and nothing of a session. */
export function emitSucceeded(turn: Turn, match: MatchState, session: GameSessionState | null): void {
  const facts: PlayerFacts = (ticket, index) => {
    const playerSessionId = ticket.connection?.playerSessionIds[index] ?? null
    return { ...(playerSessionId !== null && { playerSessionId }), ...teamInMatch(ticket, index) }
  }
  const { tickets, gameSessionInfo } = parties(matchTickets(turn, match), facts)
  emit(turn, configurationOf(turn.state, match.configurationName), {
    type: 'MatchmakingSucceeded',
    matchId: match.matchId,
    tickets,
    gameSessionInfo: session
      ? {
          gameSessionArn: session.arn,
          ipAddress: IP_ADDRESS,
          dnsName: session.dnsName,
          port: session.port,
          playerGatewayStatus: PLAYER_GATEWAY_STATUS,
          players: gameSessionInfo.players,
        }
      : gameSessionInfo,
  })
}

/** Reason and message are those of the ticket, unless the event page gives the event its own. */
export function emitEnded(
  turn: Turn,
  ticket: TicketState,
  type: 'MatchmakingTimedOut' | 'MatchmakingCancelled' | 'MatchmakingFailed',
): void {
  const configuration = configurationOf(turn.state, ticket.configurationName)
  emit(turn, configuration, {
    type,
    reason: ticket.statusReason ?? '',
    message: ticket.statusMessage ?? '',
    ruleEvaluationMetrics: metricsOf(turn, configuration, ticket),
    ...(ticket.matchId !== null && { matchId: ticket.matchId }),
    ...parties([ticket], teamInMatch),
  })
}

/** Every rule of the rule set, also those never evaluated. */
function metricsOf(turn: Turn, configuration: ConfigurationState, ticket: TicketState): RuleEvaluationMetric[] {
  const counted = new Map(ticket.metrics.map(([ruleName, passed, failed]) => [ruleName, { passed, failed }]))
  return ruleSetOf(turn.state, configuration).rules.map(({ name }) => ({
    ruleName: name,
    passedCount: counted.get(name)?.passed ?? 0,
    failedCount: counted.get(name)?.failed ?? 0,
  }))
}

export function emitPlacement(
  turn: Turn,
  queue: QueueState,
  match: MatchState,
  type: 'PlacementTimedOut' | 'PlacementFailed',
): void {
  turn.emit(queue.arn, { type, ...placementTimes(turn, match), ...custom(queue.customEventData) })
}

export function emitPlacementFulfilled(
  turn: Turn,
  queue: QueueState,
  match: MatchState,
  session: GameSessionState,
): void {
  const { startTime, endTime, placementId } = placementTimes(turn, match)
  const detail: PlacementDetail = {
    type: 'PlacementFulfilled',
    placementId,
    port: String(session.port),
    gameSessionArn: session.arn,
    ipAddress: IP_ADDRESS,
    dnsName: session.dnsName,
    startTime,
    endTime,
    gameSessionRegion: homeRegion(session),
    gameSessionLocation: session.location,
    playerGatewayStatus: PLAYER_GATEWAY_STATUS,
    computeName: session.computeName,
    placedPlayerSessions: session.playerSessionIds.map((playerSessionId) => ({
      playerId: turn.state.playerSessions.get(playerSessionId)!.playerId,
      playerSessionId,
    })),
  }
  turn.emit(queue.arn, { ...detail, ...custom(queue.customEventData) })
}

/** A FlexMatch placement has the id of its match. */
function placementTimes(turn: Turn, match: MatchState) {
  return {
    placementId: match.matchId,
    startTime: isoTime(match.placement?.startMs ?? turn.nowMs),
    endTime: isoTime(turn.nowMs),
  }
}
