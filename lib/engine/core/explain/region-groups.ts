/** Who could play together in one region: in a greedy walk the first who join would settle on a region too early. */
import { ticketLatencies } from '#lib/engine/core/matching/latency.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import type { StageRules } from './stage-rules.ts'
import type { Subject } from './subject.ts'

/**
 * For each region that is acceptable to the ticket, the candidates to which it is acceptable too, in their order; the
 * region with most players first. Empty where no rule asks for one region.
 */
export function regionGroups(
  plan: Plan,
  stage: StageRules,
  ticket: Subject,
  candidates: readonly Subject[],
): Subject[][] {
  const column = plan.latencyColumns.find(({ enforced }) => enforced)
  if (column === undefined || !plan.options.latency.requireCommonRegion) return []
  const rule = stage.rules[column.rule]
  const maxLatency = (rule?.type === 'latency' ? rule.maxLatency : null) ?? Number.POSITIVE_INFINITY
  const regionsOf = (subject: Subject): string[] | 'any' => {
    const latencies = ticketLatencies(subject.ticket, column, plan.options.partyValueWeight)
    if (latencies === 'any' || latencies === null) return latencies ?? []
    return Array.from(latencies).flatMap(([region, { max }]) => (max <= maxLatency ? [region] : []))
  }
  const own = regionsOf(ticket)
  if (own === 'any' || own.length < 2) return []
  const groups = new Map<string, Subject[]>(own.map((region) => [region, []]))
  for (const candidate of candidates) {
    const its = regionsOf(candidate)
    for (const region of its === 'any' ? own : its) groups.get(region)?.push(candidate)
  }
  return [...groups.values()].sort((one, other) => players(other) - players(one))
}

function players(subjects: readonly Subject[]): number {
  return subjects.reduce((sum, { facts }) => sum + facts.size, 0)
}
