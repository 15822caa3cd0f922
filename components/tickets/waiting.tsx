'use client'

import { Countdown, Elapsed } from '#components/ui/time.tsx'
import { isFinal } from '#lib/flexmatch/status.ts'
import type { TicketRow } from '#lib/tickets/views.ts'

type Timed = Pick<TicketRow, 'status' | 'startedAt' | 'endedAt' | 'updatedAt'>

/** How long the ticket has waited, ticking while it is open; how long it took once it has ended. */
export function Waiting({ ticket, className }: { ticket: Timed; className?: string }) {
  const ended = ticket.endedAt ?? (ticket.status === 'GONE' || isEnded(ticket) ? ticket.updatedAt : null)
  return <Elapsed from={ticket.startedAt} to={ended} className={className} />
}

function isEnded({ status }: Timed): boolean {
  return status !== 'GONE' && isFinal(status)
}

/** The time left to answer, where there is a question. */
export function AnswerTime({ ticket }: { ticket: Pick<TicketRow, 'status' | 'acceptanceDeadline'> }) {
  if (ticket.status !== 'REQUIRES_ACCEPTANCE' || ticket.acceptanceDeadline === null) return null
  return <Countdown until={ticket.acceptanceDeadline} className="text-attention" />
}
