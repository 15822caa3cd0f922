/** What sorting reads of tickets, as one number per ticket; NaN where a ticket has no value. */
import type { SortRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import { numbersOf } from './numbers-of.ts'
import { aggregatedNumber, type PlayerValue, type TicketFacts } from './ticket-facts.ts'

export interface SortValues {
  values: Float64Array
  /** False for strings, whose numbers are their places in the alphabet. */
  areNumbers: boolean
}

/** The values a sort rule compares for an anchor. Only those of a map depend on the anchor: it chooses the key. */
export function sortValues(
  rule: SortRule,
  column: number,
  tickets: readonly TicketFacts[],
): (anchor: number) => SortValues {
  const all = (value: (ticket: TicketFacts) => number) => numbersOf(tickets, value)
  if (rule.mapKey === null) {
    const places = alphabet(tickets, column)
    const values = all((ticket) => plainValue(ticket, column, rule, places))
    return () => ({ values, areNumbers: places.size === 0 })
  }
  const { mapKey } = rule
  const byKey = new Map<string | null, SortValues>()
  return (anchor) => {
    const ticket = tickets[anchor]
    const chosen = ticket === undefined ? null : chosenKey(valuesOf(ticket, column), mapKey)
    const known = byKey.get(chosen)
    if (known !== undefined) return known
    const values = { values: all((one) => mapValue(one, column, rule, chosen)), areNumbers: true }
    byKey.set(chosen, values)
    return values
  }
}

/** Mean of a ticket's values, NaN when it has none. */
export function averageOf(ticket: TicketFacts, column: number): number {
  const values = ticket.columns[column]
  return values === undefined ? Number.NaN : values.sum / values.values.length
}

/** How far down its own list of regions, fastest first, a ticket has the anchor's fastest; Infinity without it. */
export function fastestRegionPlace(
  tickets: readonly TicketFacts[],
  column: number,
): (anchor: number) => (candidate: number) => number {
  const regions = tickets.map((ticket) => regionsByLatency(ticket, column))
  return (anchor) => {
    const fastest = regions[anchor]?.[0]
    return (candidate) => {
      const place = fastest === undefined ? -1 : (regions[candidate]?.indexOf(fastest) ?? -1)
      return place < 0 ? Number.POSITIVE_INFINITY : place
    }
  }
}

function regionsByLatency({ latencies }: TicketFacts, column: number): string[] {
  const regions = latencies[column] ?? null
  if (regions === null || regions === 'any') return []
  const sorted = [...regions].sort(
    ([one, { max: mine }], [other, { max: theirs }]) => mine - theirs || (one < other ? -1 : 1),
  )
  return sorted.map(([region]) => region)
}

function valuesOf(ticket: TicketFacts, column: number): readonly PlayerValue[] {
  return ticket.columns[column]?.values ?? []
}

/** The place of every string of the column in the order of code units; empty for a column of numbers. */
function alphabet(tickets: readonly TicketFacts[], column: number): Map<string, number> {
  const words = tickets.flatMap((ticket) => valuesOf(ticket, column).filter((value) => typeof value === 'string'))
  const sorted = [...new Set(words)].sort((one, other) => (one < other ? -1 : 1))
  return new Map(sorted.map((word, place) => [word, place]))
}

function plainValue(ticket: TicketFacts, column: number, rule: SortRule, places: ReadonlyMap<string, number>): number {
  const values = valuesOf(ticket, column)
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length > 0) return aggregatedNumber(numbers, rule.partyAggregation)
  // Strings are not aggregated: a party is sorted by its first player.
  const [first] = values
  return typeof first === 'string' ? (places.get(first) ?? Number.NaN) : Number.NaN
}

function mapValue(ticket: TicketFacts, column: number, rule: SortRule, key: string | null): number {
  if (key === null) return Number.NaN
  const numbers: number[] = []
  for (const map of valuesOf(ticket, column)) {
    const value = map instanceof Map ? (map as ReadonlyMap<string, number>).get(key) : undefined
    if (value !== undefined) numbers.push(value)
  }
  return numbers.length === 0 ? Number.NaN : aggregatedNumber(numbers, rule.partyAggregation)
}

/** The key with the highest or lowest value; of several the first by code units. null for empty maps. */
function chosenKey(values: readonly PlayerValue[], mapKey: 'minValue' | 'maxValue'): string | null {
  const entries = values.flatMap((map) => (map instanceof Map ? [...(map as ReadonlyMap<string, number>)] : []))
  const sign = mapKey === 'maxValue' ? -1 : 1
  entries.sort(([key, value], [otherKey, other]) => sign * (value - other) || (key < otherKey ? -1 : 1))
  return entries[0]?.[0] ?? null
}
