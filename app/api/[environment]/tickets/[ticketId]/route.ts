import { found } from '#lib/access/answer-route.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { findTicket } from '#lib/tickets/get-ticket.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, environment, param }) => {
  const ticketId = param('ticketId')
  return found(
    await findTicket(runtime.db, environment.name, ticketId, runtime.lookUpOf(environment)),
    `ticket ${JSON.stringify(ticketId)} in ${environment.name}`,
  )
})
