import { guardedRoute } from '#lib/access/guard.ts'
import { listSetAside, readState } from '#lib/channels/set-aside.ts'

export const GET = guardedRoute({ action: 'ingest.view' }, ({ runtime, environment, search }) =>
  listSetAside(runtime.db, environment.name, readState(search.get('state')), search.get('cursor')),
)
