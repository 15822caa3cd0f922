'use client'

import { clsx } from 'clsx'
import { SelectRow } from '#components/bulk/selection.tsx'
import { useDesk } from '#components/frame/desk.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { TD, TR } from '#components/ui/table.ts'
import { Moment } from '#components/ui/time.tsx'
import type { TicketRow } from '#lib/tickets/views.ts'
import { KIND_WORDS } from './status-words.ts'
import { PlayersCell, StatusCell, TicketLink } from './ticket-cells.tsx'
import { Waiting } from './waiting.tsx'

/**
 * One ticket of the list. A row that was kept in its place although its ticket has `left` the list follows that ticket
 * by itself, so that even it shows the truth.
 */
export function TicketTableRow({ row, left }: { row: TicketRow; left: boolean }) {
  const { environment } = useDesk()
  const { data: followed } = useQuery(queries.ticket(environment.name, left ? row.ticketId : null))
  const ticket: TicketRow = followed ?? row
  return (
    <tr className={clsx(TR, 'cursor-default', left && 'text-muted')}>
      <td className={clsx(TD, 'w-8 pr-0!')}>
        <SelectRow ticketId={row.ticketId} />
      </td>
      <td className={clsx(TD, 'md:w-[30%] md:max-w-0')}>
        <StatusCell ticket={ticket} />
      </td>
      <td className={TD} data-opens-row>
        <TicketLink ticketId={ticket.ticketId} />
        {left && <span className="ml-1 text-xs text-muted">left this list</span>}
      </td>
      <td className={clsx(TD, 'text-muted max-md:hidden')}>{KIND_WORDS[ticket.kind]}</td>
      <td className={clsx(TD, 'max-w-48 truncate max-md:hidden')} title={ticket.configuration}>
        {ticket.configuration || <span className="text-faint">not known yet</span>}
      </td>
      <td className={clsx(TD, 'max-md:hidden')}>
        <PlayersCell ticket={ticket} />
      </td>
      <td className={clsx(TD, 'text-right')}>
        <Waiting ticket={ticket} />
      </td>
      <td className={clsx(TD, 'text-right text-muted max-md:hidden')}>
        <Moment at={ticket.startedAt} />
      </td>
    </tr>
  )
}
