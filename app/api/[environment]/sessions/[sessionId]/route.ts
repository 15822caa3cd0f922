import { found } from '#lib/access/answer-route.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { sessionView } from '#lib/tickets/session-view.ts'

export const GET = guardedRoute({ action: 'session.view' }, async ({ runtime, environment, param }) => {
  const id = param('sessionId')
  const view = await sessionView(runtime.db, runtime.matchmakerOf(environment), environment.name, id)
  return found(view, `game session ${JSON.stringify(id)} in ${environment.name}`)
})
