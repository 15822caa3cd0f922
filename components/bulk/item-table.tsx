'use client'

import { clsx } from 'clsx'
import { ListChecks } from 'lucide-react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { StatusLabel } from '#components/tickets/status-label.tsx'
import { TicketLink } from '#components/tickets/ticket-cells.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pager } from '#components/ui/pager.tsx'
import { Empty } from '#components/ui/states.tsx'
import { TABLE, TABLE_SCROLL, TD, TH, TR } from '#components/ui/table.ts'
import { Moment } from '#components/ui/time.tsx'
import type { BulkAction, BulkItemView, BulkResult } from '#lib/bulk/views.ts'
import { RESULT_LINES, resultWords } from './bulk-words.ts'
import { ITEM_TABS, type ItemTab } from './item-tabs.ts'

const COLOURS: Partial<Record<BulkResult, string>> = {
  done: 'text-good',
  'too-late': 'text-attention',
  failed: 'text-bad',
  unknown: 'text-warning',
  asking: 'text-motion',
}
const WIDE = 'max-md:hidden'

interface ItemTableProps {
  bulkId: string
  action: BulkAction
  tab: ItemTab
  /** Position of the last row of the page before. */
  after: number | null
}

/** Each ticket of the run, what came of it, and where the ticket is now. */
export function ItemTable({ bulkId, action, tab, after }: ItemTableProps) {
  const { environment } = useDesk()
  const href = useHref()
  const query = useQuery(queries.bulkItems(environment.name, bulkId, tab, after))
  const address = (rest: { tab?: ItemTab; after?: string }) => {
    const parameters = new URLSearchParams({
      ...(rest.tab !== 'all' && rest.tab && { show: rest.tab }),
      ...(rest.after && { after: rest.after }),
    })
    return href(`/bulk/${bulkId}${parameters.size > 0 ? `?${parameters}` : ''}`)
  }
  return (
    <>
      <nav aria-label="Tickets by result" className="overflow-x-auto border-b px-2">
        <ul className="flex items-center">
          {ITEM_TABS.map(({ name, words }) => (
            <li key={name}>
              <Link
                href={address({ tab: name })}
                prefetch={false}
                aria-current={tab === name ? 'page' : undefined}
                className={clsx(
                  'flex h-9 items-center border-b-2 px-2 text-sm whitespace-nowrap',
                  tab === name
                    ? 'border-accent font-medium text-text'
                    : 'border-transparent text-muted hover:text-text',
                )}
              >
                {words}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Loaded query={query} what="the tickets of this run">
        {(page) =>
          page.rows.length === 0 ? (
            <Empty icon={ListChecks} title="No ticket of this run has such a result" />
          ) : (
            <>
              <Rows rows={page.rows} action={action} />
              <Pager
                cursor={after === null ? null : String(after)}
                nextCursor={page.next === null ? null : String(page.next)}
                hrefOf={(next) => address({ tab, ...(next !== null && { after: next }) })}
                newestFirst={false}
                shown={page.rows.length}
              />
            </>
          )
        }
      </Loaded>
    </>
  )
}

function Rows({ rows, action }: { rows: readonly BulkItemView[]; action: BulkAction }) {
  return (
    <div className={TABLE_SCROLL}>
      <table className={TABLE}>
        <caption className="sr-only">Tickets of this run, in its order</caption>
        <thead>
          <tr>
            <th scope="col" className={TH}>
              Result
            </th>
            <th scope="col" className={TH}>
              Ticket
            </th>
            <th scope="col" className={clsx(TH, WIDE)}>
              Ticket now
            </th>
            <th scope="col" className={clsx(TH, WIDE, 'w-[45%]')}>
              Why
            </th>
            <th scope="col" className={clsx(TH, 'text-right')}>
              Asked
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((item) => (
            <tr key={item.position} className={TR}>
              <td className={TD}>
                <ItemResult action={action} item={item} />
              </td>
              <td className={TD}>
                <TicketLink ticketId={item.ticketId} />
              </td>
              <td className={clsx(TD, WIDE)}>
                {item.status === null ? (
                  <span className="text-faint">not known</span>
                ) : (
                  <span className="flex items-center">
                    <StatusLabel status={item.status} />
                  </span>
                )}
              </td>
              <td className={clsx(TD, WIDE, 'max-w-0 truncate text-muted')} title={item.reason ?? undefined}>
                {item.reason}
              </td>
              <td className={clsx(TD, 'text-right text-muted')}>
                {item.askedAt === null ? <span className="text-faint">not yet</span> : <Moment at={item.askedAt} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function ItemResult({ action, item }: { action: BulkAction; item: BulkItemView }) {
  return (
    <span title={RESULT_LINES[item.result]} className={clsx('font-medium', COLOURS[item.result] ?? 'text-muted')}>
      {resultWords(action, item.result)}
      {item.tries > 1 && <span className="font-normal text-muted"> · {item.tries} tries</span>}
    </span>
  )
}
