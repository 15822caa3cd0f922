import { found } from '#lib/access/answer-route.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { getBulkRun } from '#lib/bulk/read-runs.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, environment, param }) =>
  found(await getBulkRun(runtime.db, environment.name, param('bulkId')), `such bulk run in ${environment.name}`),
)
