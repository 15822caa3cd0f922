'use client'

import { clsx } from 'clsx'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { formatCount } from '#components/ui/format-time.ts'
import { Link } from '#components/ui/link.tsx'
import type { TicketFilter, TicketTab } from '#lib/tickets/views.ts'
import { STATUS_LOOKS } from './status-label.tsx'
import { ENDED_TABS, OPEN_TABS, TAB_WORDS } from './status-words.ts'
import { changeFilter, countsAreOfList, ticketFilterQuery } from './ticket-filter.ts'

/** All statuses with their counts, as links: a tab is an address. */
export function TicketTabs({ filter }: { filter: TicketFilter }) {
  const { environment } = useDesk()
  const href = useHref()
  const { data: counts } = useQuery(queries.counts(environment.name, filter))

  const tab = (name: TicketTab) => {
    const here = filter.tab === name
    const count = countsAreOfList(filter) ? counts?.[name] : undefined
    const look = name === 'open' || name === 'all' ? null : STATUS_LOOKS[name]
    return (
      <li key={name}>
        <Link
          href={href(`/tickets${ticketFilterQuery(changeFilter(filter, { tab: name }))}`)}
          prefetch={false}
          aria-current={here ? 'page' : undefined}
          className={clsx(
            'flex h-9 items-center gap-1.5 border-b-2 px-1.5 text-sm whitespace-nowrap',
            here ? 'border-accent font-medium text-text' : 'border-transparent text-muted hover:text-text',
          )}
        >
          {look && <look.icon className={clsx('size-3.5', look.colour)} aria-hidden />}
          {TAB_WORDS[name]}
          <span className={clsx('min-w-4 text-xs', here ? 'text-muted' : 'text-faint')}>
            {count === undefined ? '' : formatCount(count)}
          </span>
        </Link>
      </li>
    )
  }

  return (
    <nav aria-label="Tickets by status" className="overflow-x-auto border-b px-2">
      <ul className="flex items-center">
        {tab('all')}
        <li aria-hidden className="mx-1.5 h-4 border-l" />
        {OPEN_TABS.map(tab)}
        <li aria-hidden className="mx-1.5 h-4 border-l" />
        {ENDED_TABS.map(tab)}
      </ul>
    </nav>
  )
}
