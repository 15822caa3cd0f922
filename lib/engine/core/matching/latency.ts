/** Latency of one ticket as a latency rule sees it. */
import type { EngineOptions, WaitingTicket } from '#lib/engine/core/contract.ts'
import type { NumberAggregation } from '#lib/flexmatch/rule-set/rule-set.ts'

export interface LatencyColumn {
  /** Index of the rule. */
  rule: number
  ruleName: string
  aggregation: NumberAggregation
  /** False for the leaf of a compound: then a ticket without latency can still match. */
  enforced: boolean
}
export interface RegionLatency {
  /** Over the values the ticket contributes, ms. */
  sum: number
  count: number
  min: number
  max: number
}
/** Usable regions of a ticket. `any` is a backfill ticket without players whose session's region is not known. */
export type RegionLatencies = ReadonlyMap<string, RegionLatency> | 'any'

/** null when the ticket has no region that all its players reported. */
export function ticketLatencies(
  { players, backfill }: WaitingTicket,
  { aggregation }: LatencyColumn,
  weight: EngineOptions['partyValueWeight'],
): RegionLatencies | null {
  const session = backfill?.region ?? null
  if (players.length === 0) {
    return session === null ? 'any' : new Map([[session, { sum: 0, count: 0, min: Infinity, max: -Infinity }]])
  }
  const regions = session === null ? Object.keys(players[0]?.latencyMs ?? {}) : [session]
  const usable = new Map<string, RegionLatency>()
  for (const region of regions) {
    // A region that one player did not report is unusable for the ticket.
    const values = players.flatMap(({ latencyMs }) =>
      latencyMs !== null && Object.hasOwn(latencyMs, region) ? (latencyMs[region] ?? []) : [],
    )
    if (values.length !== players.length) continue
    const min = Math.min(...values)
    const max = Math.max(...values)
    const sum = values.reduce((total, value) => total + value, 0)
    if (backfill !== null || values.length === 1) {
      usable.set(region, { sum, count: values.length, min, max })
      continue
    }
    const value = aggregation === 'min' ? min : aggregation === 'max' ? max : sum / values.length
    const count = weight === 'ticket' ? 1 : values.length
    usable.set(region, { sum: value * count, count, min: value, max: value })
  }
  return usable.size === 0 ? null : usable
}
