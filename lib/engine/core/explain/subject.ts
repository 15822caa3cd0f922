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
  /** Work of asking all rules about a set, as far as it comes from this ticket. */
  weight: number
}

export function subjectOf(ticket: PoolTicket, plan: Plan, requestTimeoutSeconds: number): Subject {
  const facts = ticketFacts(ticket, plan.factsPlan)
  const { startTimeMs: startMs } = ticket
  const deadlineMs = startMs + requestTimeoutSeconds * 1000
  return { ticket, facts, startMs, deadlineMs, weight: weightOf(ticket, plan) }
}

/** In values that rules look at. Long lists make rules slow: four of their strings count as one value. */
export function weightOf({ players }: PoolTicket, { ruleSet }: Plan): number {
  const readsLists = ruleSet.rules.some(({ type }) => type === 'collection')
  let values = players.length
  for (const { attributes } of readsLists ? players : []) {
    for (const { SL } of Object.values(attributes)) values += (SL?.length ?? 0) / 4
  }
  return Math.max(1, ruleSet.rules.length) * Math.max(1, values)
}

/** Stage of the ticket's own age. */
export function stageAt(subject: Subject, plan: Plan, timeMs: number): number {
  return stageOf(timeMs - subject.startMs, plan.stageAgesMs)
}

/** Stage of a match, by the newest or the oldest of its tickets. */
export function joinedStage(plan: Plan, one: number, other: number): number {
  return plan.ruleSet.algorithm.expansionAgeSelection === 'newest' ? Math.min(one, other) : Math.max(one, other)
}
