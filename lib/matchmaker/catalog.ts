/** Configurations and rule sets as the service has them, read at most once in five seconds however many ask. */
import type { ConfigurationView, RuleSetView } from '#lib/tickets/views.ts'
import type { Matchmaker } from './matchmaker.ts'

const KEEP_MS = 5_000
/** What is only compared with is read again this rarely. */
const KNOWN_FOR_MS = 60_000

export interface Catalog {
  configurations(): Promise<ConfigurationView[]>
  /** As they were when they were last read, which is now begun if that is long ago; null if never. Waits for nothing. */
  knownConfigurations(): readonly ConfigurationView[] | null
  ruleSets(): Promise<RuleSetView[]>
}

export function createCatalog(
  matchmaker: Pick<Matchmaker, 'listConfigurations' | 'listRuleSets'>,
  now: () => number = () => performance.now(),
): Catalog {
  let known: { at: number; value: ConfigurationView[] | null } = { at: Number.NEGATIVE_INFINITY, value: null }
  const configurations = kept(async () => {
    known = { ...known, at: now() }
    const value = await matchmaker.listConfigurations()
    known = { at: now(), value }
    return value
  }, now)
  return {
    configurations,
    knownConfigurations() {
      if (now() - known.at >= KNOWN_FOR_MS) configurations().catch(() => {}) // asked again by the next look
      return known.value
    },
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
