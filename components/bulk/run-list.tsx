'use client'

import { clsx } from 'clsx'
import { ListChecks } from 'lucide-react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { LiveList } from '#components/lists/live-list.tsx'
import { useHeldRows } from '#components/lists/use-held-rows.ts'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { BUTTON_LOOKS, BUTTON_SHAPE, BUTTON_SIZES } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pager } from '#components/ui/pager.tsx'
import { Empty } from '#components/ui/states.tsx'
import { TABLE, TABLE_SCROLL, TD, TH, TR } from '#components/ui/table.ts'
import { Ago } from '#components/ui/time.tsx'
import type { BulkRunRow } from '#lib/bulk/views.ts'
import type { PageOf } from '#lib/tickets/views.ts'
import { bulkTitle, settledOf } from './bulk-words.ts'
import { Progress } from './progress.tsx'
import { RunState } from './run-state.tsx'

const WIDE = 'max-md:hidden'
const idOf = (row: BulkRunRow) => row.bulkId

export function RunList({ cursor }: { cursor: string | null }) {
  const { environment } = useDesk()
  const query = useQuery(queries.bulkRuns(environment.name, cursor))
  return (
    <>
      <PageHeader title="Bulk runs" line="What was done to many tickets at once, newest first, and what came of it." />
      <div className="rounded-lg border bg-panel">
        <Loaded query={query} what="the bulk runs">
          {(page) => <Runs page={page} cursor={cursor} />}
        </Loaded>
      </div>
    </>
  )
}

function Runs({ page, cursor }: { page: PageOf<BulkRunRow>; cursor: string | null }) {
  const href = useHref()
  const { rows, waiting, hold, showLatest } = useHeldRows(page.rows, idOf, cursor ?? '')
  if (rows.length === 0) {
    return (
      <Empty
        icon={ListChecks}
        title={cursor === null ? 'No run yet' : 'No older runs'}
        action={
          <Link className={clsx(BUTTON_SHAPE, BUTTON_SIZES.medium, BUTTON_LOOKS.secondary)} href={href('/tickets')}>
            Go to the tickets
          </Link>
        }
      >
        Select tickets in their list, or take all that it lists, to cancel or answer for many at once.
      </Empty>
    )
  }
  return (
    <LiveList waiting={waiting} hold={hold} showLatest={showLatest}>
      <div className={TABLE_SCROLL}>
        <table className={TABLE}>
          <caption className="sr-only">Bulk runs, newest first</caption>
          <thead>
            <tr>
              <th scope="col" className={TH}>
                State
              </th>
              <th scope="col" className={TH}>
                Run
              </th>
              <th scope="col" className={clsx(TH, WIDE, 'w-[20%]')}>
                Progress
              </th>
              <th scope="col" className={clsx(TH, WIDE)}>
                Tickets
              </th>
              <th scope="col" className={clsx(TH, WIDE)}>
                By
              </th>
              <th scope="col" aria-sort="descending" className={clsx(TH, 'text-right')}>
                Begun
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((run) => (
              <tr key={run.bulkId} className={TR}>
                <td className={TD}>
                  <span className="flex items-center">
                    <RunState state={run.state} />
                  </span>
                </td>
                <td className={TD} data-opens-row>
                  <Link
                    href={href(`/bulk/${run.bulkId}`)}
                    prefetch={false}
                    className="inline-flex min-h-6 items-center font-medium hover:text-accent hover:underline"
                  >
                    {bulkTitle(run.action, run.total)}
                  </Link>
                </td>
                <td className={clsx(TD, WIDE)}>
                  <span className="flex items-center gap-2">
                    <span className="w-24 shrink-0">
                      <Progress action={run.action} counts={run.counts} total={run.total} />
                    </span>
                    <span className="text-muted tabular-nums">
                      {settledOf(run.counts)}/{run.total}
                      {run.counts.failed > 0 && <span className="text-bad"> · {run.counts.failed} failed</span>}
                    </span>
                  </span>
                </td>
                <td className={clsx(TD, WIDE, 'max-w-64 truncate text-muted')} title={run.words}>
                  {run.words}
                </td>
                <td className={clsx(TD, WIDE, 'max-w-40 truncate')}>{run.by}</td>
                <td className={clsx(TD, 'text-right text-muted')}>
                  <Ago at={run.startedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager
        cursor={cursor}
        nextCursor={page.nextCursor}
        hrefOf={(next) => href(next === null ? '/bulk' : `/bulk?cursor=${encodeURIComponent(next)}`)}
        newestFirst
        shown={rows.length}
      />
    </LiveList>
  )
}
