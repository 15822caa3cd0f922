import { guardedRoute } from '#lib/access/guard.ts'
import { exportAudit } from '#lib/audit/export-audit.ts'

export const GET = guardedRoute({ action: 'audit.export' }, ({ runtime, person, environment, search, request }) =>
  exportAudit(runtime.db, person, environment, search, request.signal),
)
