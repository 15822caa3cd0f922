import { found } from '#lib/access/answer-route.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { getTicket } from '#lib/tickets/get-ticket.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, environment, param }) => {
  const ticketId = param('ticketId')
  return found(
    await getTicket(runtime.db, environment.name, ticketId),
    `ticket ${JSON.stringify(ticketId)} in ${environment.name}`,
  )
})
