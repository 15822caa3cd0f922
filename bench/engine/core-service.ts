/** The matching core alone, without commands, statuses or events: one matcher that lives on and is drained repeatedly. */
import type { FoundMatch, PoolTicket } from '#lib/engine/core/contract.ts'
import { Matcher } from '#lib/engine/core/matching/matcher.ts'
import { DEFAULT_OPTIONS } from '#lib/engine/core/options.ts'
import type { RuleSet } from '#lib/flexmatch/rule-set/rule-set.ts'
import { collectGarbage, Stopwatch } from '../measure.ts'
import { seededRandom } from '../workload/columns.ts'

export interface CoreDrained {
  matches: FoundMatch[]
  /** CPU time of the search, from the oldest ticket until nothing more is found. */
  usedMs: number
  /** CPU time of taking the tickets into the pool before that. */
  intakeMs: number
  cut: boolean
}

/** As much at a time as the engine does in one Tick, or a little more. */
const WORK = 200_000

export class CoreService {
  readonly #matcher: Matcher
  readonly #random = seededRandom(7)
  #byId = new Map<string, PoolTicket>()

  constructor(ruleSet: RuleSet) {
    const read = (ticketId: string) => this.#byId.get(ticketId)!
    this.#matcher = new Matcher({ ruleSet, additionalPlayerCount: 0, options: DEFAULT_OPTIONS, read })
  }

  /** Goes no further after `budgetMs` of CPU time. What was not matched is taken out again, outside of the clock. */
  drain(tickets: readonly PoolTicket[], budgetMs: number): CoreDrained {
    const matcher = this.#matcher
    this.#byId = new Map(tickets.map((ticket) => [ticket.ticketId, ticket]))
    const nowMs = tickets.length
    const intake = new Stopwatch()
    const search = new Stopwatch()
    const places = new Int32Array(tickets.length)
    const matches: FoundMatch[] = []
    intake.run(() => {
      for (const [index, ticket] of tickets.entries()) places[index] = matcher.add(ticket)
    })
    collectGarbage()
    let unfinished = true
    while (unfinished && search.usedMs < budgetMs) {
      const found = search.run(() => matcher.search({ nowMs, random: this.#random, work: WORK }))
      for (const match of found.matches) matches.push(match)
      unfinished = found.nextChangeMs === nowMs
    }
    for (const [index, { ticketId }] of tickets.entries()) matcher.remove(ticketId, places[index]!)
    if (matcher.size > 0) throw new Error('The matcher kept tickets that were taken out.')
    return { matches, usedMs: search.usedMs, intakeMs: intake.usedMs, cut: unfinished }
  }
}
