'use client'

import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { ChevronUp, FilterX, Inbox } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useRef } from 'react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { isShortcut } from '#components/frame/single-keys.ts'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { announce } from '#components/ui/announce.tsx'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from '#components/ui/button.tsx'
import { formatCount } from '#components/ui/format-time.ts'
import { Pager } from '#components/ui/pager.tsx'
import { Empty } from '#components/ui/states.tsx'
import { TABLE, TABLE_SCROLL, TH } from '#components/ui/table.ts'
import type { TicketFilter, TicketPage } from '#lib/tickets/views.ts'
import { TAB_WORDS } from './status-words.ts'
import { changeFilter, narrows, ticketFilterQuery } from './ticket-filter.ts'
import { TicketTableRow } from './ticket-table-row.tsx'
import { useHeldRows } from './use-held-rows.ts'

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
  const body = useRef<HTMLTableSectionElement>(null)
  const address = ticketFilterQuery(filter)
  const { rows, missing, waiting, hold, showLatest } = useHeldRows(page.rows, settled ? address : null)
  useRowKeys(body, showLatest)

  useEffect(() => {
    if (waiting > 0) announce(`${waiting} new in this list.`)
  }, [waiting])

  if (rows.length === 0) return <NoTickets filter={filter} />
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches whether somebody is reading
    <div
      className="relative"
      onPointerEnter={(event) => event.pointerType === 'mouse' && hold(true)}
      onPointerLeave={(event) => hold(event.currentTarget.contains(document.activeElement))}
      onFocus={() => hold(true)}
      onBlur={(event) =>
        !event.currentTarget.contains(event.relatedTarget) && hold(event.currentTarget.matches(':hover'))
      }
    >
      {waiting > 0 && (
        <button
          type="button"
          onClick={showLatest}
          className="absolute top-1 left-1/2 z-10 -translate-x-1/2 inline-flex h-6 items-center gap-1 rounded-full bg-accent-fill px-2.5 text-xs font-medium text-on-accent shadow-raised hover:bg-accent-fill-hover"
        >
          {formatCount(waiting)} new
          <ChevronUp className="size-3.5" aria-hidden />
        </button>
      )}
      <div className={TABLE_SCROLL}>
        <table className={clsx(TABLE, 'md:min-w-[860px]')}>
          <caption className="sr-only">
            {TAB_WORDS[filter.tab]} tickets in {environment.name}, {filter.order} first
          </caption>
          <thead>
            <tr>
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
                Waiting
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
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the link in the row is the keyboard's way */}
          <tbody ref={body} onClick={openRow}>
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
    </div>
  )
}

/** j and k walk the rows, `.` lets the waiting ones in; Enter is the link's own. */
function useRowKeys(body: React.RefObject<HTMLTableSectionElement | null>, showLatest: () => void) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!isShortcut(event)) return
      if (event.key === '.') showLatest()
      else if (event.key === 'j' || event.key === 'k') {
        const links = [...(body.current?.querySelectorAll<HTMLAnchorElement>('tr a') ?? [])]
        const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement))
        const next = event.key === 'j' ? at + 1 : at === -1 ? links.length - 1 : at - 1
        links[Math.max(0, Math.min(next, links.length - 1))]?.focus()
      } else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [body, showLatest])
}

/** A click anywhere in a row opens its ticket, unless it was on a control or selected text. */
function openRow(event: React.MouseEvent): void {
  const { target } = event
  if (!(target instanceof Element) || target.closest('a, button') || getSelection()?.isCollapsed === false) return
  target.closest('tr')?.querySelector('a')?.click()
}

function NoTickets({ filter }: { filter: TicketFilter }) {
  const href = useHref()
  const { environment } = useDesk()
  const link = clsx(BUTTON_SHAPE, BUTTON_SIZES.medium, BUTTON_LOOKS.secondary)
  if (narrows(filter) || filter.cursor !== null) {
    return (
      <Empty
        icon={FilterX}
        title="No ticket matches the filter"
        action={
          <Link
            className={link}
            href={href(
              `/tickets${ticketFilterQuery({ ...changeFilter(filter, {}), configuration: null, kind: null, playerId: null, ticketId: null, minAgeSeconds: null })}`,
            )}
          >
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
