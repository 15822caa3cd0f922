/** A ticket of the pool as explaining sees it. */
import type { PoolTicket } from '#lib/engine/core/contract.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import { stageOf } from '#lib/engine/core/matching/stages.ts'
import { type TicketFacts, ticketFacts } from '#lib/engine/core/matching/ticket-facts.ts'

export interface Subject {
  ticket: PoolTicket
  facts: TicketFacts
  startMs: number
  /** From here on it is in no match: its request times out first. */
  deadlineMs: number
}

export function subjectOf(ticket: PoolTicket, plan: Plan, requestTimeoutSeconds: number): Subject {
  const facts = ticketFacts(ticket, plan.factsPlan)
  const { startTimeMs: startMs } = ticket
  return { ticket, facts, startMs, deadlineMs: startMs + requestTimeoutSeconds * 1000 }
}

/** Stage of the ticket's own age. */
export function stageAt(subject: Subject, plan: Plan, timeMs: number): number {
  return stageOf(timeMs - subject.startMs, plan.stageAgesMs)
}

/** Stage of a match, by the newest or the oldest of its tickets. */
export function joinedStage(plan: Plan, one: number, other: number): number {
  return plan.ruleSet.algorithm.expansionAgeSelection === 'newest' ? Math.min(one, other) : Math.max(one, other)
}
