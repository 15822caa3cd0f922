'use client'

import { clsx } from 'clsx'
import { Server } from 'lucide-react'
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
import { Ago } from '#components/ui/time.tsx'
import type { SessionPage, SessionRow } from '#lib/tickets/views.ts'
import { FleetReads } from './fleet-reads.tsx'
import { sessionName } from './session-name.ts'
import { playersShown } from './session-words.ts'
import { StandingLabel } from './standing-label.tsx'

const WIDE = 'max-md:hidden'
const idOf = (row: SessionRow) => row.gameSessionArn

export function SessionList({ cursor }: { cursor: string | null }) {
  const { environment } = useDesk()
  const query = useQuery(queries.sessions(environment.name, cursor))
  return (
    <>
      <PageHeader
        title="Game sessions"
        line="Game sessions of matches, and those the environment’s fleets list. Newest first."
      />
      {query.data && <FleetReads fleets={query.data.fleets} />}
      <div className="rounded-lg border bg-panel">
        <Loaded query={query} what="the game sessions">
          {(page) => <SessionRows page={page} cursor={cursor} />}
        </Loaded>
      </div>
    </>
  )
}

function SessionRows({ page, cursor }: { page: SessionPage; cursor: string | null }) {
  const href = useHref()
  const { rows, waiting, hold, showLatest } = useHeldRows(page.rows, idOf, cursor ?? '')
  if (rows.length === 0) {
    return (
      <Empty icon={Server} title={cursor === null ? 'No game session is known yet' : 'No older game sessions'}>
        A game session appears with the first match placed in it, or when a fleet that the environment names lists it.
        Standalone matches have none.
      </Empty>
    )
  }
  return (
    <LiveList waiting={waiting} hold={hold} showLatest={showLatest}>
      <div className={TABLE_SCROLL}>
        <table className={TABLE}>
          <caption className="sr-only">Game sessions, newest first</caption>
          <thead>
            <tr>
              <th scope="col" className={TH}>
                Game session
              </th>
              <th scope="col" className={TH}>
                Status
              </th>
              <th scope="col" className={clsx(TH, WIDE)}>
                Configuration
              </th>
              <th scope="col" className={clsx(TH, WIDE)}>
                Match
              </th>
              <th scope="col" className={clsx(TH, 'text-right')}>
                Players
              </th>
              <th scope="col" aria-sort="descending" className={clsx(TH, 'text-right')}>
                Created
              </th>
              <th scope="col" className={clsx(TH, WIDE, 'text-right')}>
                Last seen
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((session, index) => (
              // By place, as in the list of tickets: a table rewritten in place does not move.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <tr key={index} className={TR}>
                <td className={TD}>
                  <IdLink
                    href={href(`/sessions/${encodeURIComponent(session.gameSessionArn)}`)}
                    id={session.gameSessionArn}
                    shown={sessionName(session.gameSessionArn)}
                    what="Game session"
                    room="medium"
                    className="font-medium"
                  />
                </td>
                <td className={TD}>
                  <StandingLabel session={session} />
                </td>
                <td className={clsx(TD, WIDE, 'max-w-56 truncate')} title={session.configuration ?? undefined}>
                  {session.configuration ?? <span className="text-faint">not known</span>}
                </td>
                <td className={clsx(TD, WIDE)}>
                  {session.matchId === null ? (
                    <span className="text-faint">not known</span>
                  ) : (
                    <IdLink
                      href={href(`/matches/${encodeURIComponent(session.matchId)}`)}
                      id={session.matchId}
                      what="Match"
                      className="text-muted"
                    />
                  )}
                </td>
                <td className={clsx(TD, 'text-right')}>{playersShown(session)}</td>
                <td className={clsx(TD, 'text-right text-muted')}>
                  <Ago at={session.createdAt} />
                </td>
                <td className={clsx(TD, WIDE, 'text-right text-muted')}>
                  <Ago at={session.told?.seenAt ?? session.updatedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager
        cursor={cursor}
        nextCursor={page.nextCursor}
        hrefOf={(next) => href(next === null ? '/sessions' : `/sessions?cursor=${encodeURIComponent(next)}`)}
        newestFirst
        shown={rows.length}
      />
    </LiveList>
  )
}
