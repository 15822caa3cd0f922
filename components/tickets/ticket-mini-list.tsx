'use client'

import type { TicketRow } from '#lib/tickets/views.ts'
import { KIND_WORDS } from './status-words.ts'
import { PlayersCell, StatusCell, TicketLink } from './ticket-cells.tsx'

/** Tickets beside something else: one line each. */
export function TicketMiniList({ tickets }: { tickets: readonly TicketRow[] }) {
  return (
    <ul>
      {tickets.map((ticket) => (
        <li
          key={ticket.ticketId}
          className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-0.5 border-t px-4 py-1 text-sm first:border-t-0 hover:bg-hover"
        >
          <TicketLink ticketId={ticket.ticketId} />
          <StatusCell ticket={ticket} withCause={false} />
          <span className="ml-auto flex items-center gap-3 text-muted">
            {ticket.kind !== 'new' && <span className="text-xs">{KIND_WORDS[ticket.kind]}</span>}
            <PlayersCell ticket={ticket} />
          </span>
        </li>
      ))}
    </ul>
  )
}
