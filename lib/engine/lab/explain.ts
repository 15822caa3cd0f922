/**
 *   POST /lab/explain   {"ticketId":"t-1"}; answers why the ticket waits (Explanation in core/explain/explanation.ts)
 *
 * Explaining changes nothing and is not journaled. 400 NotFoundException for a ticket that is not known.
 */
import type { Shell } from '#lib/engine/shell.ts'
import type { PlainRoute } from '#lib/engine/wire/server.ts'
import { invalid, members } from './body.ts'

export function explainRoute(shell: Pick<Shell, 'explain'>): PlainRoute {
  return {
    method: 'POST',
    path: '/lab/explain',
    async answer(body) {
      const { ticketId } = members(body, 'The body', ['ticketId'])
      if (typeof ticketId !== 'string') throw invalid('ticketId must be a string.')
      return { status: 200, body: shell.explain(ticketId) }
    },
  }
}
