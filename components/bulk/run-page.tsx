'use client'

import { useEffect } from 'react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { TicketLink } from '#components/tickets/ticket-cells.tsx'
import { announce } from '#components/ui/announce.tsx'
import { Link } from '#components/ui/link.tsx'
import { Facts, Panel } from '#components/ui/panel.tsx'
import { Elapsed, Moment } from '#components/ui/time.tsx'
import type { BulkRunView } from '#lib/bulk/views.ts'
import { bulkTitle, nextSentence, STATE_WORDS, settledOf } from './bulk-words.ts'
import { ItemTable } from './item-table.tsx'
import type { ItemTab } from './item-tabs.ts'
import { Progress } from './progress.tsx'
import { RunControls } from './run-controls.tsx'
import { RunState } from './run-state.tsx'

interface RunPageProps {
  bulkId: string
  tab: ItemTab
  after: number | null
}

/** One run: how far it is, what failed first, what to press next, and each of its tickets. */
export function RunPage({ bulkId, tab, after }: RunPageProps) {
  const { environment } = useDesk()
  const query = useQuery(queries.bulkRun(environment.name, bulkId))
  return (
    <Loaded query={query} what="this run">
      {(run) => (
        <>
          <Run run={run} />
          <section aria-label="Tickets of this run" className="rounded-lg border bg-panel">
            <ItemTable bulkId={bulkId} action={run.action} tab={tab} after={after} />
          </section>
        </>
      )}
    </Loaded>
  )
}

function Run({ run }: { run: BulkRunView }) {
  const href = useHref()
  const { state, action, counts, total } = run
  const settled = settledOf(counts)
  useEffect(
    () => announce(`${STATE_WORDS[state]}: ${settled} of ${total} tickets have a result.`),
    [state, settled, total],
  )
  const otherRun = (bulkId: string, words: string) => (
    <Link href={href(`/bulk/${bulkId}`)} prefetch={false} className="text-accent hover:underline">
      {words}
    </Link>
  )
  return (
    <>
      <PageHeader
        title={
          <>
            {bulkTitle(action, total)}
            <RunState state={state} badge />
          </>
        }
        line={<span data-testid="next-step">{nextSentence(run)}</span>}
        actions={<RunControls run={run} />}
      />
      <div className="mb-5 grid gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Panel title={`${settled} of ${total} with a result`} aside={<Times run={run} />}>
          <Progress action={action} counts={counts} total={total} legend />
          {run.firstFailed.length > 0 && <FirstFailed run={run} />}
        </Panel>
        <Panel title="What was asked">
          <Facts
            items={[
              { name: 'By', value: <bdi>{run.by}</bdi> },
              { name: 'Begun', value: <Moment at={run.startedAt} /> },
              { name: 'Tickets', value: <bdi>{run.words}</bdi> },
              ...(run.reason === null ? [] : [{ name: 'Reason', value: <bdi>{run.reason}</bdi> }]),
              {
                name: 'Audit',
                value: (
                  <Link
                    href={`/audit?request=${encodeURIComponent(run.requestId)}`}
                    prefetch={false}
                    className="text-accent hover:underline"
                  >
                    every call of this run
                  </Link>
                ),
              },
              ...(run.more ? [{ name: 'Limit', value: 'More matched than one run takes.' }] : []),
              ...(run.retryOf === null
                ? []
                : [{ name: 'Tries again', value: otherRun(run.retryOf, 'what an earlier run left') }]),
              ...(run.retriedBy === null
                ? []
                : [{ name: 'Tried again', value: otherRun(run.retriedBy, 'by a newer run') }]),
            ]}
          />
        </Panel>
      </div>
    </>
  )
}

function Times({ run }: { run: BulkRunView }) {
  return (
    <span>
      {run.finishedAt === null ? 'for ' : 'took '}
      <Elapsed from={run.startedAt} to={run.finishedAt} />
    </span>
  )
}

function FirstFailed({ run }: { run: BulkRunView }) {
  return (
    <div className="mt-4 border-t pt-3">
      <h3 className="mb-1 text-sm font-semibold">What failed first</h3>
      <ul className="flex flex-col gap-1 text-sm">
        {run.firstFailed.map(({ position, ticketId, reason }) => (
          <li key={position} className="flex flex-wrap items-baseline gap-x-2">
            <TicketLink ticketId={ticketId} />
            <span className="min-w-0 text-muted [overflow-wrap:anywhere]">{reason}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
