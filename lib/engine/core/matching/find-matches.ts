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
  const matcher = Matcher.of({ ...input, read: (ticketId) => byId.get(ticketId)! }, pool)
  const { matches, nextChangeMs } = matcher.search({ nowMs, random, work: MOST_WORK })
  const matched = new Set(matches.flatMap(({ tickets }) => tickets.map(({ ticketId }) => ticketId)))
  const metricsByTicket: PassResult['metricsByTicket'] = new Map()
  for (const { ticketId } of pool) {
    const metrics = matched.has(ticketId) ? null : matcher.metrics(ticketId)
    if (metrics !== null) metricsByTicket.set(ticketId, metrics)
  }
  return { matches, metricsByTicket, nextChangeMs }
}
