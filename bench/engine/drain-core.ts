/** The matching core alone: no commands, statuses or events. */
import type { FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { Matcher } from '#lib/engine/core/matching/matcher.ts'
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

/** As much at a time as the engine does in one Tick, or a little more. */
const WORK = 200_000

/** Goes no further after `budgetMs` of CPU time. */
export function drainCore(tickets: readonly PoolTicket[], ruleSet: RuleSet, budgetMs: number): CoreDrained {
  const byId = new Map(tickets.map((ticket) => [ticket.ticketId, ticket]))
  const read = (ticketId: string) => byId.get(ticketId)!
  const random = seededRandom(7)
  const nowMs = tickets.length
  const intake = new Stopwatch()
  const search = new Stopwatch()
  const matches: FoundMatch[] = []
  collectGarbage()
  const matcher = new Matcher({ ruleSet, additionalPlayerCount: 0, options: DEFAULT_OPTIONS, read })
  intake.run(() => {
    for (const ticket of tickets) matcher.add(ticket)
  })
  collectGarbage()
  let unfinished = true
  while (unfinished && search.usedMs < budgetMs) {
    const found = search.run(() => matcher.search({ nowMs, random, work: WORK }))
    for (const match of found.matches) matches.push(match)
    unfinished = found.nextChangeMs === nowMs
  }
  return { matches, searchMs: search.usedMs, intakeMs: intake.usedMs, cut: unfinished }
}
