'use client'

import { useSyncExternalStore } from 'react'
import type { OutageView } from '#lib/tickets/views.ts'

/** What is known of the connection to the server. Times epoch ms of this browser. */
export interface LiveState {
  phase: 'connecting' | 'live' | 'lost'
  /** Last moment the stream said anything. */
  heardAt: number | null
  /** Since when changes may have been missed; null while none can be. */
  staleSince: number | null
  /** False while the server that the stream comes from does not hear its database. */
  listening: boolean
  /** null while GameLift answers the server, as far as has been heard. */
  outage: OutageView | null
}

const START: LiveState = { phase: 'connecting', heardAt: null, staleSince: null, listening: true, outage: null }
let state = START
const listeners = new Set<() => void>()

const STALE_AFTER_MS = 4_000

/** Longer than a connection that broke takes to be made again. */
const DATABASE_SILENT_AFTER_MS = 2_000

/** Whether the server is there and its database is not: nothing on this page can be read again until it is. */
export function isDatabaseSilent({ phase, listening, staleSince }: LiveState, now: number): boolean {
  return phase === 'live' && !listening && staleSince !== null && now - staleSince > DATABASE_SILENT_AFTER_MS
}

/** How far what is on screen can be trusted: `lost` is being mended, `stale` has been lost for a while. `now` is epoch ms. */
export function trustOf({ phase, staleSince }: LiveState, now: number): 'live' | 'connecting' | 'lost' | 'stale' {
  if (staleSince !== null && now - staleSince > STALE_AFTER_MS) return 'stale'
  if (phase === 'connecting') return 'connecting'
  return phase === 'live' && staleSince === null ? 'live' : 'lost'
}

export function setLiveState(change: Partial<LiveState>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

export function liveState(): LiveState {
  return state
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
    () => START,
  )
}
