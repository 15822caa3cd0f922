/**
 * The order in which candidates are weighed against an anchor, where it is not the order of the pool: sort rules, first
 * rule first, and under strategy `balanced` the closeness to the anchor. Nothing here ever rejects a ticket.
 */
import type { SortRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { Plan } from './plan.ts'
import { aggregatedNumber, type PlayerValue, type TicketFacts } from './ticket-facts.ts'

/** Smaller comes first; undefined (a ticket without the value) comes last. */
type SortKey = (ticket: TicketFacts) => number | string | undefined

/** Sorts candidates for an anchor; null when they keep the order of the pool. Equals keep it too. */
export function candidateOrder(
  plan: Plan,
  tickets: readonly TicketFacts[],
): null | ((anchor: number, candidates: number[]) => number[]) {
  if (plan.sorts.length === 0 && plan.balancedColumn === null) return null
  return (anchor, candidates) => {
    const facts = tickets[anchor]
    if (facts === undefined) return candidates
    const keys = [
      ...plan.sorts.map(({ rule, column }) => ({ ...sortKey(rule, column, facts), rule })),
      ...balancedKeys(plan, facts),
    ]
    const rows = candidates.map((candidate) => {
      const ticket = tickets[candidate]
      return { candidate, values: keys.map(({ key }) => (ticket === undefined ? undefined : key(ticket))) }
    })
    rows.sort((one, other) => {
      for (const [index, { descending }] of keys.entries()) {
        const order = compared(one.values[index], other.values[index], descending)
        if (order !== 0) return order
      }
      return one.candidate - other.candidate
    })
    return rows.map(({ candidate }) => candidate)
  }
}

function compared(one: number | string | undefined, other: number | string | undefined, descending: boolean): number {
  if (one === other) return 0
  if (one === undefined) return 1
  if (other === undefined) return -1
  return one < other === descending ? 1 : -1
}

function sortKey(rule: SortRule, column: number, anchor: TicketFacts): { key: SortKey; descending: boolean } {
  const value = valueReader(rule, column, anchor)
  const descending = rule.sortDirection === 'descending'
  if (rule.type === 'absoluteSort') return { key: value, descending }
  const own = value(anchor)
  const key: SortKey = (ticket) => {
    const there = value(ticket)
    if (there === undefined || own === undefined) return undefined
    return typeof there === 'number' && typeof own === 'number' ? Math.abs(there - own) : Number(there !== own)
  }
  return { key, descending }
}

/** What a sort rule reads of a ticket: one number, one string, or of a map the value under the anchor's chosen key. */
function valueReader({ mapKey, partyAggregation }: SortRule, column: number, anchor: TicketFacts): SortKey {
  const chosen = mapKey === null ? null : chosenKey(valuesOf(anchor, column), mapKey)
  return (ticket) => {
    const values = valuesOf(ticket, column)
    if (mapKey !== null) {
      const there = values.flatMap((value) =>
        value instanceof Map && chosen !== null ? (value.get(chosen) ?? []) : [],
      )
      return there.length === 0 ? undefined : aggregatedNumber(there as number[], partyAggregation)
    }
    const numbers = values.filter((value) => typeof value === 'number')
    if (numbers.length > 0) return aggregatedNumber(numbers, partyAggregation)
    // Strings are not aggregated: a party is sorted by its first player.
    return values.find((value) => typeof value === 'string')
  }
}

/** The key with the highest or lowest value; of several the first by code units. null for empty maps. */
function chosenKey(values: readonly PlayerValue[], mapKey: 'minValue' | 'maxValue'): string | null {
  const entries = values.flatMap((map) => (map instanceof Map ? [...(map as ReadonlyMap<string, number>)] : []))
  const sign = mapKey === 'maxValue' ? -1 : 1
  entries.sort(([key, value], [otherKey, other]) => sign * (value - other) || (key < otherKey ? -1 : 1))
  return entries[0]?.[0] ?? null
}

function valuesOf(ticket: TicketFacts, column: number): readonly PlayerValue[] {
  return ticket.columns[column]?.values ?? []
}

function balancedKeys(
  { balancedColumn, fastestRegionColumn }: Plan,
  anchor: TicketFacts,
): { key: SortKey; descending: boolean }[] {
  if (balancedColumn === null) return []
  const own = averageOf(anchor, balancedColumn)
  const closeness: SortKey = (ticket) => {
    const there = averageOf(ticket, balancedColumn)
    return there === undefined || own === undefined ? undefined : Math.abs(there - own)
  }
  const keys = [{ key: closeness, descending: false }]
  if (fastestRegionColumn === null) return keys
  const [fastest] = regionsByLatency(anchor, fastestRegionColumn)
  const place: SortKey = (ticket) => {
    const position = fastest === undefined ? -1 : regionsByLatency(ticket, fastestRegionColumn).indexOf(fastest)
    return position < 0 ? undefined : position
  }
  return [{ key: place, descending: false }, ...keys]
}

function averageOf(ticket: TicketFacts, column: number): number | undefined {
  const values = ticket.columns[column]
  return values === undefined || values.values.length === 0 ? undefined : values.sum / values.values.length
}

/** Regions of a ticket, fastest first. */
function regionsByLatency({ latencies }: TicketFacts, column: number): string[] {
  const regions = latencies[column] ?? null
  if (regions === null || regions === 'any') return []
  const sorted = [...regions].sort(
    ([one, { max: mine }], [other, { max: theirs }]) => mine - theirs || (one < other ? -1 : 1),
  )
  return sorted.map(([region]) => region)
}
