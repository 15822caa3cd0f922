import { createRateLimit, type RateLimit } from './rate-limit.ts'

/** Of one session, whatever it exports. */
export const EXPORTS = { most: 5, withinSeconds: 10 * 60 }

// Routes are bundled apart: a module variable would count for each of them anew.
const KEY = Symbol.for('matchdesk.export-limit')
type Holder = { [KEY]?: RateLimit }

export function exportLimit(): RateLimit {
  const holder = globalThis as Holder
  holder[KEY] ??= createRateLimit(EXPORTS)
  return holder[KEY]
}
