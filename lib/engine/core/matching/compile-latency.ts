import type { LatencyRule } from '#lib/flexmatch/rule-set/rule-set.ts'
import type { CandidateSet } from './candidate-set.ts'
import type { CompileContext, CompiledRule } from './compiled-rule.ts'
import type { RegionLatencies, RegionLatency } from './latency.ts'

/** `index` counts the latency rules of the rule set: it is where a ticket keeps its latencies for this one. */
export function compileLatency(rule: LatencyRule, index: number, { options }: CompileContext): CompiledRule {
  const maxLatency = rule.maxLatency ?? Number.POSITIVE_INFINITY
  const maxDistance = rule.maxDistance ?? Number.POSITIVE_INFINITY
  const { distanceReference } = rule
  // The lowest latency only falls as tickets join, so a spread from it only widens. An average can come closer again,
  // but two values both within the distance of any average are at most twice the distance apart.
  const widest = distanceReference === 'min' ? maxDistance : 2 * maxDistance

  const check = (set: CandidateSet, near: (latencies: readonly RegionLatency[]) => boolean): boolean => {
    const tickets: RegionLatencies[] = []
    for (const facts of set.members) {
      const latencies = facts.latencies[index] ?? null
      if (latencies === null || !hasUsable(latencies, maxLatency)) return false
      if (latencies !== 'any') tickets.push(latencies)
    }
    const common = commonRegions(tickets as ReadonlyMap<string, RegionLatency>[], maxLatency)
    if (common.length === 0) return tickets.length === 0 || !options.latency.requireCommonRegion
    return maxDistance === Number.POSITIVE_INFINITY || common.some(near)
  }
  return {
    holds: (set) =>
      check(set, (latencies) => {
        const from = distanceReference === 'min' ? lowest(latencies) : average(latencies)
        return latencies.every(
          ({ count, min, max }) => count === 0 || (from - min <= maxDistance && max - from <= maxDistance),
        )
      }),
    // Where no common region is required, one ticket more can leave none, and then no distance is measured at all.
    canHold: (set) =>
      check(
        set,
        (latencies) =>
          !options.latency.requireCommonRegion ||
          Math.max(...latencies.map(({ max }) => max)) - lowest(latencies) <= widest,
      ),
  }
}

function hasUsable(latencies: RegionLatencies, maxLatency: number): boolean {
  if (latencies === 'any') return true
  for (const { max } of latencies.values()) if (max <= maxLatency) return true
  return false
}

/** For every region that survives for every ticket, what each ticket has there. */
function commonRegions(tickets: readonly ReadonlyMap<string, RegionLatency>[], maxLatency: number): RegionLatency[][] {
  const [first, ...others] = tickets
  const common: RegionLatency[][] = []
  for (const [region, latency] of first ?? []) {
    if (latency.max > maxLatency) continue
    const row = [latency]
    for (const other of others) {
      const there = other.get(region)
      if (there === undefined || there.max > maxLatency) break
      row.push(there)
    }
    if (row.length === tickets.length) common.push(row)
  }
  return common
}

function lowest(latencies: readonly RegionLatency[]): number {
  return Math.min(...latencies.map(({ min }) => min))
}

function average(latencies: readonly RegionLatency[]): number {
  let sum = 0
  let count = 0
  for (const latency of latencies) {
    sum += latency.sum
    count += latency.count
  }
  return sum / count
}
