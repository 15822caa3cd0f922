import { readItemTab, readPosition, resultsOf } from '#components/bulk/item-tabs.ts'
import { found } from '#lib/access/answer-route.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { listBulkItems } from '#lib/bulk/read-runs.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, async ({ runtime, environment, param, search }) => {
  const place = { results: resultsOf(readItemTab(search.get('show'))), after: readPosition(search.get('after')) }
  return found(
    await listBulkItems(runtime.db, environment.name, param('bulkId'), place),
    `such bulk run in ${environment.name}`,
  )
})
