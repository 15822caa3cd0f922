'use client'

import { clsx } from 'clsx'
import { ClockFading, FlaskConical, Hourglass } from 'lucide-react'
import { useNow } from '#components/ui/clock.tsx'
import { formatAge } from '#components/ui/format-time.ts'
import type { FreshnessView, RequestedView } from '#lib/tickets/views.ts'

const REQUESTED: Record<RequestedView['action'], { text: string; colour: string }> = {
  cancel: { text: 'Cancel requested', colour: 'text-muted' },
  accept: { text: 'Accept requested', colour: 'text-good' },
  reject: { text: 'Reject requested', colour: 'text-bad' },
}

/** Asked for and not confirmed: a striped version of what it will become. */
export function RequestedMark({ requested, className }: { requested: RequestedView; className?: string }) {
  const { text, colour } = REQUESTED[requested.action]
  return (
    <span
      title={`Asked for by ${requested.by}. GameLift has not confirmed it yet.`}
      className={clsx(
        'hatched inline-flex h-5 items-center gap-1 rounded border border-dashed border-current/60 px-1.5 text-xs font-medium whitespace-nowrap',
        colour,
        className,
      )}
    >
      <Hourglass className="size-3" aria-hidden />
      {text} …
    </span>
  )
}

/** A small clock on what has not been confirmed lately, with its age. Nothing while all is well. */
export function FreshnessMark({ freshness }: { freshness: FreshnessView }) {
  const now = useNow()
  if (!freshness.stale && !freshness.presumed) return null
  const age = formatAge(now - Date.parse(freshness.confirmedAt))
  return (
    <span
      title={
        freshness.presumed
          ? `Presumed for ${age}: it follows from what is known; no event and no answer from GameLift has stated it yet.`
          : `No event or answer from GameLift has confirmed this lately. Last confirmed ${age} ago.`
      }
      className="inline-flex items-center gap-1 text-xs whitespace-nowrap text-warning"
      suppressHydrationWarning
    >
      <ClockFading className="size-3.5" aria-hidden />
      {freshness.presumed && 'presumed'}
      <span className="sr-only">{freshness.presumed ? ' for' : 'Last confirmed'} </span>
      {age}
    </span>
  )
}

/** On what did not come about by itself: forced in the local engine's lab, or following from what was. */
export function ForcedMark() {
  return (
    <span
      title="Somebody forced this in the engine’s lab, or the match that it belongs to."
      className="ml-1.5 inline-flex h-4 items-center gap-0.5 rounded border px-1 align-text-bottom text-xs whitespace-nowrap text-muted"
    >
      <FlaskConical className="size-3" aria-hidden />
      forced<span className="sr-only"> in the engine’s lab</span>
    </span>
  )
}
