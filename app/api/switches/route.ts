import { guardedRoute } from '#lib/access/guard.ts'
import { viewOfSwitch } from '#lib/access/switches.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime }) =>
  (await runtime.access.switches.on()).map(viewOfSwitch),
)
