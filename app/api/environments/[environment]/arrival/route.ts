import { guardedRoute } from '#lib/access/guard.ts'
import { readArrival } from '#lib/connect/read-arrival.ts'

export const GET = guardedRoute({ action: 'ingest.view' }, ({ runtime, environment }) =>
  readArrival(runtime.db, environment.name, runtime.healthOf(environment).outage),
)
