/** The matching core alone: no commands, statuses or events. */

import type { FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { findMatches } from '#lib/engine/core/matching/find-matches.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { collectGarbage, Stopwatch } from '../measure.ts'
import { seededRandom } from '../workload/columns.ts'

export interface CoreDrained {
  matches: FoundMatch[]
  /** CPU time of the search, from the oldest ticket until nothing more is found. */
  searchMs: number
  /** CPU time of taking the tickets into the pool before that. */
  intakeMs: number
  cut: boolean
}

/** A pass that ran out of work asks for another; after so many in a row without a match the drain counts as done. */
const IDLE_PASSES = 2

/** Goes no further after `budgetMs` of CPU time. */
export function drainCore(pool: readonly PoolTicket[], ruleSet: RuleSet, budgetMs: number): CoreDrained {
  const random = seededRandom(7)
  const watch = new Stopwatch()
  const matches: FoundMatch[] = []
  let left: readonly PoolTicket[] = pool
  collectGarbage()
  for (let idle = 0; idle < IDLE_PASSES; ) {
    if (watch.usedMs > budgetMs) return { matches, searchMs: watch.usedMs, intakeMs: 0, cut: true }
    const input = { pool: left, ruleSet, additionalPlayerCount: 0, nowMs: pool.length, random }
    const result = watch.run(() => findMatches({ ...input, options: DEFAULT_OPTIONS }))
    matches.push(...result.matches)
    if (result.nextChangeMs === null) break
    idle = result.matches.length > 0 ? 0 : idle + 1
    const gone = new Set(result.matches.flatMap((match) => match.tickets.map(({ ticketId }) => ticketId)))
    left = left.filter(({ ticketId }) => !gone.has(ticketId))
  }
  return { matches, searchMs: watch.usedMs, intakeMs: 0, cut: false }
}
