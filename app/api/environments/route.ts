import { guardedRoute } from '#lib/access/guard.ts'
import { listStates } from '#lib/environments/list-states.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, person }) =>
  listStates(runtime.db, await runtime.environments.list(), person, (each) => runtime.healthOf(each).outage),
)
