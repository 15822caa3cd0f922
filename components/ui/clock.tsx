'use client'

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import { isTimeZone } from './format-time.ts'

/** Seconds are shared: one timer for everything that ticks, stopped while nothing does. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let current = Date.now()
/** The server's clock minus ours: countdowns are the server's. */
let skewMs = 0

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!timer) {
    tick()
    timer = setInterval(tick, 1000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}
function tick(): void {
  current = Date.now() + skewMs
  for (const listener of listeners) listener()
}

/** Called with the time an answer says it is; small differences are the network's and ignored. */
export function setServerTime(serverMs: number): void {
  const skew = serverMs - Date.now()
  if (Math.abs(skew - skewMs) > 2000) skewMs = Math.abs(skew) > 2000 ? skew : 0
}

const ServerNow = createContext(0)
const Zone = createContext<{ zone: string; utc: boolean; setUtc: (utc: boolean) => void }>({
  zone: 'UTC',
  utc: true,
  setUtc: () => {},
})

/** The time now in epoch ms, ticking once a second; the server's moment of rendering until the page is live. */
export function useNow(): number {
  const serverNow = useContext(ServerNow)
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => serverNow,
  )
}

/** The zone times are shown in, and the switch between one's own and UTC. */
export function useZone() {
  return useContext(Zone)
}

const YEAR_SECONDS = 31_536_000
export function setPreference(name: 'theme' | 'zone' | 'utc', value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers we support
  document.cookie = `matchdesk-${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
}

interface ClockProviderProps {
  /** The server's moment of rendering, epoch ms. */
  serverNow: number
  /** The zone the browser told last time; null on a first visit. */
  zone: string | null
  utc: boolean
  children: ReactNode
}

/** The browser's zone travels in a cookie, so that the server renders the same clock times as the browser. */
export function ClockProvider({ serverNow, zone: known, utc: startsUtc, children }: ClockProviderProps) {
  const [own, setOwn] = useState(known && isTimeZone(known) ? known : 'UTC')
  const [utc, setUtcState] = useState(startsUtc)
  useEffect(() => {
    const actual = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (actual && actual !== known) {
      setPreference('zone', actual)
      setOwn(actual)
    }
  }, [known])
  const setUtc = useCallback((next: boolean) => {
    setPreference('utc', next ? '1' : '0')
    setUtcState(next)
  }, [])
  return (
    <ServerNow value={serverNow}>
      <Zone value={{ zone: utc ? 'UTC' : own, utc, setUtc }}>{children}</Zone>
    </ServerNow>
  )
}
