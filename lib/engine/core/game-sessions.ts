/** Game sessions made for matches: their start, their end, and how the API shows them. */
import { IP_ADDRESS, nextPort, PLAYER_GATEWAY_STATUS, type Site } from './fleets.ts'
import { namedUuid } from './ids.ts'
import { matchmakerData } from './matchmaker-data.ts'
import { endPlayerSessions, sessionTimer } from './player-sessions.ts'
import type { PlayerState } from './player-state.ts'
import type { ConfigurationState, GameSessionState, MatchState, PlayerSessionState, State } from './state.ts'
import type { Turn } from './turn.ts'

export const RETRY_PLACEMENTS = 'placements'

/** Starts a session for a match and makes it ACTIVE at once: no server has to be waited for. */
export function startGameSession(
  turn: Turn,
  configuration: ConfigurationState,
  { matchId, layout }: MatchState,
  site: Site,
  roster: PlayerState[],
): GameSessionState {
  const { state } = turn
  const { settings } = configuration
  const id = turn.newId()
  const { fleet, location } = site
  // The location is part of the ARN only where it is not the fleet's home.
  const path = location === fleet.region ? `${fleet.fleetId}/${id}` : `${fleet.fleetId}/${location}/${id}`
  const session: GameSessionState = {
    arn: `arn:aws:gamelift:${fleet.region}::gamesession/${path}`,
    ordinal: state.counters.gameSession++,
    fleetId: fleet.fleetId,
    fleetArn: fleet.fleetArn,
    location,
    dnsName: `${id}.${location}.amazongamelift.com`,
    port: nextPort(state),
    computeName: `i-${namedUuid('compute', fleet.fleetId).replaceAll('-', '').slice(0, 17)}`,
    createdMs: turn.nowMs,
    terminatedMs: null,
    status: 'ACTIVE',
    statusReason: null,
    terminateAtMs: null,
    name: null,
    maximumPlayers: layout.maximumPlayers,
    policy: 'ACCEPT_ALL',
    protection: 'NoProtection',
    properties: settings.gameProperties?.map((property) => ({ ...property })) ?? null,
    data: settings.gameSessionData,
    currentPlayers: 0,
    playerSessionIds: [],
    matchId,
    configurationName: configuration.name,
    configurationArn: configuration.arn,
    teamNames: layout.teamNames,
    declaredAttributes: layout.declaredAttributes,
    attributeDefaults: layout.attributeDefaults,
    roster,
    autoBackfill: settings.backfillMode === 'AUTOMATIC',
    autoBackfillTicketId: null,
    backfillTicketIds: [],
  }
  state.gameSessions.set(session.arn, session)
  state.liveGameSessions++
  return session
}

/** One tick between TERMINATING and TERMINATED, in place of the server process that shuts down. */
export function beginTermination(
  turn: Turn,
  session: GameSessionState,
  reason: GameSessionState['statusReason'],
): void {
  session.status = 'TERMINATING'
  session.statusReason = reason
  session.terminateAtMs = turn.nowMs + turn.state.options.tickMs
  turn.state.timers.set(sessionTimer(session.arn), session.terminateAtMs)
}

export function completeTermination(turn: Turn, session: GameSessionState): void {
  const { state, nowMs } = turn
  session.status = 'TERMINATED'
  session.terminatedMs = nowMs
  session.autoBackfill = false
  endPlayerSessions(turn, session, () => false)
  state.liveGameSessions--
  state.endedGameSessions.add(session.arn)
  // Its place is free for a placement that waits for one.
  if (state.waitingPlacements.size > 0) state.timers.set(RETRY_PLACEMENTS, nowMs)
}

export function isOpenToPlayers(session: GameSessionState | null | undefined): session is GameSessionState {
  return session?.status === 'ACTIVE' && session.policy === 'ACCEPT_ALL'
}

export function gameSessionView({ options }: State, session: GameSessionState): Record<string, unknown> {
  return {
    GameSessionId: session.arn,
    ...(session.name !== null && { Name: session.name }),
    FleetId: session.fleetId,
    FleetArn: session.fleetArn,
    CreationTime: new Date(session.createdMs),
    ...(session.terminatedMs !== null && { TerminationTime: new Date(session.terminatedMs) }),
    CurrentPlayerSessionCount: session.currentPlayers,
    MaximumPlayerSessionCount: session.maximumPlayers,
    Status: session.status,
    ...(session.statusReason !== null && { StatusReason: session.statusReason }),
    ...(session.properties && { GameProperties: session.properties.map((property) => ({ ...property })) }),
    IpAddress: IP_ADDRESS,
    DnsName: session.dnsName,
    Port: session.port,
    PlayerSessionCreationPolicy: session.policy,
    ...(session.data !== null && { GameSessionData: session.data }),
    MatchmakerData: matchmakerData(session, options),
    Location: session.location,
    ComputeName: session.computeName,
    PlayerGatewayStatus: PLAYER_GATEWAY_STATUS,
  }
}

export function playerSessionView(state: State, player: PlayerSessionState): Record<string, unknown> {
  const session = state.gameSessions.get(player.gameSessionArn)!
  return {
    PlayerSessionId: player.playerSessionId,
    PlayerId: player.playerId,
    GameSessionId: session.arn,
    FleetId: session.fleetId,
    FleetArn: session.fleetArn,
    CreationTime: new Date(player.createdMs),
    ...(player.terminatedMs !== null && { TerminationTime: new Date(player.terminatedMs) }),
    Status: player.status,
    IpAddress: IP_ADDRESS,
    DnsName: session.dnsName,
    Port: session.port,
  }
}
