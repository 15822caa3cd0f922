'use client'

import { clsx } from 'clsx'
import { FilterX, Inbox } from 'lucide-react'
import { BulkBar } from '#components/bulk/bulk-bar.tsx'
import { SelectPage } from '#components/bulk/selection.tsx'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { LiveList } from '#components/lists/live-list.tsx'
import { useHeldRows } from '#components/lists/use-held-rows.ts'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pager } from '#components/ui/pager.tsx'
import { Empty } from '#components/ui/states.tsx'
import { TABLE, TABLE_SCROLL, TH } from '#components/ui/table.ts'
import type { TicketFilter, TicketPage, TicketRow, TicketTab } from '#lib/tickets/views.ts'
import { ENDED_TABS, TAB_WORDS } from './status-words.ts'
import { changeFilter, narrows, ticketFilterQuery, UNNARROWED } from './ticket-filter.ts'
import { TicketTableRow } from './ticket-table-row.tsx'

const ticketIdOf = (row: TicketRow) => row.ticketId

export function TicketTable({ filter }: { filter: TicketFilter }) {
  const { environment } = useDesk()
  const query = useQuery(queries.tickets(environment.name, filter))
  return (
    <Loaded query={query} what="the tickets">
      {(page) => <Rows page={page} filter={filter} settled={!query.isPlaceholderData} />}
    </Loaded>
  )
}

/** `settled` is false while the rows are still those of the list before. */
function Rows({ page, filter, settled }: { page: TicketPage; filter: TicketFilter; settled: boolean }) {
  const { environment } = useDesk()
  const href = useHref()
  const address = ticketFilterQuery(filter)
  const { rows, missing, waiting, hold, showLatest } = useHeldRows(page.rows, ticketIdOf, settled ? address : null)
  const listed = rows.map(ticketIdOf)
  if (rows.length === 0) {
    return (
      <>
        <BulkBar filter={filter} listed={listed} />
        <NoTickets filter={filter} nextCursor={page.nextCursor} />
      </>
    )
  }
  return (
    <LiveList waiting={waiting} hold={hold} showLatest={showLatest}>
      <BulkBar filter={filter} listed={listed} />
      <div className={TABLE_SCROLL}>
        <table className={clsx(TABLE, 'md:min-w-[860px]')}>
          <caption className="sr-only">
            {TAB_WORDS[filter.tab]} tickets in {environment.name}, {filter.order} first
          </caption>
          <thead>
            <tr>
              <th scope="col" className={clsx(TH, 'w-8 pr-0!')}>
                <SelectPage ticketIds={listed} />
              </th>
              <th scope="col" className={clsx(TH, 'w-auto')}>
                Status
              </th>
              <th scope="col" className={TH}>
                Ticket
              </th>
              <th scope="col" className={clsx(TH, 'max-md:hidden')}>
                Kind
              </th>
              <th scope="col" className={clsx(TH, 'max-md:hidden')}>
                Configuration
              </th>
              <th scope="col" className={clsx(TH, 'max-md:hidden')}>
                Players
              </th>
              <th scope="col" className={clsx(TH, 'text-right')}>
                {hasEnded(filter.tab) ? 'Took' : 'Waiting'}
              </th>
              <th
                scope="col"
                aria-sort={filter.order === 'newest' ? 'descending' : 'ascending'}
                className={clsx(TH, 'text-right max-md:hidden')}
              >
                Started
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((ticket, index) => (
              // By place, not by id: while rows flow nobody is on one of them, and a table whose rows are rewritten in
              // place does not move; while somebody is on one, rows keep their places anyway.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <TicketTableRow key={index} row={ticket} left={missing.includes(ticket.ticketId)} />
            ))}
          </tbody>
        </table>
      </div>
      <Pager
        cursor={filter.cursor}
        nextCursor={page.nextCursor}
        hrefOf={(cursor) => href(`/tickets${ticketFilterQuery({ ...filter, cursor })}`)}
        newestFirst={filter.order === 'newest'}
        shown={rows.length}
      />
    </LiveList>
  )
}

function hasEnded(tab: TicketTab): boolean {
  return ENDED_TABS.some((ended) => ended === tab)
}

function NoTickets({ filter, nextCursor }: { filter: TicketFilter; nextCursor: string | null }) {
  const href = useHref()
  const { environment } = useDesk()
  const link = clsx(BUTTON_SHAPE, BUTTON_SIZES.medium, BUTTON_LOOKS.secondary)
  if (nextCursor !== null) {
    return (
      <Empty
        icon={FilterX}
        title="None of these matches the filter"
        action={
          <Link className={link} href={href(`/tickets${ticketFilterQuery({ ...filter, cursor: nextCursor })}`)}>
            Look further
          </Link>
        }
      >
        There are many of this id or player, and a page looks at 2,000 of them. There may be a match among the others.
      </Empty>
    )
  }
  if (narrows(filter) || filter.cursor !== null) {
    return (
      <Empty
        icon={FilterX}
        title="No ticket matches the filter"
        action={
          <Link className={link} href={href(`/tickets${ticketFilterQuery(changeFilter(filter, UNNARROWED))}`)}>
            Clear the filter
          </Link>
        }
      >
        Among {TAB_WORDS[filter.tab].toLowerCase()} tickets. Widen it, or look at all tickets.
      </Empty>
    )
  }
  if (filter.tab !== 'all') {
    return (
      <Empty
        icon={Inbox}
        title={
          filter.tab === 'open' ? 'No ticket is open right now' : `No ticket is ${TAB_WORDS[filter.tab].toLowerCase()}`
        }
        action={
          <Link className={link} href={href('/tickets?tab=all')}>
            Show all tickets
          </Link>
        }
      >
        It appears here by itself as soon as there is one.
      </Empty>
    )
  }
  return (
    <Empty icon={Inbox} title="No tickets yet">
      {environment.kind === 'local'
        ? `Start one: send StartMatchmaking to ${environment.endpoint}, or resume the demo traffic. It appears here by itself.`
        : 'None has been heard of in this environment. Check that its FlexMatch events reach Matchdesk.'}
    </Empty>
  )
}
