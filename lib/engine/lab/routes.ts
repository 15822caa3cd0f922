/**
 * What only a local engine can do: force outcomes and change the emulated fleet while it runs. Not part of GameLift, so it
 * has its own paths on the engine's port, plain JSON, behind the same guards as the operations. One file per group.
 */
import type { Shell } from '#lib/engine/shell.ts'
import type { PlainRoute } from '#lib/engine/wire/server.ts'
import { clockRoutes } from './clock.ts'
import { explainRoute } from './explain.ts'
import { forceRoutes } from './force.ts'
import { lintRuleSetRoute } from './lint-rule-set.ts'
import { matchingRoute } from './matching.ts'
import { optionRoutes } from './options.ts'
import { runRoute } from './run.ts'

export function labRoutes(shell: Shell): PlainRoute[] {
  return [
    ...optionRoutes(shell),
    ...clockRoutes(shell),
    ...forceRoutes(shell),
    runRoute(shell),
    explainRoute(shell),
    matchingRoute(shell),
    lintRuleSetRoute,
  ]
}
