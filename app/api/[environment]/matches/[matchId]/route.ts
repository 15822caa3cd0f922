import { found } from '#lib/access/answer-route.ts'
import { guardedRoute } from '#lib/access/guard.ts'
import { getMatch } from '#lib/tickets/get-match.ts'

export const GET = guardedRoute({ action: 'match.view' }, async ({ runtime, environment, param }) => {
  const matchId = param('matchId')
  return found(
    await getMatch(runtime.db, environment.name, matchId),
    `match ${JSON.stringify(matchId)} in ${environment.name}`,
  )
})
