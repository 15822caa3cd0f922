/**
 *   POST /lab/explain   {"ticketId":"t-1","weighedTickets":500}; answers why the ticket waits (Explanation in
 *                       core/explain/explanation.ts). How many others are weighed at most may be left out
 *
 * Explaining changes nothing and is not journaled. 400 NotFoundException for a ticket that is not known.
 */
import type { Shell } from '#lib/engine/shell.ts'
import type { PlainRoute } from '#lib/engine/wire/server.ts'
import { invalid, members } from './body.ts'

/** Some 100 ms, in which the engine does nothing else. */
const MOST_WEIGHED = 10_000

export function explainRoute(shell: Pick<Shell, 'explain'>): PlainRoute {
  return {
    method: 'POST',
    path: '/lab/explain',
    async answer(body) {
      const { ticketId, weighedTickets } = members(body, 'The body', ['ticketId', 'weighedTickets'])
      if (typeof ticketId !== 'string') throw invalid('ticketId must be a string.')
      if (weighedTickets !== undefined && !isCount(weighedTickets)) {
        throw invalid(`weighedTickets must be a whole number from 1 to ${MOST_WEIGHED}.`)
      }
      return { status: 200, body: shell.explain(ticketId, weighedTickets) }
    },
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_WEIGHED
}
