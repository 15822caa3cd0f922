'use client'

import { clsx } from 'clsx'
import { Boxes } from 'lucide-react'
import { useDesk, useHref } from '#components/frame/desk.tsx'
import { PageHeader } from '#components/frame/page-header.tsx'
import { LiveList } from '#components/lists/live-list.tsx'
import { useHeldRows } from '#components/lists/use-held-rows.ts'
import { Loaded } from '#components/live/loaded.tsx'
import { queries } from '#components/live/queries.ts'
import { useQuery } from '#components/live/use-query.tsx'
import { IdLink } from '#components/ui/id-link.tsx'
import { Pager } from '#components/ui/pager.tsx'
import { Empty } from '#components/ui/states.tsx'
import { TABLE, TABLE_SCROLL, TD, TH, TR } from '#components/ui/table.ts'
import { Ago, Countdown } from '#components/ui/time.tsx'
import type { MatchRow, PageOf } from '#lib/tickets/views.ts'
import { MatchStatusLabel } from './match-status.tsx'

const WIDE = 'max-md:hidden'
const idOf = (row: MatchRow) => row.matchId

export function MatchList({ cursor }: { cursor: string | null }) {
  const { environment } = useDesk()
  const query = useQuery(queries.matches(environment.name, cursor))
  return (
    <>
      <PageHeader title="Matches" line="Proposed matches, newest first, and what became of them." />
      <div className="rounded-lg border bg-panel">
        <Loaded query={query} what="the matches">
          {(page) => <MatchRows page={page} cursor={cursor} />}
        </Loaded>
      </div>
    </>
  )
}

function MatchRows({ page, cursor }: { page: PageOf<MatchRow>; cursor: string | null }) {
  const href = useHref()
  const { rows, waiting, hold, showLatest } = useHeldRows(page.rows, idOf, cursor ?? '')
  if (rows.length === 0) {
    return (
      <Empty icon={Boxes} title={cursor === null ? 'No match has been proposed yet' : 'No older matches'}>
        A match appears here as soon as FlexMatch proposes one.
      </Empty>
    )
  }
  return (
    <LiveList waiting={waiting} hold={hold} showLatest={showLatest}>
      <div className={TABLE_SCROLL}>
        <table className={TABLE}>
          <caption className="sr-only">Matches, newest first</caption>
          <thead>
            <tr>
              <th scope="col" className={TH}>
                Status
              </th>
              <th scope="col" className={TH}>
                Match
              </th>
              <th scope="col" className={clsx(TH, WIDE)}>
                Configuration
              </th>
              <th scope="col" className={clsx(TH, WIDE, 'text-right')}>
                Tickets
              </th>
              <th scope="col" className={clsx(TH, WIDE, 'text-right')}>
                Players
              </th>
              <th scope="col" aria-sort="descending" className={clsx(TH, 'text-right')}>
                Proposed
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((match, index) => (
              // By place, as in the list of tickets: a table rewritten in place does not move.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <tr key={index} className={TR}>
                <td className={TD}>
                  <span className="flex items-center gap-2">
                    <MatchStatusLabel status={match.status} />
                    {match.status === 'proposed' && match.acceptanceDeadline !== null && (
                      <Countdown until={match.acceptanceDeadline} className={clsx('text-attention', WIDE)} />
                    )}
                  </span>
                </td>
                <td className={TD}>
                  <IdLink
                    href={href(`/matches/${encodeURIComponent(match.matchId)}`)}
                    id={match.matchId}
                    what="Match"
                    className="font-medium"
                  />
                </td>
                <td className={clsx(TD, WIDE, 'max-w-56 truncate')} title={match.configuration}>
                  {match.configuration}
                </td>
                <td className={clsx(TD, WIDE, 'text-right')}>{match.ticketCount}</td>
                <td className={clsx(TD, WIDE, 'text-right')}>{match.playerCount}</td>
                <td className={clsx(TD, 'text-right text-muted')}>
                  <Ago at={match.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager
        cursor={cursor}
        nextCursor={page.nextCursor}
        hrefOf={(next) => href(next === null ? '/matches' : `/matches?cursor=${encodeURIComponent(next)}`)}
        newestFirst
        shown={rows.length}
      />
    </LiveList>
  )
}
