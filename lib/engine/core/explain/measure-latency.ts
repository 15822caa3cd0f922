import { ticketLatencies } from '#lib/engine/core/matching/latency.ts'
import type { Plan } from '#lib/engine/core/matching/plan.ts'
import type { LatencyRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import { measurement, type RuleMeasure, shortfallOf, WHOLLY } from './measure-values.ts'
import { measurementText } from './shown.ts'
import type { Subject } from './subject.ts'

/** Latency in the region that comes closest to suiting all tickets of the set. */
export function measureLatency(rule: LatencyRule, members: readonly Subject[], { options }: Plan): RuleMeasure {
  const column = { rule: 0, ruleName: rule.name, aggregation: rule.partyAggregation, enforced: true }
  const tickets = members.flatMap(({ ticket }) => {
    const latencies = ticketLatencies(ticket, column, options.partyValueWeight)
    return latencies === 'any' ? [] : [{ ticketId: ticket.ticketId, latencies }]
  })
  const silent = tickets.find(({ latencies }) => latencies === null)
  if (silent) return unmeasured(`ticket ${silent.ticketId} has no region that all its players reported latency for`)
  const known = tickets.flatMap(({ latencies }) => (latencies === null ? [] : [latencies]))
  const regions = new Set(known.flatMap((one) => [...one.keys()]))
  const common = [...regions].filter((region) => known.every((one) => one.has(region)))
  if (common.length === 0) return unmeasured('no region was reported by all tickets')
  const measures = common.map((region): RuleMeasure => {
    const there = known.flatMap((one) => one.get(region) ?? [])
    const highest = Math.max(...there.map(({ max }) => max))
    if (rule.maxLatency !== null && highest > rule.maxLatency) {
      return closed(measurement(`latency in ${region}`, highest, 'at most', rule.maxLatency, 'ms'))
    }
    const sum = there.reduce((total, one) => total + one.sum, 0)
    const count = there.reduce((total, one) => total + one.count, 0)
    const lowest = Math.min(...there.map(({ min }) => min))
    const from = rule.distanceReference === 'avg' ? sum / count : lowest
    const distance = Math.max(highest - from, from - lowest)
    const reference = rule.distanceReference === 'avg' ? 'average' : 'lowest'
    const what = `distance from the ${reference} latency in ${region}`
    if (rule.maxDistance !== null) return closed(measurement(what, distance, 'at most', rule.maxDistance, 'ms'))
    return closed(measurement(`latency in ${region}`, highest, 'at most', rule.maxLatency ?? highest, 'ms'))
  })
  return measures.reduce((best, one) => (one.shortfall < best.shortfall ? one : best))
}

function closed(measured: RuleMeasure['measured'] & object): RuleMeasure {
  return { measured, shortfall: shortfallOf(measured), text: measurementText(measured) }
}

function unmeasured(text: string): RuleMeasure {
  return { measured: null, shortfall: WHOLLY, text }
}
