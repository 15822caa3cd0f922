'use client'

import { clsx } from 'clsx'
import { useNow } from '#components/ui/clock.tsx'
import type { SessionRow } from '#lib/tickets/views.ts'
import { knownFrom, standingOf } from './session-words.ts'

/** Its status as GameLift told it last. What may not hold any more looks and reads differently. */
export function StandingLabel({ session }: { session: SessionRow }) {
  const { word, sure, why } = standingOf(session.told, useNow())
  const good = sure && word === 'ACTIVE'
  const policy = session.told?.creationPolicy
  const hint = [why, policy && `New players: ${policy}.`, `Known from ${knownFrom(session)}.`].filter(Boolean).join(' ')
  return (
    <span
      title={hint}
      className={clsx('inline-flex items-center gap-1.5', good ? 'text-good' : sure ? 'text-muted' : 'text-faint')}
    >
      <span aria-hidden>{good ? '●' : '○'}</span>
      {word}
      <span className="sr-only">. {hint}</span>
    </span>
  )
}
