'use client'

import { useHref } from '#components/frame/desk.tsx'
import { IdLink } from '#components/ui/id-link.tsx'
import { IdText } from '#components/ui/id-text.tsx'
import type { TicketRow } from '#lib/tickets/views.ts'
import { CAUSE_WORDS } from './cause-words.ts'
import { Linked } from './linked.tsx'
import { FreshnessMark, RequestedMark } from './marks.tsx'
import { StatusLabel } from './status-label.tsx'
import { queuedAgain } from './superseded-words.ts'
import { AnswerTime } from './waiting.tsx'

export function useTicketHref(): (ticketId: string) => string {
  const href = useHref()
  return (ticketId) => href(`/tickets/${encodeURIComponent(ticketId)}`)
}

/** Status, what is asked of it, how old the knowledge is, and why, in that order of importance. */
export function StatusCell({ ticket, withCause = true }: { ticket: TicketRow; withCause?: boolean }) {
  return (
    <span className="flex min-w-0 items-center gap-x-2 max-md:flex-wrap">
      <StatusLabel status={ticket.status} />
      {ticket.requested && <RequestedMark requested={ticket.requested} />}
      <FreshnessMark freshness={ticket.freshness} />
      {withCause && !ticket.requested && (
        <span className="truncate text-muted max-md:hidden">
          {ticket.status === 'REQUIRES_ACCEPTANCE' ? <AnswerTime ticket={ticket} /> : <ShortCause ticket={ticket} />}
        </span>
      )}
    </span>
  )
}

/** The cause, left out where the status says it already. */
function ShortCause({ ticket: { status, cause, supersededBy } }: { ticket: TicketRow }) {
  if (supersededBy !== null) return <Linked text={queuedAgain(supersededBy)} />
  if (cause === 'started' || cause === 'gone' || cause === 'proposed') return ''
  if (status === 'COMPLETED' || (status === 'TIMED_OUT' && cause === 'request-timed-out')) return ''
  return CAUSE_WORDS[cause]
}

export function TicketLink({ ticketId }: { ticketId: string }) {
  const href = useTicketHref()
  return <IdLink href={href(ticketId)} id={ticketId} what="Ticket" room="row" className="font-medium" />
}

/** `ana +4`, the rest on hover. */
export function PlayersCell({ ticket }: { ticket: Pick<TicketRow, 'playerIds' | 'playerCount'> }) {
  const [first, ...others] = ticket.playerIds
  if (first === undefined) return <span className="text-faint">none</span>
  const all = ticket.playerCount > ticket.playerIds.length ? [first, ...others, '…'] : [first, ...others]
  return (
    <span title={all.join(', ')}>
      <IdText id={first} />
      {ticket.playerCount > 1 && <span className="text-muted"> +{ticket.playerCount - 1}</span>}
    </span>
  )
}
