import { guardedRoute } from '#lib/access/guard.ts'
import type { ConfigurationView, PageOf } from '#lib/tickets/views.ts'

export const GET = guardedRoute(
  { action: 'configuration.view' },
  async ({ runtime, environment }): Promise<PageOf<ConfigurationView>> => ({
    rows: await runtime.catalogOf(environment).configurations(),
    nextCursor: null,
  }),
)
