/** One matching pass of one configuration: pick up what is queued, look for matches, decide when to look again. */
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { emitEnded, emitSearching } from './events.ts'
import { isOpenToPlayers } from './game-sessions.ts'
import { formMatch } from './matches.ts'
import { addMetrics } from './metrics.ts'
import { matcherOf, schedulePassAt, startSearching } from './pool.ts'
import type { ConfigurationState, TicketState } from './state.ts'
import { finishTicket, SESSION_UNAVAILABLE, setStatus } from './tickets.ts'
import type { Turn } from './turn.ts'

/** What picking up a ticket costs, in the evaluations that work is counted in. */
const PICK_UP_WORK = 60

/**
 * At most about `work` evaluations; returns those done. Where that did not suffice the next pass is due at once: it goes
 * on from there, so a long pass is many short Ticks with requests answered in between.
 */
export function runPass(turn: Turn, configuration: ConfigurationState, work: number): number {
  const { state, nowMs } = turn
  let done = pickUp(turn, configuration, work)
  if (configuration.queued.size > 0) {
    configuration.cuts.passes++
    schedulePassAt(state, configuration, nowMs)
    return done
  }
  configuration.lastPassMs = nowMs
  failLostBackfills(turn, configuration)
  if (configuration.searching.size === 0) return done
  const random = () => turn.random()
  const found = matcherOf(state, configuration).search({ nowMs, random, work: Math.max(1, work - done) })
  done += found.work
  for (const [ticketId, metrics] of found.metrics) addMetrics([state.tickets.get(ticketId)!], metrics)
  for (const match of found.matches) formMatch(turn, configuration, match)
  configuration.cuts.anchors += found.givenUpAnchors
  if (found.nextChangeMs === null || configuration.searching.size === 0) return done
  const isCut = found.nextChangeMs === nowMs
  if (isCut) configuration.cuts.passes++
  schedulePassAt(state, configuration, isCut ? nowMs : Math.max(found.nextChangeMs, nowMs + state.options.tickMs))
  return done
}

function pickUp(turn: Turn, configuration: ConfigurationState, work: number): number {
  let done = 0
  for (; done < work; done += PICK_UP_WORK) {
    const ticket = configuration.queued.first()
    if (ticket === null) break
    pickUpTicket(turn, configuration, ticket)
  }
  return done
}

/** From QUEUED to SEARCHING. */
export function pickUpTicket(turn: Turn, configuration: ConfigurationState, ticket: TicketState): void {
  setStatus(ticket, 'SEARCHING')
  startSearching(turn.state, configuration, ticket)
  emitSearching(turn, configuration, ticket)
}

/** A backfill whose session is gone or closed to players by now. */
function failLostBackfills(turn: Turn, configuration: ConfigurationState): void {
  for (const ticketId of turn.state.waitingBackfills.get(configuration.name) ?? []) {
    const ticket = turn.state.tickets.get(ticketId)!
    if (isOpenToPlayers(turn.state.gameSessions.get(ticket.gameSessionArn!))) continue
    finishTicket(turn, ticket, 'FAILED', SESSION_UNAVAILABLE)
    emitEnded(turn, ticket, 'MatchmakingFailed')
  }
}

/** A backfill made under another rule set can name teams that this one lacks: it waits without being matched. */
export function hasKnownTeams(ticket: TicketState, ruleSet: RuleSet): boolean {
  if (ticket.kind === 'new') return true
  return ticket.players.every(({ team }) => ruleSet.teams.some(({ name }) => name === team))
}
