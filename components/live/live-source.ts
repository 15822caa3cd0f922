import type { LiveChange } from '#lib/live/change.ts'
import type { OutageView } from '#lib/tickets/views.ts'

export type LiveMessage =
  | { type: 'opened' }
  /** Something came; `listening` is false while the server itself may be missing changes, `outage` is GameLift's. */
  | { type: 'heard'; listening: boolean; outage: OutageView | null }
  | { type: 'change'; change: LiveChange }
  | { type: 'lost' }

/** The server beats every 15 s: two beats missed means that nobody is there, whatever the socket says. */
const SILENT_MS = 40_000
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 4_000

/** One stream of hints, reopened for as long as it takes. Returns how to end it. */
function openStream(environment: string, deliver: (message: LiveMessage) => void): () => void {
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let retryMs = FIRST_RETRY_MS
  let heardAt = Date.now()

  function open() {
    heardAt = Date.now()
    source = new EventSource(`/api/live?environment=${encodeURIComponent(environment)}`)
    source.addEventListener('open', () => {
      retryMs = FIRST_RETRY_MS
      deliver({ type: 'opened' })
    })
    source.addEventListener('ready', heard)
    source.addEventListener('beat', heard)
    source.addEventListener('change', (event) => {
      heardAt = Date.now()
      deliver({ type: 'change', change: JSON.parse(event.data) as LiveChange })
    })
    source.addEventListener('error', lost)
  }
  function heard(event: MessageEvent<string>) {
    heardAt = Date.now()
    const { listening, outage } = JSON.parse(event.data) as { listening?: boolean; outage?: OutageView | null }
    deliver({ type: 'heard', listening: listening !== false, outage: outage ?? null })
  }
  function lost() {
    source?.close()
    deliver({ type: 'lost' })
    clearTimeout(retry)
    retry = setTimeout(open, retryMs * (0.75 + Math.random() / 2))
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }

  open()
  const watchdog = setInterval(() => {
    if (Date.now() - heardAt > SILENT_MS) lost()
  }, 5_000)
  return () => {
    clearInterval(watchdog)
    clearTimeout(retry)
    source?.close()
  }
}

/**
 * Hints for this tab. Browsers allow few connections to one address, so all tabs of one environment share the stream of
 * whichever holds the lock; when that tab closes, the next one opens its own. Without locks each tab has its own.
 */
export function connectLive(environment: string, deliver: (message: LiveMessage) => void): () => void {
  if (!navigator.locks || typeof BroadcastChannel === 'undefined') return openStream(environment, deliver)

  const name = `matchdesk live ${environment}`
  const channel = new BroadcastChannel(name)
  const leaving = new AbortController()
  let leading = false
  let stop = () => {}
  let last: LiveMessage = { type: 'lost' }
  let heard: LiveMessage | null = null

  channel.addEventListener('message', ({ data }: MessageEvent<LiveMessage | { type: 'hello' }>) => {
    if (data.type !== 'hello') deliver(data)
    // A tab that has just come hears at once whether the stream stands.
    else if (leading) {
      channel.postMessage(last.type === 'lost' ? last : { type: 'opened' })
      if (last.type !== 'lost' && heard) channel.postMessage(heard)
    }
  })
  channel.postMessage({ type: 'hello' })

  navigator.locks
    .request(name, { signal: leaving.signal }, () => {
      leading = true
      const stream = openStream(environment, (message) => {
        last = message
        if (message.type === 'heard') heard = message
        deliver(message)
        channel.postMessage(message)
      })
      return new Promise<void>((release) => {
        stop = () => {
          stream()
          release()
        }
      })
    })
    .catch(() => {
      // Aborted while waiting in line: this tab is closing.
    })
  return () => {
    leaving.abort()
    stop()
    channel.close()
  }
}
