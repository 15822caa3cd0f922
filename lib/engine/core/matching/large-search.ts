/**
 * Looks for a large match (41 to 200 players) around one anchor. Nothing is undone here: candidates are taken in order
 * and teams filled by their open slots. What varies is whom the walk may take: by region, and by age.
 */
import { type SearchInput, type SearchResult, SORT_WORK, searchMatch } from './anchor-search.ts'
import type { PassPool } from './pass-pool.ts'
import { Trial } from './trial.ts'

export function searchLargeMatch(input: SearchInput): SearchResult {
  const { pool, anchor, nextCandidate, sort, counts, additionalPlayerCount } = input
  const alone = new Trial(pool, additionalPlayerCount, counts)
  if (!alone.fits(anchor)) return { found: null, complete: true, work: alone.work }
  alone.hold(anchor, 0)
  const fitting = drained(nextCandidate).filter((ticket) => alone.fits(ticket))
  const needed = alone.shortage()
  let work = alone.work
  if (players(fitting, pool) < needed) return { found: null, complete: true, work }
  const sorted = sort === null ? fitting : drained(sort(fitting))
  work += fitting.length * SORT_WORK
  for (const group of groups(anchor, sorted, pool)) {
    work += sorted.length
    if (players(group, pool) < needed) continue
    let position = 0
    const result = searchMatch({ ...input, nextCandidate: () => group[position++], sort: null, greedyOnly: true })
    work += result.work
    if (result.found !== null || work > input.hardLimit) return { ...result, complete: false, work }
  }
  return { found: null, complete: false, work }
}

/** Whom the anchor may be matched with, most promising group first. */
function* groups(anchor: number, sorted: readonly number[], pool: PassPool): Generator<readonly number[]> {
  const ofNewest = pool.plan.ruleSet.algorithm.expansionAgeSelection === 'newest'
  for (const region of regionsInTurn(anchor, sorted, pool)) {
    const inRegion =
      region === undefined ? sorted : sorted.filter((ticket) => ((region.masks[ticket] ?? 0) & region.bit) !== 0)
    yield inRegion
    // A set is as old as its newest ticket: without the newcomers the rest may be old enough for a later step.
    let before = inRegion.length
    for (let stage = 1; ofNewest && stage <= (pool.stages[anchor] ?? 0); stage++) {
      const older = inRegion.filter((ticket) => (pool.stages[ticket] ?? 0) >= stage)
      if (older.length < before) yield older
      before = older.length
    }
  }
}

/**
 * The regions acceptable to the anchor: by the players who share them (`largestPopulation`), or the anchor's fastest
 * three (`fastestRegion`). One undefined when regions do not restrict the match.
 */
function regionsInTurn(
  anchor: number,
  candidates: readonly number[],
  pool: PassPool,
): readonly ({ bit: number; masks: Int32Array } | undefined)[] {
  const [latency] = pool.limits(pool.stages[anchor] ?? 0).latencies
  if (latency === undefined || !latency.common || !pool.exactMasks) return [undefined]
  const { masks } = latency
  const regions = pool.regionBits().filter(({ bit }) => ((masks[anchor] ?? 0) & bit) !== 0)
  const { fastestRegionColumn } = pool.plan
  if (fastestRegionColumn !== null) {
    const latencies = pool.tickets[anchor]?.latencies[fastestRegionColumn] ?? null
    if (latencies === null || latencies === 'any') return [undefined]
    const latencyMs = (region: string) => latencies.get(region)?.max ?? Number.POSITIVE_INFINITY
    const fastest = regions.toSorted((one, other) => latencyMs(one.region) - latencyMs(other.region))
    return fastest.slice(0, 3).map(({ bit }) => ({ bit, masks }))
  }
  const population = (bit: number) =>
    players(
      candidates.filter((ticket) => ((masks[ticket] ?? 0) & bit) !== 0),
      pool,
    )
  return regions
    .map(({ bit }) => ({ bit, masks, population: population(bit) }))
    .sort((one, other) => other.population - one.population)
}

function drained(next: () => number | undefined): number[] {
  const all: number[] = []
  for (let one = next(); one !== undefined; one = next()) all.push(one)
  return all
}

function players(tickets: readonly number[], pool: PassPool): number {
  return tickets.reduce((sum, ticket) => sum + (pool.tickets[ticket]?.size ?? 0), 0)
}
