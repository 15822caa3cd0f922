/**
 *   GET /lab/matching   per configuration who waits, when the last pass was and the next is, how many passes were cut
 *                       and searches given up (MatchingReport in core/contract.ts)
 *
 * A rule set or a pool made to hurt is seen here: the work of a Tick and of one search is bounded, and what did not fit is
 * counted.
 */
import type { Shell } from '#lib/engine/shell.ts'
import type { PlainRoute } from '#lib/engine/wire/server.ts'

export function matchingRoute(shell: Pick<Shell, 'matching'>): PlainRoute {
  return {
    method: 'GET',
    path: '/lab/matching',
    answer: async () => ({ status: 200, body: { configurations: shell.matching() } }),
  }
}
