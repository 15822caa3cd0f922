/** Where in the row of a ticket is what. */
import type { SearchPlan } from './search-plan.ts'

export const ARRIVAL = 0
/** Place in the order of anchors: rank, then start time. */
export const ORDER = 1
/** The value its lane is ordered by. */
export const INDEX = 2
const FIRST = 3
/** Numbers of one totalled column: sum, smallest, largest, and how many values there are. */
export const TOTAL = 4

export interface RowLayout {
  /** Numbers per row. */
  stride: number
  /** Two per spread check: the smallest value and the largest. */
  bounds: number
  /** Per latency column, one for each of its limits: a bit per region that suits the ticket. */
  masks: readonly number[]
  /** One per shared check: a bit per string that all players of the ticket have. */
  lists: number
  /** One per equal check: 0 for no value, -1 for several. */
  codes: number
  /** `TOTAL` per totalled column. */
  totals: number
}

export function rowLayout({ spreads, maxLatencies, shared, equals, totalled }: SearchPlan): RowLayout {
  let next = FIRST
  const take = (count: number) => {
    next += count
    return next - count
  }
  const bounds = take(2 * spreads.length)
  const masks = maxLatencies.map(({ length }) => take(length))
  const lists = take(shared.length)
  const codes = take(equals.length)
  const totals = take(TOTAL * totalled.length)
  return { stride: next, bounds, masks, lists, codes, totals }
}
