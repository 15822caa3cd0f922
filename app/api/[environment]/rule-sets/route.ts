import { guardedRoute } from '#lib/access/guard.ts'
import type { PageOf, RuleSetView } from '#lib/tickets/views.ts'

export const GET = guardedRoute(
  { action: 'configuration.view' },
  async ({ runtime, environment }): Promise<PageOf<RuleSetView>> => ({
    rows: await runtime.catalogOf(environment).ruleSets(),
    nextCursor: null,
  }),
)
