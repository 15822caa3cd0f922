/** A proposed match: how it is formed, how answers decide it, and what becomes of its tickets when it is dropped. */
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { EngineOptions, FoundMatch } from './contract.ts'
import { emitAcceptCompleted, emitEnded, emitPotentialMatch } from './events.ts'
import { attributeDefaults } from './matchmaker-data.ts'
import { addMetrics } from './metrics.ts'
import { matchTimer, startPlacement } from './placement.ts'
import { leavePool } from './pool.ts'
import { returnToPool } from './return-to-pool.ts'
import type { ConfigurationState, GameLayout, MatchState, State, TicketState } from './state.ts'
import { finishTicket, NOT_ANSWERED, REJECTED, RETURNED, type StatusText, setStatus } from './tickets.ts'
import { matchTickets, toldOf } from './told-match.ts'
import { ruleSetOf, type Turn } from './turn.ts'

/** Takes the found tickets out of the pool and proposes, places or completes the match. */
export function formMatch(turn: Turn, configuration: ConfigurationState, found: FoundMatch): void {
  const { state, nowMs } = turn
  const { flexMatchMode, acceptanceRequired, acceptanceTimeoutSeconds } = configuration.settings
  const tickets = found.tickets.map(({ ticketId }) => searchingTicket(state, configuration, ticketId))
  const match: MatchState = {
    matchId: turn.newId(),
    configurationName: configuration.name,
    layout: layoutOf(ruleSetOf(state, configuration), state.options),
    ticketIds: tickets.map(({ ticketId }) => ticketId),
    answers: acceptanceRequired ? found.tickets.map(({ teams }) => teams.map(() => null)) : [],
    // A backfill of a session stays one when its configuration has become standalone meanwhile.
    withQueue: flexMatchMode === 'WITH_QUEUE' || tickets.some(({ gameSessionArn }) => gameSessionArn !== null),
    placement: null,
    told: toldOf(tickets),
  }
  tickets.forEach((ticket, index) => {
    leavePool(state, configuration, ticket)
    setStatus(ticket, acceptanceRequired ? 'REQUIRES_ACCEPTANCE' : 'PLACING')
    ticket.matchId = match.matchId
    ticket.teams = found.tickets[index]!.teams
  })
  addMetrics(tickets, found.metrics)
  state.matches.set(match.matchId, match)
  emitPotentialMatch(turn, match, found.metrics)
  if (acceptanceRequired) state.timers.set(matchTimer(match.matchId), nowMs + (acceptanceTimeoutSeconds ?? 0) * 1000)
  else startPlacement(turn, match)
}

function searchingTicket(state: State, { name }: ConfigurationState, ticketId: string): TicketState {
  const ticket = state.tickets.get(ticketId)
  if (ticket?.status === 'SEARCHING' && ticket.configurationName === name) return ticket
  throw new Error(`Matching put ticket ${ticketId} into a match, but it is not in the pool of ${name}.`)
}

/** By rule set, while the option stays the same: matches of one rule set share it. */
const layouts = new WeakMap<RuleSet, { layout: GameLayout; showDefaults: boolean }>()
function layoutOf(ruleSet: RuleSet, { matchmakerData }: EngineOptions): GameLayout {
  const showDefaults = matchmakerData.defaults === 'show'
  const known = layouts.get(ruleSet)
  if (known?.showDefaults === showDefaults) return known.layout
  const layout = {
    maximumPlayers: ruleSet.teams.reduce((sum, team) => sum + team.maxPlayers, 0),
    teamNames: ruleSet.teams.map(({ name }) => name),
    declaredAttributes: ruleSet.playerAttributes.map(({ name }) => name),
    attributeDefaults: showDefaults ? attributeDefaults(ruleSet) : {},
  }
  layouts.set(ruleSet, { layout, showDefaults })
  return layout
}

/** When the time to answer a proposed match is over. */
export function answersDueMs(state: State, { matchId }: MatchState): number {
  return state.timers.get(matchTimer(matchId)) ?? Number.POSITIVE_INFINITY
}

/** Everyone who has to answer has accepted. */
export function isAccepted(turn: Turn, match: MatchState): boolean {
  return matchTickets(turn.state, match).every(
    (ticket, index) => ticket.kind !== 'new' || match.answers[index]!.every((answer) => answer === true),
  )
}

export function completeAcceptance(turn: Turn, match: MatchState): void {
  turn.state.timers.delete(matchTimer(match.matchId))
  emitAcceptCompleted(turn, match, 'Accepted')
  startPlacement(turn, match)
}

/** What a dropped match does to one ticket: a text to be cancelled with, or back to the pool. */
type Fate = StatusText | 'pool'

/** Someone rejected, or the time to answer is over: the table of documented fates, with the options for its gaps. */
export function dropUnaccepted(turn: Turn, match: MatchState, cause: 'Rejected' | 'TimedOut'): void {
  const { pendingTickets, cancelledEvent } = turn.state.options.acceptance
  const fate = (ticket: TicketState, answers: (boolean | null)[]): Fate => {
    if (ticket.kind !== 'new') return 'pool'
    if (answers.includes(false)) return REJECTED
    if (!answers.includes(null)) return 'pool'
    return cause === 'Rejected' && pendingTickets === 'requeue' ? 'pool' : NOT_ANSWERED
  }
  drop(turn, match, cause, (ticket, index) => fate(ticket, match.answers[index]!), cancelledEvent)
}

/** One of its tickets was taken out from outside: the match is off and the others search again, answered or not. */
export function dropWithout(turn: Turn, match: MatchState): void {
  drop(turn, match, 'Rejected', () => 'pool', false)
}

function drop(
  turn: Turn,
  match: MatchState,
  acceptance: 'Rejected' | 'TimedOut',
  fateOf: (ticket: TicketState, index: number) => Fate,
  cancelledEvent: boolean,
): void {
  const { state } = turn
  state.timers.delete(matchTimer(match.matchId))
  state.matches.delete(match.matchId)
  emitAcceptCompleted(turn, match, acceptance)
  const waiting = matchTickets(turn.state, match)
    .map((ticket, index) => ({ ticket, fate: fateOf(ticket, index) }))
    .filter(({ ticket }) => ticket.status === 'REQUIRES_ACCEPTANCE')
  for (const { ticket, fate } of waiting) {
    if (fate === 'pool') continue
    finishTicket(turn, ticket, 'CANCELLED', fate)
    if (cancelledEvent) emitEnded(turn, ticket, 'MatchmakingCancelled')
  }
  for (const { ticket, fate } of waiting) if (fate === 'pool') returnToPool(turn, ticket, RETURNED, { announce: true })
}
