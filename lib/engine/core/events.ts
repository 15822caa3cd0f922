/** The `detail` of every event the engine sends, in the shapes of the FlexMatch and queue event pages. */
import type { MatchmakingDetail, PlacementDetail, RuleEvaluationMetric } from '#lib/flexmatch/events.ts'
import { homeRegion, IP_ADDRESS, PLAYER_GATEWAY_STATUS } from './fleets.ts'
import { isoTime } from './iso-time.ts'
import { type PlayerFacts, partiesOf, partiesOfOne, teamBeforeMatch, teamInMatch } from './parties.ts'
import type { ConfigurationState, GameSessionState, MatchState, QueueState, TicketState } from './state.ts'
import { answeredParties, matchParties, matchTickets } from './told-match.ts'
import { configurationOf, ruleSetOf, type Turn } from './turn.ts'
import { estimatedWaitSeconds } from './wait-estimate.ts'

function emit(turn: Turn, { arn, settings }: ConfigurationState, detail: MatchmakingDetail): void {
  turn.emit(arn, withCustomData(detail, settings.customEventData))
}

/** `detail`, which is new and nobody else's yet. */
function withCustomData<T extends MatchmakingDetail | PlacementDetail>(detail: T, data: string | null): T {
  if (data) detail.customEventData = data
  return detail
}

export function emitSearching(turn: Turn, configuration: ConfigurationState, ticket: TicketState): void {
  const { tickets, gameSessionInfo } = partiesOfOne(ticket, teamBeforeMatch)
  emit(turn, configuration, {
    type: 'MatchmakingSearching',
    // The name says milliseconds; the value is in seconds.
    estimatedWaitMillis: estimatedWaitSeconds(configuration.waits, turn.nowMs) ?? 'NOT_AVAILABLE',
    tickets,
    gameSessionInfo,
  })
}

export function emitPotentialMatch(turn: Turn, match: MatchState, metrics: RuleEvaluationMetric[]): void {
  const configuration = configurationOf(turn.state, match.configurationName)
  const { acceptanceRequired, acceptanceTimeoutSeconds } = configuration.settings
  const { matchId } = match
  const { tickets, gameSessionInfo } = matchParties(turn.state, match)
  const type = 'PotentialMatchCreated'
  if (!acceptanceRequired) {
    const ruleEvaluationMetrics = metrics
    emit(turn, configuration, { type, acceptanceRequired, ruleEvaluationMetrics, matchId, tickets, gameSessionInfo })
    return
  }
  emit(turn, configuration, {
    type,
    acceptanceRequired,
    acceptanceTimeout: acceptanceTimeoutSeconds ?? 0,
    ruleEvaluationMetrics: metrics,
    matchId,
    tickets,
    gameSessionInfo,
  })
}

/** The standing answers of the whole match, after an answer to the ticket in that place of it. */
export function emitAcceptMatch(turn: Turn, match: MatchState, place: number): void {
  const { tickets, gameSessionInfo } = answeredParties(turn.state, match, place)
  const { matchId } = match
  const configuration = configurationOf(turn.state, match.configurationName)
  emit(turn, configuration, { type: 'AcceptMatch', matchId, tickets, gameSessionInfo })
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
    ...matchParties(turn.state, match),
  })
}

/** `session` null: standalone, where the event has teams and nothing of a session. */
export function emitSucceeded(turn: Turn, match: MatchState, session: GameSessionState | null): void {
  const facts: PlayerFacts = (ticket, index, place) => {
    const playerSessionId = ticket.connection?.playerSessionIds[index] ?? null
    const { playerId, team } = teamInMatch(ticket, index, place)
    return { playerId, ...(playerSessionId !== null && { playerSessionId }), ...(team !== undefined && { team }) }
  }
  const { tickets, gameSessionInfo } = session
    ? partiesOf(matchTickets(turn.state, match), facts)
    : matchParties(turn.state, match)
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
    ...partiesOfOne(ticket, teamInMatch),
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
  const detail: PlacementDetail = { type, ...placementTimes(turn, match) }
  turn.emit(queue.arn, withCustomData(detail, queue.customEventData))
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
  turn.emit(queue.arn, withCustomData(detail, queue.customEventData))
}

/** A FlexMatch placement has the id of its match. */
function placementTimes(turn: Turn, match: MatchState) {
  return {
    placementId: match.matchId,
    startTime: isoTime(match.placement?.startMs ?? turn.nowMs),
    endTime: isoTime(turn.nowMs),
  }
}
