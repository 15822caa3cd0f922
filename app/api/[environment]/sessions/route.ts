import { guardedRoute } from '#lib/access/guard.ts'
import { listSessions } from '#lib/tickets/list-sessions.ts'

export const GET = guardedRoute({ action: 'session.view' }, ({ runtime, environment, search }) =>
  listSessions(runtime.db, environment.name, search.get('cursor')),
)
