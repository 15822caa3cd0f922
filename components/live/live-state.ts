'use client'

import { useSyncExternalStore } from 'react'

/** What is known of the connection to the server. Times epoch ms of this browser. */
export interface LiveState {
  phase: 'connecting' | 'live' | 'lost'
  /** Last moment the stream said anything. */
  heardAt: number | null
  /** Since when changes may have been missed; null while none can be. */
  staleSince: number | null
}

const START: LiveState = { phase: 'connecting', heardAt: null, staleSince: null }
let state = START
const listeners = new Set<() => void>()

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
