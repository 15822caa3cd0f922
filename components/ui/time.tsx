'use client'

import { useNow, useZone } from './clock.tsx'
import {
  formatAbsolute,
  formatAgo,
  formatClockMs,
  formatCountdown,
  formatElapsed,
  formatMoment,
  secondsLeft,
} from './format-time.ts'

interface TimeProps {
  /** ISO 8601. */
  at: string
  className?: string
}

/** A moment: the clock for today, the date before; everything else on hover. */
export function Moment({ at, precise = false, className }: TimeProps & { precise?: boolean }) {
  const { zone } = useZone()
  const now = useNow()
  const ms = Date.parse(at)
  return (
    <time dateTime={at} title={formatAbsolute(ms, zone)} className={className} suppressHydrationWarning>
      {precise ? formatClockMs(ms, zone) : formatMoment(ms, now, zone)}
    </time>
  )
}

/** `3 s ago`, ticking. */
export function Ago({ at, className }: TimeProps) {
  const { zone } = useZone()
  const now = useNow()
  const ms = Date.parse(at)
  return (
    <time dateTime={at} title={formatAbsolute(ms, zone)} className={className} suppressHydrationWarning>
      {formatAgo(now - ms)}
    </time>
  )
}

/** Time from `from` to `to`, or to now while `to` is null. */
export function Elapsed({ from, to = null, className }: { from: string; to?: string | null; className?: string }) {
  const now = useNow()
  return (
    <span className={className} suppressHydrationWarning>
      {formatElapsed((to === null ? now : Date.parse(to)) - Date.parse(from))}
    </span>
  )
}

/** `18 s left`, ticking. */
export function Countdown({ until, className }: { until: string; className?: string }) {
  const now = useNow()
  return (
    <span className={className} suppressHydrationWarning>
      {formatCountdown(secondsLeft(Date.parse(until), now))}
    </span>
  )
}
