/** The pool of each configuration: who is in it, how matching sees a ticket, and when the next pass is due. */
import type { PoolTicket, WaitingTicket } from './contract.ts'
import { Matcher, type MatcherInput, type SavedMatcher } from './matching/matcher.ts'
import { addMetrics } from './metrics.ts'
import { requestDeadlineMs } from './request-timeouts.ts'
import type { ConfigurationState, State, TicketState } from './state.ts'
import { ruleSetOf, type Turn } from './turn.ts'

/**
 * Makes the next pass due because the pool changed: one tick after the last one, or one tick from now if that is past,
 * so that tickets which arrive together are seen together.
 */
export function schedulePass({ state, nowMs }: Turn, configuration: ConfigurationState): void {
  if (configuration.queued.size + configuration.searching.size === 0) return
  const { tickMs } = state.options
  const cadence = (configuration.lastPassMs ?? Number.NEGATIVE_INFINITY) + tickMs
  schedulePassAt(state, configuration, cadence > nowMs ? cadence : nowMs + tickMs)
}

export function schedulePassAt(state: State, configuration: ConfigurationState, atMs: number): void {
  const present = state.passes.get(configuration.name)
  if (present === null || atMs < present) state.passes.set(configuration.name, atMs)
}

/** Of a ticket that came back from a match; the others stand in line (`request-timeouts.ts`). */
export function requestTimer(ticketId: string): string {
  return `ticket:${ticketId}`
}

/** A new ticket waits to be picked up by the next pass. */
export function enterQueue(turn: Turn, configuration: ConfigurationState, ticket: TicketState): void {
  configuration.queued.add(ticket)
  watchSession(turn.state, ticket)
  turn.state.requestTimeouts.add(configuration, ticket)
  schedulePass(turn, configuration)
}

/** A ticket of a match that fell through is back among the searching. */
export function reenterPool(turn: Turn, configuration: ConfigurationState, ticket: TicketState): void {
  watchSession(turn.state, ticket)
  startSearching(turn.state, configuration, ticket)
  turn.state.timers.set(requestTimer(ticket.ticketId), requestDeadlineMs(configuration, ticket))
  schedulePass(turn, configuration)
}

/** A queued ticket, or one that came back, can be matched from now on. */
export function startSearching(state: State, configuration: ConfigurationState, ticket: TicketState): void {
  configuration.queued.delete(ticket)
  const matcher = matcherOf(state, configuration)
  configuration.searching.add(ticket)
  ticket.place = matcher.add(waitingTicketOf(state, ticket))
}

/** Takes a ticket out, whether it was queued or searching; its request time-out no longer strikes. */
export function leavePool(state: State, configuration: ConfigurationState, ticket: TicketState): void {
  const { ticketId } = ticket
  if (!configuration.queued.delete(ticket)) {
    if (!configuration.searching.has(ticket)) return
    const matcher = matcherOf(state, configuration)
    const metrics = matcher.metrics(ticketId, ticket.place)
    if (metrics !== null) addMetrics([ticket], metrics)
    matcher.remove(ticketId, ticket.place)
    configuration.searching.delete(ticket)
  }
  if (ticket.matchId === null) state.requestTimeouts.leave(ticket)
  else state.timers.delete(requestTimer(ticketId))
  if (ticket.gameSessionArn !== null) state.waitingBackfills.get(configuration.name)?.delete(ticketId)
  if (configuration.queued.size + configuration.searching.size === 0) state.passes.delete(configuration.name)
}

/** New settings count from the next pass on, also for tickets that wait already. */
export function applySettingsToPool(turn: Turn, configuration: ConfigurationState): void {
  const { state } = turn
  forgetMatcher(state, configuration)
  for (const ticket of configuration.searching) {
    if (ticket.matchId === null) continue
    state.timers.set(requestTimer(ticket.ticketId), requestDeadlineMs(configuration, ticket))
  }
  state.requestTimeouts.settingsChanged()
  schedulePass(turn, configuration)
}

/** What matching knows is made anew, under the rules, settings and options of then, when it is asked next. */
export function forgetMatcher(state: State, { name, searching }: ConfigurationState): void {
  const matcher = state.matchers.get(name)
  if (matcher === undefined) return
  for (const ticket of searching) addMetrics([ticket], matcher.metrics(ticket.ticketId, ticket.place) ?? [])
  state.matchers.delete(name)
}

/** Holds the searching tickets of a configuration. */
export function matcherOf(state: State, configuration: ConfigurationState): Matcher {
  const known = state.matchers.get(configuration.name)
  if (known !== undefined) return known
  const matcher = new Matcher(matcherInput(state, configuration))
  hold(state, configuration, matcher)
  return matcher
}

export function restoreMatcher(state: State, configuration: ConfigurationState, saved: SavedMatcher): void {
  const matcher = Matcher.restored(matcherInput(state, configuration), saved)
  hold(state, configuration, matcher)
  matcher.goOn(saved, (ticketId) => state.tickets.get(ticketId)!.place)
}

function hold(state: State, { name, searching }: ConfigurationState, matcher: Matcher): void {
  for (const ticket of searching) ticket.place = matcher.add(waitingTicketOf(state, ticket))
  state.matchers.set(name, matcher)
}

function matcherInput(state: State, configuration: ConfigurationState): MatcherInput {
  return {
    ruleSet: ruleSetOf(state, configuration),
    additionalPlayerCount: configuration.settings.additionalPlayerCount,
    options: state.options,
    read: (ticketId) => waitingTicketOf(state, state.tickets.get(ticketId)!),
  }
}

/** A backfill waits for players as long as its session takes any: passes ask. */
export function watchSession(state: State, { ticketId, gameSessionArn, configurationName }: TicketState): void {
  if (gameSessionArn === null) return
  const watched = state.waitingBackfills.get(configurationName) ?? new Set()
  state.waitingBackfills.set(configurationName, watched.add(ticketId))
}

/** The ticket as matching reads it, all written out. */
export function poolTicketOf(state: State, ticket: TicketState): PoolTicket {
  const players = ticket.players.map(({ playerId, team, attributes, latencyMs }) => ({
    ...{ playerId, team, latencyMs },
    attributes: attributes ?? {},
  }))
  return { ...waitingTicketOf(state, ticket), players }
}

function waitingTicketOf(state: State, ticket: TicketState): WaitingTicket {
  const { ticketId, kind, gameSessionArn, startTimeMs, arrival, players } = ticket
  const session = gameSessionArn === null ? null : state.gameSessions.get(gameSessionArn)
  return {
    ticketId,
    backfill: kind === 'new' ? null : { automatic: kind === 'auto-backfill', region: session?.location ?? null },
    startTimeMs,
    arrival,
    players,
  }
}
