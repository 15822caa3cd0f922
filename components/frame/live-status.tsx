'use client'

import { clsx } from 'clsx'
import { CircleAlert, RefreshCw, Wifi } from 'lucide-react'
import { useEffect } from 'react'
import { useLiveState } from '#components/live/live-state.ts'
import { announce } from '#components/ui/announce.tsx'
import { useNow, useZone } from '#components/ui/clock.tsx'
import { formatAgo, formatClock } from '#components/ui/format-time.ts'

const STALE_AFTER_MS = 4_000

/** Whether what is on screen is current: live, trying again, or stale since when. */
export function LiveStatus() {
  const { phase, heardAt, staleSince } = useLiveState()
  const now = useNow()
  const { zone } = useZone()
  const stale = staleSince !== null && now - staleSince > STALE_AFTER_MS
  const word = stale
    ? 'stale'
    : phase === 'live' && staleSince === null
      ? 'live'
      : phase === 'connecting'
        ? 'connecting'
        : 'lost'

  useEffect(() => {
    if (word === 'stale') announce('Live updates stopped. What is shown may be out of date.')
  }, [word])

  const look = {
    live: { icon: Wifi, colour: 'text-good', text: 'Live' },
    connecting: { icon: RefreshCw, colour: 'text-muted', text: 'Connecting' },
    lost: { icon: RefreshCw, colour: 'text-warning', text: 'Reconnecting' },
    stale: { icon: CircleAlert, colour: 'text-bad', text: `Stale since ${formatClock(staleSince ?? now, zone)}` },
  }[word]
  const Icon = look.icon
  return (
    <span
      className={clsx('inline-flex items-center gap-1.5 text-xs whitespace-nowrap md:min-w-40', look.colour)}
      title={
        word === 'stale'
          ? 'Changes may be missing from this page. It is being reconnected and will be read again.'
          : 'Changes in GameLift appear here by themselves.'
      }
    >
      <Icon className="size-3.5" aria-hidden />
      <span>
        <span className="font-medium">{look.text}</span>
        {word === 'live' && heardAt !== null && (
          <span className="text-muted max-md:hidden"> · updated {formatAgo(now - heardAt)}</span>
        )}
      </span>
    </span>
  )
}
