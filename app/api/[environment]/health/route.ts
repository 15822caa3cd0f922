import { guardedRoute } from '#lib/access/guard.ts'
import { readHealthWindow, sinceOf } from '#lib/integrity/health-window.ts'
import { meter } from '#lib/integrity/meter.ts'

export const GET = guardedRoute({ action: 'ingest.view' }, ({ runtime, environment, search }) =>
  meter(
    runtime.db,
    environment.name,
    sinceOf(readHealthWindow(search.get('window')), Date.now()),
    runtime.healthOf(environment).outage,
  ),
)
