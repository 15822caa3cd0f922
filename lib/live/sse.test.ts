import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OutageView } from '#lib/tickets/views.ts'
import type { LiveChange } from './change.ts'
import { encodeEvent, liveStream } from './sse.ts'
import { createStreamLimits } from './stream-limits.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setting({ mayContinue = async () => true } = {}) {
  const listeners = new Set<(change: LiveChange) => void>()
  const watchers = new Set<() => void>()
  const waiting = new Set<() => void>()
  const abort = new AbortController()
  const state = { ended: 0, listening: true, outage: null as OutageView | null }
  const stream = liveStream({
    hub: {
      subscribe(_, listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      isListening: () => state.listening,
      watchListening(watcher) {
        watchers.add(watcher)
        return () => watchers.delete(watcher)
      },
    },
    answering: {
      outage: () => state.outage,
      watch(watcher) {
        waiting.add(watcher)
        return () => waiting.delete(watcher)
      },
    },
    environment: 'local',
    response: null,
    signal: abort.signal,
    mayContinue,
    now: () => new Date('2026-11-20T12:00:00Z'),
    onEnd: () => state.ended++,
  })
  const change = (id: string) => {
    for (const listener of [...listeners]) {
      listener({ environment: 'local', tickets: [id], matches: [], sessions: [], demo: false, environments: false })
    }
  }
  const setListening = (listening: boolean) => {
    state.listening = listening
    for (const watcher of watchers) watcher()
  }
  const setOutage = (outage: OutageView | null) => {
    state.outage = outage
    for (const watcher of waiting) watcher()
  }
  const reader = stream.getReader()
  const next = async () => {
    const { value, done } = await reader.read()
    return done ? null : new TextDecoder().decode(value)
  }
  return { listeners, watchers, waiting, setListening, setOutage, abort, state, reader, next, change }
}

describe('a live stream', () => {
  it('says that it is ready, then each change, then beats with the time of the server', async () => {
    const { next, change, state } = setting()
    expect(await next()).toBe(
      'retry: 2000\n\nevent: ready\ndata: {"at":"2026-11-20T12:00:00.000Z","listening":true,"outage":null}\n\n',
    )
    change('t-1')
    expect(await next()).toBe(
      'event: change\ndata: {"environment":"local","tickets":["t-1"],"matches":[],"sessions":[],"demo":false,"environments":false}\n\n',
    )
    state.listening = false
    await vi.advanceTimersByTimeAsync(15_000)
    expect(await next()).toBe(
      ': ping\n\nevent: beat\ndata: {"at":"2026-11-20T12:00:00.000Z","listening":false,"outage":null}\n\n',
    )
  })

  it('says at once that changes may be missed, and when they are heard again', async () => {
    const { next, setListening } = setting()
    await next()
    setListening(false)
    expect(await next()).toContain(
      'event: beat\ndata: {"at":"2026-11-20T12:00:00.000Z","listening":false,"outage":null}',
    )
    setListening(true)
    expect(await next()).toContain('"listening":true')
  })

  it('says at once that GameLift does not answer, and when it does again', async () => {
    const { next, setOutage } = setting()
    await next()
    setOutage({ since: '2026-11-20T12:00:00.000Z', message: 'no answer came' })
    expect(await next()).toContain('"outage":{"since":"2026-11-20T12:00:00.000Z","message":"no answer came"}')
    setOutage(null)
    expect(await next()).toContain('"outage":null')
  })

  it('leaves nothing behind when the browser goes away', async () => {
    const { abort, listeners, watchers, waiting, state, next } = setting()
    await next()
    abort.abort()
    expect(await next()).toBeNull()
    expect([listeners.size, watchers.size, waiting.size, state.ended, vi.getTimerCount()]).toEqual([0, 0, 0, 1, 0])
  })

  it('leaves nothing behind when the browser has gone before it began', async () => {
    const abort = AbortSignal.abort()
    let ended = 0
    liveStream({
      hub: { subscribe: () => () => {}, isListening: () => true, watchListening: () => () => {} },
      answering: { outage: () => null, watch: () => () => {} },
      environment: 'local',
      response: null,
      signal: abort,
      mayContinue: async () => true,
      now: () => new Date(),
      onEnd: () => ended++,
    })
    expect([ended, vi.getTimerCount()]).toEqual([1, 0])
  })

  it('drops a reader that does not read, instead of keeping everything for it', async () => {
    const { change, state, listeners } = setting()
    for (let n = 0; n < 200; n++) change(`t-${n}`)
    expect([state.ended, listeners.size, vi.getTimerCount()]).toEqual([1, 0, 0])
  })

  it('ends within a minute of the session', async () => {
    let signedIn = true
    const { state, listeners } = setting({ mayContinue: async () => signedIn })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(state.ended).toBe(0)
    signedIn = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect([state.ended, listeners.size, vi.getTimerCount()]).toEqual([1, 0, 0])
  })

  it('cannot be broken out of by what an id contains', () => {
    const text = encodeEvent('change', { tickets: ['a\n\nevent: ready\r\ndata: {}', '\u2028'] })
    expect(text.split('\n')).toHaveLength(4)
  })
})

describe('places for streams', () => {
  it('are limited for a session and for a person, and given back once', () => {
    const limits = createStreamLimits()
    const taken = Array.from({ length: 4 }, () => limits.take('s-1', 'ana'))
    expect(taken).not.toContain(null)
    expect(limits.take('s-1', 'ana')).toBeNull()
    taken[0]?.()
    taken[0]?.()
    expect(limits.take('s-1', 'ana')).not.toBeNull()
    expect(limits.take('s-1', 'ana')).toBeNull()
    for (const session of ['s-2', 's-3', 's-4', 's-5']) {
      for (let n = 0; n < 4; n++) expect(limits.take(session, 'ana')).not.toBeNull()
    }
    expect(limits.take('s-6', 'ana')).toBeNull()
    expect(limits.take('s-6', 'bo')).not.toBeNull()
  })
})
