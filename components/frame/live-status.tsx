'use client'

import { clsx } from 'clsx'
import { CircleAlert, RefreshCw, TriangleAlert, Wifi } from 'lucide-react'
import { useEffect } from 'react'
import { isDatabaseSilent, trustOf, useLiveState } from '#components/live/live-state.ts'
import { announce } from '#components/ui/announce.tsx'
import { useNow, useZone } from '#components/ui/clock.tsx'
import { formatAgo, formatClock, formatMoment } from '#components/ui/format-time.ts'

/** Whether what is on screen is current: live, trying again, stale since when, or live from a GameLift that is silent. */
export function LiveStatus() {
  const live = useLiveState()
  const { heardAt, staleSince, outage } = live
  const now = useNow()
  const { zone } = useZone()
  const trust = trustOf(live, now)
  const word = isDatabaseSilent(live, now) ? 'database' : trust === 'live' && outage ? 'unanswered' : trust

  useEffect(() => {
    if (word === 'database') announce('The database does not answer. What is shown may be out of date.')
    if (word === 'stale') announce('Live updates stopped. What is shown may be out of date.')
    if (word === 'unanswered') announce('GameLift does not answer. What is shown may be out of date.')
  }, [word])

  const look = {
    live: { icon: Wifi, colour: 'text-good', text: 'Live' },
    unanswered: {
      icon: TriangleAlert,
      colour: 'text-warning',
      text: 'GameLift not answering',
    },
    connecting: { icon: RefreshCw, colour: 'text-muted', text: 'Connecting' },
    lost: { icon: RefreshCw, colour: 'text-warning', text: 'Reconnecting' },
    database: {
      icon: CircleAlert,
      colour: 'text-bad',
      text: `Database not answering since ${formatClock(staleSince ?? now, zone)}`,
    },
    stale: { icon: CircleAlert, colour: 'text-bad', text: `Stale since ${formatClock(staleSince ?? now, zone)}` },
  }[word]
  const Icon = look.icon
  return (
    <span
      className={clsx('inline-flex items-center gap-1.5 text-xs whitespace-nowrap md:min-w-40', look.colour)}
      title={
        word === 'database'
          ? 'Matchdesk cannot read or write. Events are refused, so that AWS brings them again; this page goes on by itself.'
          : word === 'stale'
            ? 'Changes may be missing from this page. It is being reconnected and will be read again.'
            : word === 'unanswered'
              ? `Events still appear by themselves, but GameLift does not answer: ${outage?.message}`
              : 'Changes in GameLift appear here by themselves.'
      }
    >
      <Icon className="size-3.5" aria-hidden />
      <span>
        {word === 'unanswered' && <span className="max-md:hidden">Live · </span>}
        <span className="font-medium">{look.text}</span>
        {word === 'unanswered' && outage && (
          <span className="max-md:hidden"> since {formatMoment(Date.parse(outage.since), now, zone)}</span>
        )}
        {word === 'live' && heardAt !== null && (
          <span className="text-muted max-md:hidden"> · updated {formatAgo(now - heardAt)}</span>
        )}
      </span>
    </span>
  )
}
