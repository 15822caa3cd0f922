/** One LISTEN connection per process, fanned out to every open stream. */
import pg from 'pg'
import { LIVE_CHANNEL } from '#lib/tickets/notify.ts'
import { EVERY_ENVIRONMENT, everythingChanged, type LiveChange, parseChange } from './change.ts'
import { coalesce } from './coalesce.ts'

const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 5_000
/** A connection that died without a word is noticed this soon. */
const PROBE_EVERY_MS = 10_000

export interface LiveHub {
  /** Begins to listen; reconnects for as long as it takes. Resolves when the first connection listens. */
  start(): Promise<void>
  subscribe(environment: string, listener: (change: LiveChange) => void): () => void
  /** False while changes may be missed. After a gap every subscriber is told that everything changed. */
  isListening(): boolean
  /** Hears at once that environments changed, or may have while nothing was heard. */
  watchEnvironments(listener: () => void): () => void
  /** Hears at once when listening is lost or regained. */
  watchListening(listener: () => void): () => void
  subscriberCount(): number
  stop(): Promise<void>
}

export function createLiveHub(connectionString: string, onProblem: (error: Error) => void): LiveHub {
  const listeners = new Map<string, Set<(change: LiveChange) => void>>()
  const outgoing = coalesce((change) => {
    for (const listener of listeners.get(change.environment) ?? []) listener(change)
  })
  const watchers = new Set<() => void>()
  const environmentWatchers = new Set<() => void>()
  let client: pg.Client | undefined
  let listening = false
  let stopped = false
  let retryMs = FIRST_RETRY_MS
  let retry: NodeJS.Timeout | undefined
  let probe: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString,
      application_name: 'matchdesk live',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    })
    client = fresh
    fresh.on('notification', ({ payload }) => {
      const change = payload ? parseChange(payload) : null
      if (change) heard(change)
    })
    fresh.on('error', (error) => lost(fresh, error))
    fresh.on('end', () => lost(fresh, new Error('The connection ended.')))
    try {
      await fresh.connect()
      await fresh.query(`listen ${LIVE_CHANNEL}`)
    } catch (error) {
      lost(fresh, error as Error)
      return
    }
    if (stopped || client !== fresh) return
    setListening(true)
    retryMs = FIRST_RETRY_MS
    probe = setInterval(() => fresh.query('select 1').catch((error: Error) => lost(fresh, error)), PROBE_EVERY_MS)
    probe.unref()
    // Whatever happened before this moment was not heard.
    for (const watcher of environmentWatchers) watcher()
    for (const environment of listeners.keys()) outgoing.add(everythingChanged(environment))
  }

  function heard(change: LiveChange) {
    if (change.environments) for (const watcher of environmentWatchers) watcher()
    const concerned = change.environment === EVERY_ENVIRONMENT ? [...listeners.keys()] : [change.environment]
    for (const environment of concerned) outgoing.add({ ...change, environment })
  }

  function setListening(now: boolean) {
    if (now === listening) return
    listening = now
    for (const watcher of watchers) watcher()
  }

  function lost(lostClient: pg.Client, error: Error) {
    if (client !== lostClient) return
    client = undefined
    setListening(false)
    clearInterval(probe)
    lostClient.end().catch(() => {}) // it is broken already; this only frees the socket
    if (stopped) return
    onProblem(error)
    retry = setTimeout(connect, retryMs)
    retry.unref()
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }

  return {
    start: connect,
    subscribe(environment, listener) {
      const set = listeners.get(environment) ?? new Set()
      listeners.set(environment, set.add(listener))
      return () => {
        set.delete(listener)
        if (set.size === 0 && listeners.get(environment) === set) listeners.delete(environment)
      }
    },
    isListening: () => listening,
    watchEnvironments(listener) {
      environmentWatchers.add(listener)
      return () => environmentWatchers.delete(listener)
    },
    watchListening(listener) {
      watchers.add(listener)
      return () => watchers.delete(listener)
    },
    subscriberCount: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
    async stop() {
      stopped = true
      listening = false
      clearTimeout(retry)
      clearInterval(probe)
      outgoing.stop()
      const last = client
      client = undefined
      await last?.end().catch(() => {})
    },
  }
}
