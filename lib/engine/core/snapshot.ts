/** The state as JSON text and back. Indexes are not in it: they follow from the rest. */
import { isFinal } from '#lib/flexmatch/status.ts'
import type { EngineOptions } from './contract.ts'
import { DueTimes } from './due-times.ts'
import { Fifo } from './fifo.ts'
import { indexActiveTicket, indexPlayerSession } from './indexes.ts'
import type { SavedMatcher } from './matching/matcher.ts'
import { DEFAULT_OPTIONS, mergeOptions } from './options.ts'
import { PartedMap } from './parted-map.ts'
import { type PlayerFacts, PlayerState } from './player-state.ts'
import { requestTimer, restoreMatcher, watchSession } from './pool.ts'
import { standsInLine } from './request-timeouts.ts'
import { restoreTickets, type SavedShape, type SavedTicket, saveTickets } from './saved-tickets.ts'
import {
  type ConfigurationState,
  type GameSessionState,
  type MatchState,
  noIndexes,
  type PlayerSessionState,
  type QueueState,
  type RuleSetState,
  type State,
  type TicketState,
} from './state.ts'
import { TicketList } from './ticket-list.ts'

/** 1: tickets written out in full, and every waiting one has a timer for its request time-out. */
const FORMAT = 2
const READABLE = [1, FORMAT]

type SavedGameSession = Omit<GameSessionState, 'roster'> & { roster: PlayerFacts[] }
type SavedConfiguration = Omit<ConfigurationState, 'queued' | 'searching' | 'cuts' | 'active'> & {
  queued: string[]
  searching: string[]
  /** Absent while nothing has been searched, and in snapshots of older engines. */
  matcher?: SavedMatcher
  /** Absent in snapshots of older engines. */
  cuts?: ConfigurationState['cuts']
}

interface Saved {
  format: number
  options: EngineOptions
  counters: State['counters']
  ruleSets: RuleSetState[]
  configurations: SavedConfiguration[]
  queues: QueueState[]
  tags: [string, [string, string][]][]
  /** Absent in format 1. */
  shapes?: SavedShape[]
  tickets: SavedTicket[]
  matches: Omit<MatchState, 'told'>[]
  gameSessions: SavedGameSession[]
  playerSessions: PlayerSessionState[]
  finishedTickets: string[]
  endedGameSessions: string[]
  waitingPlacements: string[]
  forcedMatches?: string[]
  timers: ReturnType<DueTimes['toJSON']>
  passes: ReturnType<DueTimes['toJSON']>
}

export function stateToText(state: State): string {
  const saved = {
    format: FORMAT,
    options: state.options,
    counters: state.counters,
    ruleSets: [...state.ruleSets.values()],
    configurations: Array.from(state.configurations.values(), ({ active: _, ...configuration }) => ({
      ...configuration,
      queued: Array.from(configuration.queued, ({ ticketId }) => ticketId),
      searching: Array.from(configuration.searching, ({ ticketId }) => ticketId),
      matcher: state.matchers.get(configuration.name)?.save(),
    })),
    queues: [...state.queues.values()],
    tags: Array.from(state.tags, ([arn, tags]) => [arn, [...tags]]),
    ...saveTickets(byArrival(state.tickets.values()), state.configurations),
    matches: Array.from(state.matches.values(), ({ told: _, ...match }) => match),
    gameSessions: [...state.gameSessions.values()],
    playerSessions: [...state.playerSessions.values()],
    finishedTickets: state.finishedTickets.toJSON().map(({ ticketId }) => ticketId),
    endedGameSessions: state.endedGameSessions.toJSON(),
    waitingPlacements: [...state.waitingPlacements],
    forcedMatches: [...state.forcedMatches],
    timers: state.timers.toJSON(),
    passes: state.passes.toJSON(),
  }
  return JSON.stringify(saved)
}

/** Those who wait fall due in the order they came, so they are written and read back in it. */
function byArrival(tickets: Iterable<TicketState>): TicketState[] {
  return Array.from(tickets).sort((one, other) => one.arrival - other.arrival)
}

/** Whether this engine would write the snapshot in the same format. */
export function isPresentFormat(text: string): boolean {
  return text.startsWith(`{"format":${FORMAT},`)
}

/** Throws when the text is not a snapshot of this format. */
export function stateFromText(text: string): State {
  const saved = JSON.parse(text) as Saved
  if (!READABLE.includes(saved.format)) {
    throw new Error(
      `The snapshot has format ${saved.format}; this engine reads ${READABLE.join(' and ')}. ` +
        'Without it the state follows from the journal, read from its first entry.',
    )
  }
  const configurations = byKey(
    saved.configurations.map(({ matcher: _, cuts, ...configuration }) => ({
      ...configuration,
      cuts: cuts ?? { passes: 0, anchors: 0 },
      active: 0,
      queued: new TicketList(),
      searching: new TicketList(),
    })),
    (configuration) => configuration.name,
  )
  const inOrder = readTickets(saved, configurations)
  const tickets = filled(new PartedMap<TicketState>(), inOrder, (ticket) => ticket.ticketId)
  for (const { name, queued, searching } of saved.configurations) {
    for (const ticketId of queued) configurations.get(name)!.queued.add(tickets.get(ticketId)!)
    for (const ticketId of searching) configurations.get(name)!.searching.add(tickets.get(ticketId)!)
  }
  const state: State = {
    options: mergeOptions(DEFAULT_OPTIONS, saved.options), // an older snapshot lacks what came later
    counters: saved.counters,
    ruleSets: byKey(saved.ruleSets, (ruleSet) => ruleSet.name),
    configurations,
    queues: byKey(saved.queues, (queue) => queue.name),
    tags: new Map(saved.tags.map(([arn, tags]) => [arn, new Map(tags)])),
    tickets,
    matches: byKey(
      saved.matches.map((match) => ({ ...match, told: null })),
      (match) => match.matchId,
    ),
    gameSessions: byKey(
      saved.gameSessions.map((session) => ({ ...session, roster: session.roster.map(PlayerState.of) })),
      (session) => session.arn,
    ),
    playerSessions: filled(
      new PartedMap<PlayerSessionState>(),
      saved.playerSessions,
      (session) => session.playerSessionId,
    ),
    finishedTickets: new Fifo(saved.finishedTickets.map((ticketId) => tickets.get(ticketId)!)),
    endedGameSessions: new Fifo(saved.endedGameSessions),
    waitingPlacements: new Set(saved.waitingPlacements),
    forcedMatches: new Set(saved.forcedMatches), // older snapshots have none
    timers: DueTimes.from(saved.timers),
    passes: DueTimes.from(saved.passes),
    ...noIndexes(),
  }
  for (const ticket of inOrder) {
    if (isFinal(ticket.status)) state.finishedPlayers += ticket.players.length
    else indexActiveTicket(state, configurations.get(ticket.configurationName)!, ticket, false)
    if (ticket.status === 'QUEUED' || ticket.status === 'SEARCHING') watchSession(state, ticket)
    if (!standsInLine(ticket)) continue
    state.requestTimeouts.add(state.configurations.get(ticket.configurationName)!, ticket)
    state.timers.delete(requestTimer(ticket.ticketId)) // of format 1
  }
  for (const session of state.playerSessions.values()) indexPlayerSession(state, session)
  for (const session of state.gameSessions.values()) if (session.status !== 'TERMINATED') state.liveGameSessions++
  for (const { name, matcher } of saved.configurations) {
    if (matcher) restoreMatcher(state, state.configurations.get(name)!, matcher)
  }
  return state
}

/** The tickets of format 1 are those of the state, as they are. */
function readTickets(saved: Saved, configurations: State['configurations']): TicketState[] {
  if (saved.shapes) return restoreTickets(saved.tickets, saved.shapes, configurations)
  const whole = saved.tickets as unknown as (Omit<TicketState, 'players'> & { players: PlayerFacts[] })[]
  return whole.map((ticket) => ({
    ...ticket,
    players: ticket.players.map(PlayerState.of),
    place: -1,
    listPlace: -1,
  }))
}

function byKey<T>(values: T[], keyOf: (value: T) => string): Map<string, T> {
  return filled(new Map<string, T>(), values, keyOf)
}

/** The map, with each of these under its key. */
function filled<T, M extends { set(key: string, value: T): unknown }>(
  map: M,
  values: readonly T[],
  keyOf: (value: T) => string,
): M {
  for (const value of values) map.set(keyOf(value), value)
  return map
}
