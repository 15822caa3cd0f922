'use client'

import { useEffect, useState } from 'react'
import { useDesk } from '#components/frame/desk.tsx'
import { useTicketHref } from '#components/tickets/ticket-cells.tsx'
import { Button } from '#components/ui/button.tsx'
import { IdText } from '#components/ui/id-text.tsx'
import { late } from '#components/ui/late.tsx'
import { Link } from '#components/ui/link.tsx'
import type { SessionView } from '#lib/tickets/views.ts'

const StartBackfillDialog = late(() =>
  import('./start-backfill-dialog.tsx').then((module) => module.StartBackfillDialog),
)

/** A backfill request by hand, prefilled from the session as it was read. */
export function StartBackfill({ session }: { session: SessionView }) {
  const { whyNot } = useDesk()
  const [open, setOpen] = useState(false)
  const [started, setStarted] = useState<string | null>(null)
  const ticketHref = useTicketHref()
  useEffect(StartBackfillDialog.soon, [])
  const unable =
    session.live === null
      ? 'The session cannot be read from GameLift now.'
      : session.live.status === 'ACTIVE'
        ? null
        : `The session is ${session.live.status}, so it takes no new players.`
  return (
    <>
      <Button disabledReason={whyNot['backfill.start'] ?? unable} onClick={() => setOpen(true)}>
        Start backfill
      </Button>
      {started !== null && (
        <p role="status" className="basis-full text-sm">
          Asked for: backfill ticket{' '}
          <Link href={ticketHref(started)} className="text-accent hover:underline">
            <IdText id={started} room="medium" />
          </Link>{' '}
          was accepted by GameLift.
        </p>
      )}
      {open && (
        <StartBackfillDialog
          when
          session={session}
          onClose={() => setOpen(false)}
          onStarted={(ticketId) => {
            setStarted(ticketId)
            setOpen(false)
          }}
        />
      )}
    </>
  )
}
