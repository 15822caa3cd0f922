import { guardedRoute } from '#lib/access/guard.ts'
import { listBulkRuns } from '#lib/bulk/read-runs.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, ({ runtime, environment, search }) =>
  listBulkRuns(runtime.db, environment.name, search.get('cursor')),
)
