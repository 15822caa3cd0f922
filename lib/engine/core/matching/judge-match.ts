/** Asks every rule about a match that somebody else has put together: what a forced match breaks. */
import type { FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { CandidateSet } from './candidate-set.ts'
import type { Plan } from './plan.ts'
import { RuleCounts } from './rule-counts.ts'
import { stageOf, type TeamSize } from './stages.ts'
import { ticketFacts } from './ticket-facts.ts'

export interface Judgement {
  /** Names of the rules that must hold and do not. */
  brokenRules: string[]
  /** Tickets that no match can ever have, and why. While a player lacks a value, no rule can be asked. */
  unmatchable: { ticketId: string; reason: string }[]
  metrics: FoundMatch['metrics']
}

/** Team sizes for a match of these tickets as they are now, per team of the rule set. */
export function teamSizes(plan: Plan, tickets: readonly PoolTicket[], nowMs: number): readonly TeamSize[] {
  return plan.stage(stageOfMatch(plan, tickets, nowMs)).teams
}

/** `teams`: per ticket the index of the team a new ticket stands on; players of a backfill ticket have their own. */
export function judgeMatch(
  plan: Plan,
  tickets: readonly PoolTicket[],
  teams: readonly number[],
  nowMs: number,
): Judgement {
  const { rules } = plan.ruleSet
  const counts = new RuleCounts(rules.length)
  const set = new CandidateSet(plan.teamCount, counts)
  const facts = tickets.map((ticket) => ticketFacts(ticket, plan.factsPlan))
  facts.forEach((one, index) => {
    set.add(one, teams[index] ?? 0)
  })
  const { compiled } = plan.stage(stageOfMatch(plan, tickets, nowMs))
  // A ticket with a value missing has no groups: rules would not see its players.
  const askable = facts.every(({ size, groups }) => size === 0 || groups.length > 0)
  const broken = plan.enforced.filter((rule) => askable && !counts.count(rule, compiled[rule]?.holds(set) ?? true))
  return {
    brokenRules: broken.map((rule) => rules[rule]!.name),
    unmatchable: facts.flatMap(({ ticketId, unmatchable: reason }) => (reason === null ? [] : [{ ticketId, reason }])),
    metrics: counts.metrics(rules),
  }
}

function stageOfMatch({ ruleSet, stageAgesMs }: Plan, tickets: readonly PoolTicket[], nowMs: number): number {
  const starts = tickets.map(({ startTimeMs }) => startTimeMs)
  const newest = ruleSet.algorithm.expansionAgeSelection === 'newest'
  return stageOf(nowMs - (newest ? Math.max(...starts) : Math.min(...starts)), stageAgesMs)
}
