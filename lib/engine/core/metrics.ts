/** What rules have said of tickets: per rule, how often it passed and failed. */
import type { FoundMatch } from './contract.ts'
import type { RuleCount, TicketState } from './state.ts'

export const NOTHING_COUNTED: readonly RuleCount[] = []

/** Adds one search's counts to what the tickets have seen so far. Those that have seen nothing yet share them. */
export function addMetrics(tickets: readonly TicketState[], metrics: FoundMatch['metrics']): void {
  if (metrics.length === 0) return
  const counts = metrics.map(
    ({ ruleName, passedCount, failedCount }): RuleCount => [ruleName, passedCount, failedCount],
  )
  for (const ticket of tickets) ticket.metrics = ticket.metrics.length === 0 ? counts : sumOf(ticket.metrics, counts)
}

function sumOf(some: readonly RuleCount[], more: readonly RuleCount[]): RuleCount[] {
  const sums = some.map(([name, passed, failed]): RuleCount => [name, passed, failed])
  for (const [name, passed, failed] of more) {
    const sum = sums.find(([known]) => known === name)
    if (!sum) {
      sums.push([name, passed, failed])
      continue
    }
    sum[1] += passed
    sum[2] += failed
  }
  return sums
}
