import { readDemoSwitch } from '#lib/access/demo-switch.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import type { DemoView } from '#lib/tickets/views.ts'

export const GET = guardedRoute({ action: 'demo.view' }, async ({ runtime }): Promise<DemoView> => {
  const { running, changedAt } = await readDemoSwitch(runtime.db)
  const available = runtime.settings.demo
  return { available, running: available && running, changedAt: changedAt?.toISOString() ?? null }
})
