'use client'

import Link from 'next/link'
import { useHref } from '#components/frame/desk.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { IdText, middle } from '#components/ui/id-text.tsx'
import type { TicketRow } from '#lib/tickets/views.ts'
import { CAUSE_WORDS } from './cause-sentence.ts'
import { FreshnessMark, RequestedMark } from './marks.tsx'
import { StatusLabel } from './status-label.tsx'
import { AnswerTime } from './waiting.tsx'

export function useTicketHref(): (ticketId: string) => string {
  const href = useHref()
  return (ticketId) => href(`/tickets/${encodeURIComponent(ticketId)}`)
}

/** Status, what is asked of it, how old the knowledge is, and why, in that order of importance. */
export function StatusCell({ ticket, withCause = true }: { ticket: TicketRow; withCause?: boolean }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <StatusLabel status={ticket.status} />
      {ticket.requested && <RequestedMark requested={ticket.requested} />}
      <FreshnessMark freshness={ticket.freshness} />
      {withCause && !ticket.requested && (
        <span className="truncate text-muted max-md:hidden">
          {ticket.status === 'REQUIRES_ACCEPTANCE' ? <AnswerTime ticket={ticket} /> : shortCause(ticket)}
        </span>
      )}
    </span>
  )
}

/** The cause, left out where the status says it already. */
function shortCause({ status, cause }: TicketRow): string {
  if (cause === 'started' || cause === 'gone' || cause === 'proposed') return ''
  if (status === 'COMPLETED' || (status === 'TIMED_OUT' && cause === 'request-timed-out')) return ''
  return CAUSE_WORDS[cause]
}

export function TicketLink({ ticketId, length = 18 }: { ticketId: string; length?: number }) {
  const href = useTicketHref()
  return (
    <span className="inline-flex items-center gap-0.5">
      <Link
        href={href(ticketId)}
        prefetch={false}
        aria-label={`Ticket ${ticketId}`}
        className="inline-flex h-6 items-center font-medium hover:text-accent hover:underline"
      >
        <IdText id={ticketId} length={length} />
      </Link>
      <CopyButton text={ticketId} label={`ticket id ${middle(ticketId, 40)}`} />
    </span>
  )
}

/** `ana +4`, the rest on hover. */
export function PlayersCell({ ticket }: { ticket: Pick<TicketRow, 'playerIds' | 'playerCount'> }) {
  const [first, ...others] = ticket.playerIds
  if (first === undefined) return <span className="text-faint">none</span>
  const all = ticket.playerCount > ticket.playerIds.length ? [first, ...others, '…'] : [first, ...others]
  return (
    <span title={all.join(', ')}>
      <IdText id={first} length={16} />
      {ticket.playerCount > 1 && <span className="text-muted"> +{ticket.playerCount - 1}</span>}
    </span>
  )
}
