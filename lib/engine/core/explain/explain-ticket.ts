/** The read door of `explain`: finds the ticket and its pool in the state, and says what a status means outside of it. */
import { planFor } from '#lib/engine/core/matching/plan.ts'
import { poolTicketOf } from '#lib/engine/core/pool.ts'
import type { ConfigurationState, State, TicketState } from '#lib/engine/core/state.ts'
import { findTicket } from '#lib/engine/core/ticket-operations.ts'
import { ruleSetOf } from '#lib/engine/core/turn.ts'
import type { RuleEvaluationMetric } from '#lib/flexmatch/events.ts'
import { chooseOthers } from './choose-others.ts'
import { budgetFor, DEFAULT_BUDGET, type ExplainBudget, explain } from './explain.ts'
import type { Explanation, SearchExplanation } from './explanation.ts'
import { counted, seconds } from './shown.ts'

/** Throws NotFoundException for a ticket that is not known (any more). `weighedTickets`: how many others at most. */
export function explainTicket(
  state: State,
  ticketId: string,
  nowMs: number,
  weighedTickets: number = DEFAULT_BUDGET.weighedTickets,
): Explanation {
  const ticket = findTicket(state, ticketId)
  const configuration = state.configurations.get(ticket.configurationName)
  const inPool = configuration && (configuration.queued.has(ticket) || configuration.searching.has(ticket))
  const plain = {
    ticketId,
    configurationName: ticket.configurationName,
    status: ticket.status,
    askedAtMs: nowMs,
    waitedSeconds: ((ticket.endTimeMs ?? nowMs) - ticket.startTimeMs) / 1000,
    timesOutAtMs: inPool ? ticket.startTimeMs + configuration.settings.requestTimeoutSeconds * 1000 : null,
    lastPassAtMs: configuration?.lastPassMs ?? null,
    nextPassAtMs: inPool ? state.passes.get(configuration.name) : null,
    ruleEvaluationMetrics: metricsSoFar(state, ticket),
  }
  if (configuration && ticket.status === 'SEARCHING') {
    return { ...plain, ...searching(state, configuration, ticket, nowMs, budgetFor(weighedTickets)) }
  }
  const sentence = outsideOfPool(state, ticket, plain.nextPassAtMs, nowMs)
  const verdict = { kind: 'not-searching', sentence } as const
  return { ...plain, sentence, verdict, weighed: null, nearestMiss: null, expansions: [] }
}

function searching(
  state: State,
  configuration: ConfigurationState,
  ticket: TicketState,
  nowMs: number,
  budget: ExplainBudget,
): SearchExplanation {
  const { additionalPlayerCount, requestTimeoutSeconds } = configuration.settings
  const ruleSet = ruleSetOf(state, configuration)
  const { options } = state
  const own = poolTicketOf(state, ticket)
  const read = (ticketId: string) => poolTicketOf(state, state.tickets.get(ticketId)!)
  const { searching: waiting } = configuration
  const others = chooseOthers(waiting, own, planFor(ruleSet, options), budget.weighedTickets, read)
  return explain({
    ruleSet,
    additionalPlayerCount,
    requestTimeoutSeconds,
    options,
    ticket: own,
    others,
    waitingTickets: waiting.size - 1,
    nowMs,
    budget,
  })
}

/** What the ticket brought along and what the matcher has counted since. */
function metricsSoFar(state: State, ticket: TicketState): RuleEvaluationMetric[] {
  const sums = new Map<string, RuleEvaluationMetric>()
  const brought = ticket.metrics.map(([ruleName, passedCount, failedCount]) => ({ ruleName, passedCount, failedCount }))
  const since = state.matchers.get(ticket.configurationName)?.metrics(ticket.ticketId, ticket.place) ?? []
  for (const { ruleName, passedCount, failedCount } of [...brought, ...since]) {
    const sum = sums.get(ruleName) ?? { ruleName, passedCount: 0, failedCount: 0 }
    sum.passedCount += passedCount
    sum.failedCount += failedCount
    sums.set(ruleName, sum)
  }
  return [...sums.values()]
}

function outsideOfPool(state: State, ticket: TicketState, nextPassAtMs: number | null, nowMs: number): string {
  const { status, matchId, startTimeMs, endTimeMs, statusMessage } = ticket
  const after = `after ${seconds((endTimeMs ?? nowMs) - startTimeMs)}`
  switch (status) {
    case 'QUEUED':
    case 'SEARCHING':
      return nextPassAtMs === null
        ? 'It is not picked up yet.'
        : `It is not picked up yet: the matching pass in ${seconds(Math.max(0, nextPassAtMs - nowMs))} takes it into the pool.`
    case 'REQUIRES_ACCEPTANCE':
      return `It is in match ${matchId}, which waits until all players accept${answersText(state, matchId)}.`
    case 'PLACING':
      return `It is in match ${matchId}, for which a game session is being placed.`
    case 'COMPLETED':
      return `It ended with COMPLETED ${after}: match ${matchId} was made.`
    case 'CANCELLED':
    case 'TIMED_OUT':
    case 'FAILED':
      return `It ended with ${status} ${after}${statusMessage === null ? '.' : `: ${statusMessage}`}`
  }
}

function answersText({ matches }: State, matchId: string | null): string {
  const answers = matches.get(matchId ?? '')?.answers.flat()
  if (answers === undefined) return ''
  const accepted = answers.filter((answer) => answer === true).length
  return `; ${accepted} of ${counted(answers.length, 'player')} have`
}
