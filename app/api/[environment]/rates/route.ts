import { guardedRoute } from '#lib/access/guard.ts'
import { rates, readRatesWindow } from '#lib/tickets/rates.ts'

export const GET = guardedRoute({ action: 'ticket.view' }, ({ runtime, environment, search }) =>
  rates(runtime.db, environment.name, readRatesWindow(search.get('window')), search.get('configuration')),
)
