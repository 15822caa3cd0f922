'use client'

import { clsx } from 'clsx'
import { useHref } from '#components/frame/desk.tsx'
import { STATUS_WORDS } from '#components/tickets/status-words.ts'
import { useTicketHref } from '#components/tickets/ticket-cells.tsx'
import { changeFilter, NO_FILTER, ticketFilterQuery } from '#components/tickets/ticket-filter.ts'
import { formatCount } from '#components/ui/format-time.ts'
import { Link } from '#components/ui/link.tsx'
import { TABLE, TABLE_SCROLL, TD, TH, TR } from '#components/ui/table.ts'
import { Elapsed } from '#components/ui/time.tsx'
import { OPEN_STATUSES } from '#lib/flexmatch/status.ts'
import type { OverviewView, TicketTab } from '#lib/tickets/views.ts'

const ENDED = ['COMPLETED', 'CANCELLED', 'TIMED_OUT', 'FAILED'] as const
const SMALL_HIDDEN = 'max-md:hidden'

/** Per configuration: what is open by status, the longest wait, and how tickets ended. Each number is its list. */
export function ConfigurationsTable({ rows }: { rows: OverviewView['configurations'] }) {
  const href = useHref()
  const ticketHref = useTicketHref()
  const listOf = (configuration: string, tab: TicketTab) =>
    href(`/tickets${ticketFilterQuery(changeFilter(NO_FILTER, { configuration, tab }))}`)

  return (
    <div className={TABLE_SCROLL}>
      <table className={TABLE}>
        <caption className="sr-only">Open tickets, oldest wait and outcomes of each configuration</caption>
        <thead>
          <tr>
            <th scope="col" className={TH}>
              Configuration
            </th>
            <th scope="col" className={clsx(TH, 'text-right')}>
              Open
            </th>
            <th scope="col" className={clsx(TH, 'text-right')}>
              Oldest wait
            </th>
            {[...OPEN_STATUSES, ...ENDED].map((status) => (
              <th key={status} scope="col" className={clsx(TH, 'text-right', SMALL_HIDDEN)}>
                {STATUS_WORDS[status]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ configuration, open, byStatus, oldestStartedAt, oldestTicketId }) => (
            <tr key={configuration} className={TR}>
              <th scope="row" className={clsx(TD, 'max-w-56 truncate text-left font-medium')} title={configuration}>
                <Link
                  className="hover:text-accent hover:underline"
                  href={listOf(configuration, 'open')}
                  prefetch={false}
                >
                  {configuration || 'not known yet'}
                </Link>
              </th>
              <td className={clsx(TD, 'text-right')}>{formatCount(open)}</td>
              <td className={clsx(TD, 'text-right')}>
                {oldestStartedAt === null || oldestTicketId === null ? (
                  <span className="text-faint">–</span>
                ) : (
                  <Link
                    className="hover:text-accent hover:underline"
                    href={ticketHref(oldestTicketId)}
                    prefetch={false}
                  >
                    <Elapsed from={oldestStartedAt} />
                  </Link>
                )}
              </td>
              {[...OPEN_STATUSES, ...ENDED].map((status) => {
                const count = byStatus[status] ?? 0
                return (
                  <td key={status} className={clsx(TD, 'text-right', SMALL_HIDDEN)}>
                    {count === 0 ? (
                      <span className="text-faint">0</span>
                    ) : (
                      <Link
                        className="hover:text-accent hover:underline"
                        href={listOf(configuration, status)}
                        prefetch={false}
                        aria-label={`${formatCount(count)} ${STATUS_WORDS[status].toLowerCase()} in ${configuration}`}
                      >
                        {formatCount(count)}
                      </Link>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
