import type { PassResult, PoolTicket } from '#lib/engine/core/contract.ts'
import { Matcher, type MatcherInput } from './matcher.ts'

/** About 200 ms: a pool and a rule set made to hurt are cut off. */
const MOST_WORK = 4_000_000

export interface MatchingInput extends Omit<MatcherInput, 'read'> {
  /** Tickets in SEARCHING, of one configuration, in any order. */
  pool: readonly PoolTicket[]
  nowMs: number
  /** Uniform in [0, 1), seeded: the same inputs and numbers give the same matches. */
  random: () => number
}

/** One whole search over a pool that is not kept: what a first pass over these tickets finds. */
export function findMatches({ pool, nowMs, random, ...input }: MatchingInput): PassResult {
  const byId = new Map(pool.map((ticket) => [ticket.ticketId, ticket]))
  const matcher = new Matcher({ ...input, read: (ticketId) => byId.get(ticketId)! })
  const places = pool.map((ticket) => matcher.add(ticket))
  const { matches, nextChangeMs } = matcher.search({ nowMs, random, work: MOST_WORK })
  const metricsByTicket: PassResult['metricsByTicket'] = new Map()
  for (const [index, { ticketId }] of pool.entries()) {
    const metrics = matcher.metrics(ticketId, places[index]!)
    if (metrics !== null) metricsByTicket.set(ticketId, metrics)
  }
  return { matches, metricsByTicket, nextChangeMs }
}
