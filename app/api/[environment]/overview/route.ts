import { guardedRoute } from '#lib/access/guard.ts'
import { overview } from '#lib/tickets/overview.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, ({ runtime, environment }) =>
  overview(runtime.db, environment.name, Date.now(), runtime.healthOf(environment)),
)
