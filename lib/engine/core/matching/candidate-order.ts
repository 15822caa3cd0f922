/**
 * The order in which candidates are weighed against an anchor, where it is not the order of the pool: sort rules, first
 * rule first, and under strategy `balanced` the closeness to the anchor. Nothing here ever rejects a ticket.
 */
import { firstOf } from './first-of.ts'
import { numbersOf } from './numbers-of.ts'
import type { Plan } from './plan.ts'
import { averageOf, fastestRegionPlace, sortValues } from './sort-values.ts'
import type { TicketFacts } from './ticket-facts.ts'

/** Of a candidate for the present anchor; the smallest comes first. Infinity: it has no value, and comes last. */
type Key = (candidate: number) => number

/** Hands out candidates of an anchor one by one in their order, then undefined. Equals keep the order of the pool. */
export type CandidateOrder = (anchor: number, candidates: readonly number[]) => () => number | undefined

/** null when candidates keep the order of the pool. */
export function candidateOrder(plan: Plan, tickets: readonly TicketFacts[]): CandidateOrder | null {
  if (plan.sorts.length === 0 && plan.balancedColumn === null) return null
  const makers = [...plan.sorts.map((sort) => sortKey(sort, tickets)), ...balancedKeys(plan, tickets)]
  return (anchor, candidates) => {
    const keys = makers.map((make) => make(anchor))
    const columns = keys.map((key) => numbersOf(candidates, key))
    return firstOf(candidates, columns)
  }
}

function sortKey({ rule, column }: Plan['sorts'][number], tickets: readonly TicketFacts[]): (anchor: number) => Key {
  const valuesFor = sortValues(rule, column, tickets)
  const sign = rule.sortDirection === 'descending' ? -1 : 1
  const last = (value: number) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value)
  return (anchor) => {
    const { values, areNumbers } = valuesFor(anchor)
    if (rule.type === 'absoluteSort') return (candidate) => last(values[candidate] ?? Number.NaN)
    const own = values[anchor] ?? Number.NaN
    return (candidate) => {
      const distance = Math.abs((values[candidate] ?? Number.NaN) - own)
      // Strings are the same or not; how far apart they stand in the alphabet says nothing.
      return last(areNumbers ? distance : Math.sign(distance))
    }
  }
}

function balancedKeys(plan: Plan, tickets: readonly TicketFacts[]): ((anchor: number) => Key)[] {
  const { balancedColumn, fastestRegionColumn } = plan
  if (balancedColumn === null) return []
  const averages = numbersOf(tickets, (ticket) => averageOf(ticket, balancedColumn))
  const closeness = (anchor: number): Key => {
    const own = averages[anchor] ?? Number.NaN
    return (candidate) => {
      const distance = Math.abs((averages[candidate] ?? Number.NaN) - own)
      return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance
    }
  }
  if (fastestRegionColumn === null) return [closeness]
  return [fastestRegionPlace(tickets, fastestRegionColumn), closeness]
}
