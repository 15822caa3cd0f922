/** Configurations and rule sets as the service has them, read at most once in five seconds however many ask. */
import type { ConfigurationView, RuleSetView } from '#lib/tickets/views.ts'
import type { Matchmaker } from './matchmaker.ts'

const KEEP_MS = 5_000

export interface Catalog {
  configurations(): Promise<ConfigurationView[]>
  ruleSets(): Promise<RuleSetView[]>
}

export function createCatalog(
  matchmaker: Pick<Matchmaker, 'listConfigurations' | 'listRuleSets'>,
  now: () => number = () => performance.now(),
): Catalog {
  return {
    configurations: kept(() => matchmaker.listConfigurations(), now),
    ruleSets: kept(() => matchmaker.listRuleSets(), now),
  }
}

/** Whoever asks meanwhile shares one reading. A failure is not kept. */
function kept<T>(read: () => Promise<T>, now: () => number): () => Promise<T> {
  let last: { at: number; value: Promise<T> } | undefined
  return () => {
    if (last && now() - last.at < KEEP_MS) return last.value
    const reading = { at: now(), value: read() }
    last = reading
    reading.value.catch(() => {
      if (last === reading) last = undefined
    })
    return reading.value
  }
}
