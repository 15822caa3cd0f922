/** Server-sent events over a hub: the encoding, the heartbeat, and an end to every stream. */
import type { ServerResponse } from 'node:http'
import type { Answering } from '#lib/matchmaker/answering.ts'
import type { LiveChange } from './change.ts'
import type { LiveHub } from './hub.ts'

const BEAT_EVERY_MS = 15_000
const CHECK_SESSION_EVERY_MS = 60_000
const RETRY_MS = 2_000
/** A reader this far behind is not reading: it reconnects and refetches instead of filling memory. */
const MAX_MESSAGES_BEHIND = 64
const MAX_BYTES_BEHIND = 64_000

export interface StreamOptions {
  hub: Pick<LiveHub, 'subscribe' | 'isListening' | 'watchListening'>
  /** Whether the environment's GameLift answers: what comes from it is only as new as its last answer. */
  answering: Pick<Answering, 'outage' | 'watch'>
  environment: string
  /**
   * What the stream's bytes are written to in the end. As soon as its head is sent, and with it what the stream held, the
   * rest goes there directly. null: all goes through the stream.
   */
  response: Pick<ServerResponse, 'headersSent' | 'writableLength' | 'write' | 'destroy'> | null
  /** Aborted when the browser goes away. The stream's own cancel() is not called reliably, so only this ends it. */
  signal: AbortSignal
  /** Whether the person may still watch. Asked every 60 s; false ends the stream. */
  mayContinue: () => Promise<boolean>
  now: () => Date
  /** Called once, however the stream ends. */
  onEnd: () => void
}

export function encodeEvent(event: string, data: unknown): string {
  // JSON has no raw line breaks, so one data line is always enough.
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The hub hands the same change to everybody who listens: it is put into bytes once. For what is no Buffer each socket makes one. */
const encodedChanges = new WeakMap<LiveChange, Uint8Array>()

function encodedChange(change: LiveChange): Uint8Array {
  const known = encodedChanges.get(change)
  if (known) return known
  const bytes = Buffer.from(encodeEvent('change', change))
  encodedChanges.set(change, bytes)
  return bytes
}

/** `ready` once, `change` with a LiveChange for each hint, `beat` { at, listening, outage } every 15 s and when that changes. */
export function liveStream(options: StreamOptions): ReadableStream<Uint8Array> {
  const { hub, answering, environment, response, signal, mayContinue, now, onEnd } = options
  let end = () => {}
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let ended = false
      end = () => {
        if (ended) return
        ended = true
        unsubscribe()
        unwatch()
        unwatchAnswering()
        clearInterval(beat)
        clearInterval(check)
        signal.removeEventListener('abort', end)
        try {
          controller.close()
        } catch {
          // Already closed or errored by the reader's side.
        }
        onEnd()
      }
      const writeBytes = (bytes: Uint8Array) => {
        if (ended) return
        if (!response?.headersSent) {
          if ((controller.desiredSize ?? 0) < -MAX_MESSAGES_BEHIND) end()
          else controller.enqueue(bytes)
        } else if (response.writableLength > MAX_BYTES_BEHIND) {
          end()
          response.destroy() // or it would wait with all of that until the reader is gone
        } else {
          response.write(bytes)
        }
      }
      const write = (text: string) => writeBytes(Buffer.from(text))
      const beatData = () => ({ at: now().toISOString(), listening: hub.isListening(), outage: answering.outage() })
      const unsubscribe = hub.subscribe(environment, (change: LiveChange) => writeBytes(encodedChange(change)))
      const unwatch = hub.watchListening(() => write(encodeEvent('beat', beatData())))
      const unwatchAnswering = answering.watch(() => write(encodeEvent('beat', beatData())))
      const beat = setInterval(() => write(`: ping\n\n${encodeEvent('beat', beatData())}`), BEAT_EVERY_MS)
      const check = setInterval(async () => {
        // A database that cannot be asked cannot say no: the stream carries no data, and the next check decides.
        if (!(await mayContinue().catch(() => true))) end()
      }, CHECK_SESSION_EVERY_MS)
      beat.unref()
      check.unref()
      signal.addEventListener('abort', end)
      if (signal.aborted) return end()
      write(`retry: ${RETRY_MS}\n\n${encodeEvent('ready', beatData())}`)
    },
    cancel: () => end(),
  })
}

export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-content-type-options': 'nosniff',
}
