/**
 * The options in force, and changing them while the engine runs.
 *
 *   GET   /lab/options   the options in force (EngineOptions)
 *   PATCH /lab/options   any part of them, for example {"placement":{"outcome":"fail"}}; answers the options now in force
 *
 * A change is a journaled command: a replay sees it at the same moment. 400 InvalidRequestException names a wrong option.
 */
import { mergeOptions } from '#lib/engine/core/options.ts'
import type { Shell } from '#lib/engine/shell.ts'
import type { PlainRoute } from '#lib/engine/wire/server.ts'

export function optionRoutes(shell: Shell): PlainRoute[] {
  const path = '/lab/options'
  return [
    { method: 'GET', path, answer: async () => ({ status: 200, body: shell.options }) },
    {
      method: 'PATCH',
      path,
      async answer(body) {
        mergeOptions(shell.options, body as object) // a wrong option is refused before it reaches the journal
        await shell.setOptions(body as object)
        return { status: 200, body: shell.options }
      },
    },
  ]
}
