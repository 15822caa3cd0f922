/** One matching pass of one configuration: pick up what is queued, look for matches, decide when to look again. */
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { emitEnded, emitSearching } from './events.ts'
import { isOpenToPlayers } from './game-sessions.ts'
import { formMatch } from './matches.ts'
import { addMetrics } from './metrics.ts'
import { findMatches } from './matching/find-matches.ts'
import { poolTicketOf, schedulePassAt } from './pool.ts'
import type { ConfigurationState, TicketState } from './state.ts'
import { finishTicket, SESSION_UNAVAILABLE, setStatus } from './tickets.ts'
import { ruleSetOf, type Turn } from './turn.ts'

export function runPass(turn: Turn, configuration: ConfigurationState): void {
  const { state, nowMs } = turn
  configuration.lastPassMs = nowMs
  pickUp(turn, configuration)
  failLostBackfills(turn, configuration)
  if (configuration.searching.size === 0) return
  const ruleSet = ruleSetOf(state, configuration)
  const pool = searchingTickets(turn, configuration).filter((ticket) => hasKnownTeams(ticket, ruleSet))
  const result = findMatches({
    pool: pool.map((ticket) => poolTicketOf(state, ruleSet, ticket)),
    ruleSet,
    additionalPlayerCount: configuration.settings.additionalPlayerCount,
    nowMs,
    random: turn.random,
    options: state.options,
  })
  for (const match of result.matches) formMatch(turn, configuration, match)
  for (const [ticketId, metrics] of result.metricsByTicket) {
    if (configuration.searching.has(ticketId)) addMetrics([state.tickets.get(ticketId)!], metrics)
  }
  if (result.nextChangeMs !== null && configuration.searching.size > 0) {
    schedulePassAt(state, configuration, Math.max(result.nextChangeMs, nowMs + state.options.tickMs))
  }
}

function searchingTickets({ state }: Turn, configuration: ConfigurationState): TicketState[] {
  return Array.from(configuration.searching, (ticketId) => state.tickets.get(ticketId)!)
}

function pickUp(turn: Turn, configuration: ConfigurationState): void {
  for (const ticketId of configuration.queued) pickUpTicket(turn, configuration, turn.state.tickets.get(ticketId)!)
}

/** From QUEUED to SEARCHING. */
export function pickUpTicket(turn: Turn, configuration: ConfigurationState, ticket: TicketState): void {
  setStatus(ticket, 'SEARCHING')
  configuration.queued.delete(ticket.ticketId)
  configuration.searching.add(ticket.ticketId)
  emitSearching(turn, ticket)
}

/** A backfill whose session is gone or closed to players by now. */
function failLostBackfills(turn: Turn, configuration: ConfigurationState): void {
  for (const ticket of searchingTickets(turn, configuration)) {
    if (ticket.gameSessionArn === null || isOpenToPlayers(turn.state.gameSessions.get(ticket.gameSessionArn))) continue
    finishTicket(turn, ticket, 'FAILED', SESSION_UNAVAILABLE)
    emitEnded(turn, ticket, 'MatchmakingFailed')
  }
}

/** A backfill made under another rule set can name teams that this one lacks: it waits without being matched. */
export function hasKnownTeams(ticket: TicketState, ruleSet: RuleSet): boolean {
  if (ticket.kind === 'new') return true
  return ticket.players.every(({ team }) => ruleSet.teams.some(({ name }) => name === team))
}
