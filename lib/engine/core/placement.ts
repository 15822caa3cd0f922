/** From a match to a running session: the emulated queue, the filling of a session, and the standalone end. */
import { issueAutomaticBackfill } from './automatic-backfill.ts'
import { cancelBackfillOfEndedSession } from './cancel.ts'
import { emitEnded, emitPlacement, emitPlacementFulfilled, emitSucceeded } from './events.ts'
import { chooseSite } from './fleets.ts'
import { beginTermination, isOpenToPlayers, RETRY_PLACEMENTS, startGameSession } from './game-sessions.ts'
import { endPlayerSessions, reservePlayer } from './player-sessions.ts'
import type { PlayerState } from './player-state.ts'
import { returnToPool } from './return-to-pool.ts'
import type { ConfigurationState, GameSessionState, MatchState, QueueState, State, TicketState } from './state.ts'
import {
  connectionOf,
  finishTicket,
  PLACEMENT_FAILED,
  PLACEMENT_TIMED_OUT,
  SESSION_UNAVAILABLE,
  setStatus,
} from './tickets.ts'
import { matchTickets } from './told-match.ts'
import { configurationOf, type Turn } from './turn.ts'

export function matchTimer(matchId: string): string {
  return `match:${matchId}`
}

/** The match has all it needs: standalone it is done, otherwise its tickets are PLACING until a session has room. */
export function startPlacement(turn: Turn, match: MatchState): void {
  const { state, nowMs } = turn
  const tickets = matchTickets(turn.state, match)
  if (!match.withQueue) {
    complete(turn, match, tickets, null)
    return
  }
  const configuration = configurationOf(state, match.configurationName)
  const fills = tickets.some(({ kind }) => kind !== 'new')
  const queue = fills ? null : queueOf(state, configuration)
  for (const ticket of tickets) setStatus(ticket, 'PLACING')
  match.placement = {
    startMs: nowMs,
    readyMs: nowMs + state.options.placement.delayMs,
    deadlineMs: queue && nowMs + queue.timeoutSeconds * 1000,
    queueName: queue?.name ?? null,
  }
  if (!fills && !queue) {
    fail(turn, match, tickets)
    return
  }
  state.timers.set(
    matchTimer(match.matchId),
    Math.min(match.placement.readyMs, match.placement.deadlineMs ?? Number.POSITIVE_INFINITY),
  )
}

/** Several queues are one list: the first that exists. */
function queueOf(state: State, configuration: ConfigurationState): QueueState | null {
  for (const arn of configuration.settings.queueArns ?? []) {
    for (const queue of state.queues.values()) if (queue.arn === arn) return queue
  }
  return null
}

/** The placement is ready, or its queue gives up. */
export function settlePlacement(turn: Turn, match: MatchState): void {
  const { state, nowMs } = turn
  const { readyMs, deadlineMs } = match.placement!
  const tickets = matchTickets(turn.state, match)
  if (deadlineMs === null) {
    fillSession(turn, match, tickets)
    return
  }
  const queue = queueInUse(state, match)
  if (!queue) {
    fail(turn, match, tickets)
    return
  }
  if (readyMs < deadlineMs && readyMs <= nowMs && attempt(turn, queue, match, tickets)) return
  if (deadlineMs <= nowMs) {
    timeOut(turn, queue, match, tickets)
    return
  }
  state.waitingPlacements.add(match.matchId)
  state.timers.set(matchTimer(match.matchId), deadlineMs)
}

/** As a queue does that cannot start a session, or a session that cannot be filled. */
export function failPlacement(turn: Turn, match: MatchState): void {
  const queue = queueInUse(turn.state, match)
  if (queue) emitPlacement(turn, queue, match, 'PlacementFailed')
  fail(turn, match, matchTickets(turn.state, match))
}

/** False when no queue places the match: only a queue's time can run out. */
export function timeOutPlacement(turn: Turn, match: MatchState): boolean {
  const queue = queueInUse(turn.state, match)
  if (queue) timeOut(turn, queue, match, matchTickets(turn.state, match))
  return queue !== null
}

function queueInUse(state: State, { placement }: MatchState): QueueState | null {
  const name = placement?.queueName ?? null
  return name === null ? null : (state.queues.get(name) ?? null)
}

/** Room has become free or the options have changed: the waiting placements try again, the oldest first. */
export function retryPlacements(turn: Turn): void {
  const { state } = turn
  const { outcome } = state.options.placement
  for (const matchId of [...state.waitingPlacements]) {
    if (outcome === 'time-out' || (outcome === 'fulfil' && !hasRoom(state))) return
    settlePlacement(turn, state.matches.get(matchId)!)
  }
}

function hasRoom({ options, liveGameSessions }: State): boolean {
  return liveGameSessions < (options.placement.maxActiveSessions ?? Number.POSITIVE_INFINITY)
}

/** False: no decision yet, the placement waits for room or for its time-out. */
function attempt(turn: Turn, queue: QueueState, match: MatchState, tickets: readonly TicketState[]): boolean {
  const { state } = turn
  const { outcome } = state.options.placement
  if (outcome === 'fail') {
    failPlacement(turn, match)
    return true
  }
  const players = rosterOf(tickets)
  const site = outcome === 'fulfil' && hasRoom(state) ? chooseSite(state, queue, players) : null
  if (!site) return false
  endOldestSession(turn)
  const configuration = configurationOf(state, match.configurationName)
  const session = startGameSession(turn, configuration, match, site, players)
  admit(turn, session, tickets)
  emitPlacementFulfilled(turn, queue, match, session)
  complete(turn, match, tickets, session)
  issueAutomaticBackfill(turn, session)
  return true
}

/** At the limit of live sessions the game that has lasted longest is over, as if its server had ended it. */
function endOldestSession(turn: Turn): void {
  const { options, liveGameSessions, gameSessions } = turn.state
  if (liveGameSessions < options.limits.liveGameSessions) return
  for (const session of gameSessions.values()) {
    if (session.status !== 'ACTIVE') continue
    beginTermination(turn, session, null)
    cancelBackfillOfEndedSession(turn, session)
    return
  }
}

/** A backfill starts no session: the new players get places in the one that runs, and its data is replaced. */
function fillSession(turn: Turn, match: MatchState, tickets: readonly TicketState[]): void {
  const { state } = turn
  const backfill = tickets.find(({ kind }) => kind !== 'new')!
  const session = state.gameSessions.get(backfill.gameSessionArn ?? '')
  const matched = rosterOf(tickets)
  const newcomers = session ? unheardNewcomers(state, session, backfill, matched) : []
  const roster = [...matched, ...newcomers]
  if (!isOpenToPlayers(session) || roster.length > session.maximumPlayers) {
    fail(turn, match, tickets, SESSION_UNAVAILABLE)
    return
  }
  if (state.options.placement.outcome === 'fail') {
    fail(turn, match, tickets)
    return
  }
  const staying = new Set([...backfill.players, ...newcomers].map(({ playerId }) => playerId))
  session.roster = roster
  session.teamNames = match.layout.teamNames
  session.declaredAttributes = match.layout.declaredAttributes
  session.attributeDefaults = match.layout.attributeDefaults
  // Nobody tells the engine when a player leaves: whom the backfill request no longer lists has left.
  endPlayerSessions(turn, session, (playerId) => staying.has(playerId))
  admit(turn, session, tickets)
  complete(turn, match, tickets, session)
  issueAutomaticBackfill(turn, session)
}

/**
 * Players whom another backfill, in PLACING when this one was requested, has brought since: the request cannot list them,
 * and yet they have not left. Who searches elsewhere by now has.
 */
function unheardNewcomers(
  state: State,
  { roster, playerSessionIds }: GameSessionState,
  backfill: TicketState,
  matched: PlayerState[],
): PlayerState[] {
  const reserved = playerSessionIds.map((playerSessionId) => state.playerSessions.get(playerSessionId)!)
  const newcomers = new Set(
    reserved
      .filter(({ terminatedMs, createdMs }) => terminatedMs === null && createdMs > backfill.startTimeMs)
      .map(({ playerId }) => playerId),
  )
  for (const { playerId } of matched) newcomers.delete(playerId)
  return roster.filter(({ playerId }) => newcomers.has(playerId) && !state.activeTicketsByPlayer.has(playerId))
}

/** Everyone in the match with the team they play in. */
function rosterOf(tickets: readonly TicketState[]): PlayerState[] {
  const existing = tickets.filter(({ kind }) => kind !== 'new')
  const added = tickets.filter(({ kind }) => kind === 'new')
  return [...existing, ...added].flatMap(withTeams)
}

function withTeams(ticket: TicketState): PlayerState[] {
  return ticket.players.map((player, index) => player.withTeam(ticket.teams?.[index] ?? player.team))
}

/** Reserves a place for each new player; players of the backfill ticket have theirs. */
function admit(turn: Turn, session: GameSessionState, tickets: readonly TicketState[]): void {
  for (const ticket of tickets) {
    const playerSessionIds = ticket.players.map(({ playerId }) =>
      ticket.kind === 'new' ? reservePlayer(turn, session, playerId) : null,
    )
    ticket.connection = connectionOf(session, playerSessionIds)
  }
}

function complete(
  turn: Turn,
  match: MatchState,
  tickets: readonly TicketState[],
  session: GameSessionState | null,
): void {
  forget(turn.state, match)
  for (const ticket of tickets) {
    ticket.players.forEach((player, index) => {
      player.team = ticket.teams?.[index] ?? player.team
    })
    finishTicket(turn, ticket, 'COMPLETED')
  }
  emitSucceeded(turn, match, session)
}

function fail(turn: Turn, match: MatchState, tickets: readonly TicketState[], backfillText = PLACEMENT_FAILED): void {
  forget(turn.state, match)
  for (const ticket of tickets) {
    finishTicket(turn, ticket, 'FAILED', ticket.kind === 'new' ? PLACEMENT_FAILED : backfillText)
    emitEnded(turn, ticket, 'MatchmakingFailed')
  }
}

function timeOut(turn: Turn, queue: QueueState, match: MatchState, tickets: readonly TicketState[]): void {
  forget(turn.state, match)
  emitPlacement(turn, queue, match, 'PlacementTimedOut')
  const announce = turn.state.options.placement.searchingEventAfterTimeout
  for (const ticket of tickets) returnToPool(turn, ticket, PLACEMENT_TIMED_OUT, { announce })
}

function forget(state: State, match: MatchState): void {
  state.matches.delete(match.matchId)
  // Nobody is left to try again.
  if (state.waitingPlacements.delete(match.matchId) && state.waitingPlacements.size === 0) {
    state.timers.delete(RETRY_PLACEMENTS)
  }
  if (match.placement) state.timers.delete(matchTimer(match.matchId))
}
